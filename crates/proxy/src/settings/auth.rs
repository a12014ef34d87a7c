//! `auth`: how we show a vendor who we are.

mod fields;
mod grant;
mod header;
mod masked;
mod open_secret;

use http::HeaderName;

use super::key::{Key, Need, Row, Variant, Variants, secret, text, variants};
use super::node::{CredentialValue, Node};
use crate::secret::SecretSource;
pub use grant::{ClientAuthentication, Grant};
pub use masked::{MASK, Masked, encoded};
pub use open_secret::refuse_open_secret;

#[derive(Debug, Clone, PartialEq)]
pub enum Auth {
    None,
    /// One header with a secret.
    Header {
        name: HeaderName,
        /// Stands before the secret, its blank included: `Token `.
        prefix: String,
        value: SecretSource,
    },
    /// Several headers, plain or secret.
    Headers(Vec<(HeaderName, CredentialValue)>),
    /// Fields of the query or of the form of each call, at least one.
    Fields {
        place: FieldPlace,
        fields: Vec<(String, CredentialValue)>,
    },
    /// RFC 6749 §4.4.
    OAuth2ClientCredentials(Box<Grant>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldPlace {
    Query,
    Form,
}

impl FieldPlace {
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::Form => "form",
        }
    }
}

/// A value as it stands in the settings.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ValueSource<'a> {
    Literal(&'a str),
    Secret(&'a SecretSource),
}

impl<'a> From<&'a CredentialValue> for ValueSource<'a> {
    fn from(value: &'a CredentialValue) -> Self {
        match value {
            CredentialValue::Literal(text) => Self::Literal(text.as_str()),
            CredentialValue::Secret(source) => Self::Secret(source),
        }
    }
}

impl Auth {
    /// Every value, always in the same order.
    #[must_use]
    pub fn values(&self) -> Vec<ValueSource<'_>> {
        match self {
            Self::None => Vec::new(),
            Self::Header { value, .. } => vec![ValueSource::Secret(value)],
            Self::Headers(headers) => headers.iter().map(|(_, value)| value.into()).collect(),
            Self::Fields { fields, .. } => fields.iter().map(|(_, value)| value.into()).collect(),
            Self::OAuth2ClientCredentials(grant) => grant.values(),
        }
    }

    /// Whether the values go into header fields as they are. A token request encodes them, and so do query
    /// and form.
    #[must_use]
    pub const fn is_in_header(&self) -> bool {
        matches!(self, Self::Header { .. } | Self::Headers(_))
    }

    /// Every secret.
    #[must_use]
    pub fn secrets(&self) -> Vec<&SecretSource> {
        let secret = |value| match value {
            ValueSource::Secret(source) => Some(source),
            ValueSource::Literal(_) => None,
        };
        self.values().into_iter().filter_map(secret).collect()
    }
}

static KIND: Key<String> = text(
    "kind",
    Need::Required,
    "`header`, `headers`, `query`, `form`, `oauth2_client_credentials` or `none` ([below](#who-we-are-to-a-vendor))",
);
static NAME: Key<String> = text(
    "name",
    Need::Required,
    "of `header`, `query` and `form`: the name of the field",
);
static VALUE: Row = secret("value", "of `header`, `query` and `form`: the secret");

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
