//! Answers of vendors that members share: the second level of the cache.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use super::error::StoreError;

/// What there is under a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// It was kept, and is good for so long still.
    Value(Arc<[u8]>, Duration),
    /// Nothing; whoever asked has the lock from now on, and is to ask the vendor.
    Mine,
    /// Nothing yet; somebody else asks the vendor.
    Asked,
}

/// Values under names that are digests. One that is lost costs a vendor call.
#[async_trait]
pub trait Values: fmt::Debug + Send + Sync {
    /// Looks, and takes the lock of the name for so long where nothing is there. In one step.
    ///
    /// # Errors
    /// It cannot be told.
    async fn look(&self, name: &str, owner: &str, lock: Duration) -> Result<Found, StoreError>;

    /// Keeps a value for so long.
    ///
    /// # Errors
    /// It may have been kept.
    async fn keep(&self, name: &str, value: &[u8], life: Duration) -> Result<(), StoreError>;

    /// Gives the lock back, if it is still the owner's.
    ///
    /// # Errors
    /// It ends by itself.
    async fn give_back(&self, name: &str, owner: &str) -> Result<(), StoreError>;
}
