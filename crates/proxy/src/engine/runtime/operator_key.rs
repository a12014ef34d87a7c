//! Somebody who may read the operators' pages from another machine.

use super::caller::CallerKey;
use crate::secret::Secret;

/// An operator's key, kept as a digest as a caller's is.
pub struct OperatorKey {
    pub name: String,
    digest: [u8; 32],
}

impl OperatorKey {
    #[must_use]
    pub fn new(name: &str, key: &Secret) -> Self {
        Self {
            name: name.to_owned(),
            digest: CallerKey::digest(key.reveal()),
        }
    }

    /// Whether the key is this one. Digests are compared, so that the time tells nothing about a key.
    #[must_use]
    pub fn is(&self, key: &str) -> bool {
        self.digest == CallerKey::digest(key)
    }
}
