//! The journal of an account, and who reads it.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use super::error::StoreError;
use crate::shared::name::{Account, Epoch, MemberId};

/// How far a member has applied the journal of an epoch.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Position {
    pub epoch: Epoch,
    /// Of the last entry that was applied.
    pub number: u64,
    /// The same entry as the store names it; reading goes on behind it.
    pub id: Arc<str>,
}

/// A member says how far it is, and reads on.
#[derive(Debug, Clone, Copy)]
pub struct Beat<'b> {
    pub account: &'b Account,
    pub member: &'b MemberId,
    /// `None`: it knows nothing, and reads all there is.
    pub position: Option<&'b Position>,
    /// How many replicas must have it before it counts.
    pub replicas: u32,
}

/// One entry of the journal.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct JournalEntry {
    pub id: Arc<str>,
    pub number: u64,
    /// A [`super::super::Record`]; empty where an epoch began without a journal.
    pub record: Arc<[u8]>,
}

/// What a beat brought. The registration was made before the reading, in one step.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Beaten {
    pub epoch: Epoch,
    /// How long the epoch has lasted.
    pub age: Duration,
    /// The journal was still there when the epoch began.
    pub kept_journal: bool,
    /// The number of the last entry that was appended.
    pub last: u64,
    /// Behind the position, or all where the epoch is another; perhaps not all at once.
    pub entries: Vec<JournalEntry>,
}

/// A member as the store knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Registration {
    /// How far it has applied the journal; `None`: it is not in this epoch.
    pub applied: Option<u64>,
    /// Another one for each beat.
    pub token: u64,
}

pub type Members = BTreeMap<MemberId, Registration>;

/// An entry was appended.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Appended {
    pub epoch: Epoch,
    pub number: u64,
    /// Who is registered at that moment.
    pub members: Members,
}

/// The journal of each account.
#[async_trait]
pub trait Journal: fmt::Debug + Send + Sync {
    /// Registers first, reads second, in one step. Given up after [`crate::shared::Timing::beat_timeout`].
    ///
    /// # Errors
    /// It grants nothing.
    async fn beat(&self, beat: Beat<'_>) -> Result<Beaten, StoreError>;

    /// Returns when there is an entry behind this one, or after `limit`. It tells nothing of what is there: an
    /// isolated primary or a journal that is gone say "nothing new".
    ///
    /// # Errors
    /// It cannot be told; the caller waits as long as it would have waited.
    async fn wait(&self, account: &Account, after: &str, limit: Duration)
    -> Result<(), StoreError>;

    /// Appends one entry, with the next number. What is older than `retention` may go.
    ///
    /// # Errors
    /// It may have been appended, but for [`StoreError::Away`].
    async fn append(
        &self,
        account: &Account,
        record: &[u8],
        retention: Duration,
    ) -> Result<Appended, StoreError>;

    /// Who is registered, in which epoch.
    ///
    /// # Errors
    /// It cannot be told.
    async fn members(&self, account: &Account) -> Result<(Epoch, Members), StoreError>;

    /// Takes a member off the list; where a token is given, only if it has not registered since.
    ///
    /// # Errors
    /// It may still be there.
    async fn remove(
        &self,
        account: &Account,
        member: &MemberId,
        token: Option<u64>,
    ) -> Result<(), StoreError>;
}
