//! A value of a credential: public, or a secret by reference.

use crate::secret::SecretSource;
use crate::settings::node::CredentialValue;

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
