//! The header fields that all vendor calls of one operation have.

use contract::Binding;
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue};

use crate::upstream::Upstream;

/// What the contract types, and what the settings fix: they have the last word.
pub fn vendor_fields(binding: &Binding, upstream: &dyn Upstream) -> HeaderMap {
    let mut fields = HeaderMap::new();
    fields.insert(
        ACCEPT,
        HeaderValue::from_static(binding.answer.encoding.accept()),
    );
    if let Some(request) = &binding.request {
        fields.insert(
            CONTENT_TYPE,
            HeaderValue::from_static(request.encoding.content_type()),
        );
    }
    for (name, value) in upstream.fixed_headers() {
        fields.insert(name.clone(), value.clone());
    }
    fields
}
