//! The ways in which a vendor can be shown who we are, as the settings choose one.

use http::HeaderName;

use super::grant::Grant;
use super::value::ValueSource;
use crate::secret::SecretSource;
use crate::settings::node::CredentialValue;

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

    /// Whether calls bear a token that is fetched, rather than a credential that is fixed.
    #[must_use]
    pub const fn fetches_tokens(&self) -> bool {
        matches!(self, Self::OAuth2ClientCredentials(_))
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
