//! `x-upstream`: one vendor call and what may follow it.

use std::sync::Arc;

use http::{Method, StatusCode};
use translate::answer::AnswerPlan;

use super::cache::CacheRule;
use super::effect::{CreateIfAbsent, Effect, Paging, ReadPlan, Unclear, WritePlan};
use super::index::OperationIndex;
use super::path::VendorPath;
use super::source::{QueryPair, RequestPlan};

/// One vendor call and what may follow it.
#[derive(Debug)]
pub struct Binding {
    /// The vendor, a key of `x-vendors`.
    pub upstream: Arc<str>,
    /// Of the vendor call: GET, POST, PUT, PATCH or DELETE.
    pub method: Method,
    /// The vendor's path, below its base URL.
    pub path: VendorPath,
    /// The vendor's query, in the order of the contract.
    pub query: Vec<QueryPair>,
    /// `None`: the vendor call has no body.
    pub request: Option<RequestPlan>,
    /// What the vendor's answers mean, and what callers get for each success.
    pub answer: AnswerPlan<Emit>,
    /// Whether the call may change something.
    pub effect: Effect,
    /// The most vendor calls that one request can cause, follow-ups included: 1, and after a write the
    /// longer of 1 (a field says `missing: look_up`) and [`LOOK_UPS`](super::LOOK_UPS) reads (`unclear`;
    /// twice as many where a rename must have left its old name) or 1 repetition (`repeatable`). With
    /// `create_if_absent` the longest of the ways through update and create. Not counted are the fetch
    /// of a token, the repetition of a call that provably did not happen, the one retry of a read, the
    /// read that a precondition (`If-Match`) needs, and what a request under an `Idempotency-Key` of
    /// unknown outcome looks up before and after.
    pub max_vendor_calls: usize,
}

impl Binding {
    /// What a read has beside its call; `None` for a write.
    #[must_use]
    pub const fn read(&self) -> Option<&ReadPlan> {
        match &self.effect {
            Effect::Read(read) => Some(read),
            Effect::Write(_) => None,
        }
    }

    /// What a write has beside its call; `None` for a read.
    #[must_use]
    pub const fn write(&self) -> Option<&WritePlan> {
        match &self.effect {
            Effect::Read(_) => None,
            Effect::Write(write) => Some(write),
        }
    }

    /// The pages of a read, if it has some.
    #[must_use]
    pub fn paging(&self) -> Option<&Paging> {
        self.read()?.paging.as_ref()
    }

    /// How long the answers of a read are kept, if they are.
    #[must_use]
    pub fn cache(&self) -> Option<&CacheRule> {
        self.read()?.cache.as_ref()
    }

    /// What tells whether an unclear write happened, if something does.
    #[must_use]
    pub fn unclear(&self) -> Option<&Unclear> {
        self.write()?.unclear.as_ref()
    }

    /// The create that a write may become.
    #[must_use]
    pub fn create_if_absent(&self) -> Option<&CreateIfAbsent> {
        self.write()?.create_if_absent.as_ref()
    }

    /// Whether the call may change something.
    #[must_use]
    pub const fn is_write(&self) -> bool {
        matches!(self.effect, Effect::Write(_))
    }
}

/// What callers get for a success.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Emit {
    /// 200 to 299.
    pub status: StatusCode,
    /// `Location` names this operation's path; each of its path parameters is the member of the
    /// answer with the same name.
    pub location: Option<OperationIndex>,
}
