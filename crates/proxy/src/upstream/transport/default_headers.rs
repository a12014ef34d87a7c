//! The header fields that every vendor call has of us, the token's too.

use http::header::{ACCEPT_ENCODING, USER_AGENT};
use http::{HeaderMap, HeaderName, HeaderValue, Method};

/// RFC 9110 §10.1.5.
const AGENT: &str = concat!("lms-gateway/", env!("CARGO_PKG_VERSION"));

/// Our fields with the settings' values of the same names. Answers are small and near: nothing is won by
/// codings, and a vendor that is told so sends none (RFC 9110 §12.5.3).
#[must_use]
pub fn default_headers(settings: &[(HeaderName, HeaderValue)]) -> HeaderMap {
    let mut fields = HeaderMap::new();
    fields.insert(USER_AGENT, HeaderValue::from_static(AGENT));
    fields.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    for (name, value) in settings {
        if let Some(ours) = fields.get_mut(name) {
            *ours = value.clone();
        }
    }
    fields
}

/// The `Content-Length` of a call: also of no body, where the method means one (RFC 9110 §8.6).
#[must_use]
pub fn content_length(method: &Method, body: usize) -> Option<usize> {
    let means_one = matches!(*method, Method::POST | Method::PUT | Method::PATCH);
    (body > 0 || means_one).then_some(body)
}
