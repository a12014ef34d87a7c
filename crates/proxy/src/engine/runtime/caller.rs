//! Somebody who may call.

use std::sync::Arc;
use std::time::Duration;

use sha2::{Digest, Sha256};
use tokio::time::Instant;

use crate::metrics::RateOf;
use crate::settings::{Caller, RateSettings};
use crate::shared::{Allowance, Rate, RateName, RateSharing};

/// Somebody who may call, by a key that is kept as a digest: nothing in memory shows it.
pub struct CallerKey {
    pub name: String,
    digest: [u8; 32],
    operations: Option<Vec<String>>,
    quota: Option<Arc<Allowance>>,
}

impl CallerKey {
    /// `sharing`: its quota is that of all replicas together.
    #[must_use]
    pub fn new(caller: &Caller, key: &str, sharing: Option<&RateSharing>) -> Self {
        Self {
            name: caller.name.clone(),
            digest: Self::digest(key),
            operations: caller.operations.clone(),
            quota: caller
                .quota
                .map(|quota| allowance(&caller.name, quota, sharing)),
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

    /// Counts one request, where nobody has to be asked for it; else says who is to be asked.
    ///
    /// # Errors
    /// The quota is used up; how long until there is one request again.
    pub fn take(&self, now: Instant) -> Result<Option<&Arc<Allowance>>, Duration> {
        let Some(quota) = &self.quota else {
            return Ok(None);
        };
        match quota.take_at_once(now) {
            Some(said) => said.map(|()| None),
            None => Ok(Some(quota)),
        }
    }
}

fn allowance(caller: &str, quota: RateSettings, sharing: Option<&RateSharing>) -> Arc<Allowance> {
    let rate = Rate::new(quota.requests, quota.per);
    match sharing {
        None => Allowance::alone(rate),
        Some(sharing) => {
            let name = RateName::of_caller(caller, rate);
            Allowance::shared(rate, RateOf::Caller, name, sharing.clone())
        }
    }
}
