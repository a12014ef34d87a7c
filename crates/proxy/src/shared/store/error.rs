//! Why the store did not do what was asked.

use std::sync::Arc;

use crate::metrics::CommandOutcome;

/// Why a command came to nothing. Of a command that may have left, nobody knows whether it was executed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// There is no connection, or the breaker is open: nothing was sent.
    #[error("the store is away")]
    Away,
    #[error("the store did not answer in time")]
    Timeout,
    #[error("the connection to the store broke: {0}")]
    Broken(Arc<str>),
    /// A replica, or a primary that lacks its replicas: `READONLY`, `NOREPLICAS`.
    #[error("the store takes no writes: {0}")]
    ReadOnly(Arc<str>),
    #[error("the store has no memory left")]
    OutOfMemory,
    /// It reads its data, or is busy.
    #[error("the store is not ready: {0}")]
    NotReady(Arc<str>),
    /// `WAIT` counted too few replicas.
    #[error("{0} replicas have it, fewer than `shared.replicas`")]
    TooFewReplicas(u64),
    #[error("the store answered otherwise than was asked: {0}")]
    Unexpected(Arc<str>),
}

impl StoreError {
    /// As metrics count it.
    #[must_use]
    pub const fn outcome(&self) -> CommandOutcome {
        match self {
            Self::Away => CommandOutcome::Away,
            Self::Timeout => CommandOutcome::Timeout,
            Self::Broken(_) => CommandOutcome::Broken,
            Self::ReadOnly(_) => CommandOutcome::ReadOnly,
            Self::OutOfMemory => CommandOutcome::OutOfMemory,
            Self::NotReady(_) => CommandOutcome::NotReady,
            Self::TooFewReplicas(_) => CommandOutcome::TooFewReplicas,
            Self::Unexpected(_) => CommandOutcome::Unexpected,
        }
    }
}
