//! What a call bears of us, with `***` for every value: what `explain` shows.

use http::HeaderName;

use super::credential::{Auth, FieldPlace};

/// What a call bears, secrets masked: what `explain` shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Masked {
    pub headers: Vec<(String, String)>,
    /// Encoded as in the request.
    pub query: Vec<String>,
    pub form: Vec<String>,
}

/// Stands for a value that is not shown.
pub const MASK: &str = "***";

impl Auth {
    #[must_use]
    pub fn masked(&self) -> Masked {
        let header =
            |name: &HeaderName, prefix: &str| (name.to_string(), format!("{prefix}{MASK}"));
        let mut masked = Masked::default();
        match self {
            Self::None => {}
            Self::Header { name, prefix, .. } => masked.headers.push(header(name, prefix)),
            Self::Headers(headers) => {
                masked
                    .headers
                    .extend(headers.iter().map(|(name, _)| header(name, "")));
            }
            Self::Fields { place, fields } => {
                let pairs = fields
                    .iter()
                    .map(|(name, _)| format!("{}={MASK}", encoded(name)));
                match place {
                    FieldPlace::Query => masked.query.extend(pairs),
                    FieldPlace::Form => masked.form.extend(pairs),
                }
            }
            Self::OAuth2ClientCredentials(grant) => {
                masked
                    .headers
                    .push(header(&http::header::AUTHORIZATION, &grant.before_token()));
            }
        }
        masked
    }
}

/// As a form or a query says it.
#[must_use]
pub fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
