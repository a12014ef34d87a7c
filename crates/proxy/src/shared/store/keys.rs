//! What is known of each `Idempotency-Key`, whichever member it came to.
//!
//! [`super::KeyRecord`] is the rule, pure; the store's script does the same on its own clock.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use super::error::StoreError;
use crate::shared::name::{Holder, hex};

/// A key of one caller, for one operation at one account: a digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(pub [u8; 32]);

/// Digest of what was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint(pub [u8; 32]);

/// A request comes with a key.
#[derive(Debug, Clone, Copy)]
pub struct Take<'t> {
    pub id: &'t KeyId,
    pub fingerprint: Fingerprint,
    pub me: &'t Holder,
    pub times: KeyTimes,
}

/// Times from the taking on. The store's clock counts them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct KeyTimes {
    /// The request has ended by then, or its member has died.
    pub busy: Duration,
    /// What it sent can be applied by the vendor for so long; not shorter than `busy`.
    pub open: Duration,
    /// What is known is forgotten after so long; not shorter than `open`.
    pub kept: Duration,
}

/// What to do with the request.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Taken {
    /// It runs; nothing came before it.
    Fresh,
    /// It runs. What became of the one before is not known, and the vendor can no longer apply it.
    Over,
    /// Another one runs, for so long at most.
    Running(Duration),
    /// The one before ended in an unknown outcome, or its member died. It can still be applied for so long;
    /// whoever finds out that it was may end it for its holder.
    Open(Holder, Duration),
    /// It ended, and this was kept.
    Answered(Arc<[u8]>),
    /// The key came with another request before.
    OtherRequest,
}

/// A request under a key ends.
#[derive(Debug, Clone, Copy)]
pub struct End<'e> {
    pub id: &'e KeyId,
    pub fingerprint: Fingerprint,
    pub holder: &'e Holder,
    pub how: KeyEnd<'e>,
    /// As in [`KeyTimes`]; counts only where nothing is known of the key any more.
    pub kept: Duration,
}

/// What is kept of a request that ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyEnd<'e> {
    /// Whoever repeats it gets this.
    Answered(&'e [u8]),
    /// It can still be applied for so long.
    Unknown { open: Duration },
    /// Nothing was done. What was not known before is not known now.
    Nothing,
}

/// Whether an end was kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kept {
    Kept,
    /// Somebody else holds the key, or has ended it.
    NotMine,
}

impl KeyId {
    /// The part of a key in the store.
    #[must_use]
    pub fn text(&self) -> String {
        hex(&self.0)
    }
}

/// The keys of all accounts.
#[async_trait]
pub trait Keys: fmt::Debug + Send + Sync {
    /// Takes the key for a request, or says why it must not run. In one step.
    ///
    /// # Errors
    /// It may have been taken, but for [`StoreError::Away`].
    async fn take(&self, take: Take<'_>) -> Result<Taken, StoreError>;

    /// Keeps how a request ended, if its holder holds the key still, or nothing is known of it any more.
    ///
    /// # Errors
    /// It may have been kept, but for [`StoreError::Away`].
    async fn end(&self, end: End<'_>) -> Result<Kept, StoreError>;
}
