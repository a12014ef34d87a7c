//! `auth`: how we show a vendor who we are.

mod credential;
mod fields;
mod free_names;
mod grant;
mod header;
mod masked;
mod open_secret;
mod rows;
mod value;

use super::key::{Variant, Variants, variants};
use super::node::Node;
pub use credential::{Auth, FieldPlace};
pub use grant::{ClientAuthentication, Grant};
pub use header::read_headers;
pub use masked::{MASK, Masked, encoded};
pub use open_secret::refuse_open_secret;
use rows::{KIND, NAME, VALUE};
pub use value::ValueSource;

/// What the rows of `auth` are, by its `kind`.
pub static AUTH: Variants = variants(
    "auth",
    &[
        Variant {
            kinds: &["header"],
            rows: &[&KIND.row, &NAME.row, &VALUE, &header::PREFIX.row],
        },
        Variant {
            kinds: &["headers"],
            rows: &[&KIND.row, &header::HEADERS.row],
        },
        Variant {
            kinds: &["query", "form"],
            rows: &[&KIND.row, &NAME.row, &VALUE],
        },
        Variant {
            kinds: &["query", "form"],
            rows: &[&KIND.row, &fields::FIELDS.row],
        },
        Variant {
            kinds: &["oauth2_client_credentials"],
            rows: grant::ROWS,
        },
        Variant {
            kinds: &["none"],
            rows: &[&KIND.row],
        },
    ],
    "how the vendor is shown who we are",
);

/// `upstream` is the section of one vendor. `None`: refused.
pub fn read(upstream: &Node<'_>) -> Option<Auth> {
    let (node, kind) = upstream.variant(&AUTH, &KIND)?;
    match kind {
        "header" => header::read(&node),
        "headers" => header::read_several(&node),
        "query" => fields::read(&node, FieldPlace::Query),
        "form" => fields::read(&node, FieldPlace::Form),
        "oauth2_client_credentials" => {
            let grant = grant::read(&node)?;
            Some(Auth::OAuth2ClientCredentials(Box::new(grant)))
        }
        _ => Some(Auth::None),
    }
}
