//! How a vendor call ended, as the engine knows it.

use std::sync::Arc;
use std::time::Duration;

use contract::{Emit, OperationIndex};
use grammar::Pointer;
use translate::JsonText;
use translate::answer::Success;

use crate::engine::refusal::Refusal;

/// A vendor call that succeeded.
#[derive(Debug)]
pub struct OperationResult {
    pub index: OperationIndex,
    /// The `success` entry of the operation that it is.
    pub entry: Arc<Success<Emit>>,
    pub value: Option<JsonText>,
    /// For the log: what failed on the way to it.
    pub cause: Option<String>,
}

/// How one vendor call ended.
#[derive(Debug)]
pub enum CallResult {
    /// With the fields whose `Location` could not be used and that ask for a look-up.
    Done(OperationResult, Vec<Pointer>),
    /// For a write: certainly not done, unless the refusal itself says unknown.
    Refused(Box<Refusal>),
    /// Writes only.
    Unclear(Box<UnclearWrite>),
}

/// A write that may have happened.
#[derive(Debug)]
pub struct UnclearWrite {
    /// What the caller gets if nothing finds out.
    pub refusal: Refusal,
    pub evidence: Evidence,
}

/// What an unclear write left behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Evidence {
    /// A complete 5xx answer: the vendor has stopped working on it. Perhaps it said when to ask again.
    ServerError { wait: Option<Duration> },
    /// Nothing: the vendor may still be at it.
    None,
}

impl CallResult {
    #[must_use]
    pub fn refused(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }

    #[must_use]
    pub fn unclear(refusal: Refusal, evidence: Evidence) -> Self {
        Self::Unclear(Box::new(UnclearWrite { refusal, evidence }))
    }

    /// What the caller gets if nothing else finds out.
    #[must_use]
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Done(..) => None,
            Self::Refused(refusal) => Some(refusal),
            Self::Unclear(unclear) => Some(&unclear.refusal),
        }
    }

    /// The same, to change it.
    pub fn refusal_mut(&mut self) -> Option<&mut Refusal> {
        match self {
            Self::Done(..) => None,
            Self::Refused(refusal) => Some(refusal),
            Self::Unclear(unclear) => Some(&mut unclear.refusal),
        }
    }
}

/// Of a read, which is never unclear.
impl From<CallResult> for Result<OperationResult, Refusal> {
    fn from(result: CallResult) -> Self {
        match result {
            CallResult::Done(result, _) => Ok(result),
            CallResult::Refused(refusal) => Err(*refusal),
            CallResult::Unclear(unclear) => Err(unclear.refusal),
        }
    }
}
