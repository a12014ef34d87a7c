//! Somebody who may call.

use std::time::Duration;

use sha2::{Digest, Sha256};
use tokio::time::Instant;

use super::quota::Quota;
use crate::settings::Caller;

/// Somebody who may call, by a key that is kept as a digest: nothing in memory shows it.
pub struct CallerKey {
    pub name: String,
    digest: [u8; 32],
    operations: Option<Vec<String>>,
    quota: Option<Quota>,
}

impl CallerKey {
    #[must_use]
    pub fn new(caller: &Caller, key: &str) -> Self {
        Self {
            name: caller.name.clone(),
            digest: Self::digest(key),
            operations: caller.operations.clone(),
            quota: caller.quota.map(Quota::new),
        }
    }

    /// The digest of a key. Digests are compared, so that the time tells nothing about a key.
    #[must_use]
    pub fn digest(key: &str) -> [u8; 32] {
        Sha256::digest(key.as_bytes()).into()
    }

    /// Whether the key is this one.
    #[must_use]
    pub fn is(&self, key: &str) -> bool {
        self.has(&Self::digest(key))
    }

    /// Whether the key of this digest is this one.
    #[must_use]
    pub fn has(&self, digest: &[u8; 32]) -> bool {
        self.digest == *digest
    }

    /// Whether the key is for an operation, by its id.
    #[must_use]
    pub fn may_call(&self, operation: &str) -> bool {
        self.operations
            .as_ref()
            .is_none_or(|known| known.iter().any(|id| id == operation))
    }

    /// Counts one request.
    ///
    /// # Errors
    /// The quota is used up; how long until there is one request again.
    pub fn take(&self, now: Instant) -> Result<(), Duration> {
        self.quota.as_ref().map_or(Ok(()), |quota| quota.take(now))
    }
}
