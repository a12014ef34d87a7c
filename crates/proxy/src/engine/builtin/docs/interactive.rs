//! `/docs`: Swagger UI over the served document.

use contract::Plan;
use http::HeaderValue;

use super::html::Text;

/// Scripts and styles are ours alone, and the page calls no other machine. Swagger UI draws its arrows by
/// `data:` images.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The Content-Security-Policy of the page.
pub const fn policy() -> HeaderValue {
    HeaderValue::from_static(POLICY)
}

/// The whole page. Its addresses are relative, so that it works behind a proxy below any path.
#[must_use]
pub fn page(plan: &Plan) -> String {
    format!(
        include_str!("../files/docs.html"),
        title = Text(&plan.title),
        version = Text(&plan.version),
    )
}
