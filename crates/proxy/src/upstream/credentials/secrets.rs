//! The secrets of one upstream as of one moment, and what follows from them.

use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::basic::basic;
use super::fields::CredentialFields;
use crate::secret::Secret;
use crate::settings::{Auth, ValueSource};
use crate::upstream::redact::Redactor;
use crate::upstream::redact::call_credential::CallCredential;

/// Made once for each change.
pub struct Secrets {
    /// In the order of [`Auth::values`].
    pub values: Vec<Secret>,
    /// The fields of every call, where no token has to be fetched for it.
    pub fields: CredentialFields,
    pub credential: CallCredential,
    pub redactor: Arc<Redactor>,
}

impl Secrets {
    /// `before` are those that these replace: a vendor may still repeat them.
    pub fn of(
        auth: &Auth,
        destination: [u8; 32],
        values: Vec<Secret>,
        before: Option<&Self>,
    ) -> Self {
        let fields = CredentialFields::of(auth, &values);
        let now = secret_parts(auth, &values);
        let old = before.map_or_else(Vec::new, |before| secret_parts(auth, &before.values));
        let redactor = Arc::new(Redactor::new(now.into_iter().chain(old)));
        Self {
            credential: CallCredential::new(identity(destination, auth, &values), redactor.clone()),
            redactor,
            fields,
            values,
        }
    }
}

/// What must not be shown of the values: the secrets among them as they are, and as they are sent.
fn secret_parts(auth: &Auth, values: &[Secret]) -> Vec<Secret> {
    let mut parts: Vec<Secret> = auth
        .values()
        .iter()
        .zip(values)
        .filter(|(source, _)| matches!(source, ValueSource::Secret(_)))
        .map(|(_, value)| value.clone())
        .collect();
    match auth {
        Auth::Header { prefix, .. } if !prefix.is_empty() => {
            let whole = values
                .iter()
                .map(|value| format!("{prefix}{}", value.reveal()));
            parts.extend(whole.map(Secret::new));
        }
        Auth::OAuth2ClientCredentials(_) => {
            if let [id, secret, ..] = values {
                parts.push(basic(id, secret));
            }
        }
        _ => {}
    }
    parts
}

/// Each part with its length: two splits of one text are two digests.
fn identity(destination: [u8; 32], auth: &Auth, values: &[Secret]) -> [u8; 32] {
    let mut hash = Sha256::new();
    let mut feed = |part: &[u8]| {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    };
    feed(&destination);
    match auth {
        Auth::None => feed(b"none"),
        Auth::Header { name, prefix, .. } => {
            feed(b"header");
            feed(name.as_str().as_bytes());
            feed(prefix.as_bytes());
        }
        Auth::Headers(headers) => {
            feed(b"headers");
            headers
                .iter()
                .for_each(|(name, _)| feed(name.as_str().as_bytes()));
        }
        Auth::Fields { place, fields } => {
            feed(place.word().as_bytes());
            fields.iter().for_each(|(name, _)| feed(name.as_bytes()));
        }
        Auth::OAuth2ClientCredentials(grant) => {
            feed(b"oauth2");
            feed(grant.token_path.as_bytes());
            feed(grant.scheme.as_bytes());
            // Whom a token is for may differ with these.
            for text in [&grant.scope, &grant.audience] {
                feed(text.as_deref().unwrap_or_default().as_bytes());
            }
            grant
                .parameters
                .iter()
                .for_each(|(name, _)| feed(name.as_bytes()));
        }
    }
    values
        .iter()
        .for_each(|value| feed(value.reveal().as_bytes()));
    hash.finalize().into()
}
