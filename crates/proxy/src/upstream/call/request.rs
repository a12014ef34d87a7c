//! What a vendor is asked.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, Method};

use super::send_state::SendState;
use crate::shared::StoreBudget;
use crate::spans::CallTrace;

/// One call, complete but for credentials and host.
#[derive(Clone)]
pub struct VendorRequest {
    /// The operation that causes it; a metric label.
    pub operation: Arc<str>,
    pub method: Method,
    /// Encoded path and query below the upstream's base URL.
    pub path_and_query: String,
    /// Mostly the same for all calls of an operation.
    pub headers: Arc<HeaderMap>,
    /// Empty: the call has no body.
    pub body: Bytes,
    pub kind: CallKind,
    /// Of a write of a caller's: it learns here that a byte may have left.
    pub sent: Option<SendState>,
    /// Of a call that is recorded, or whose vendor is told of the trace.
    pub trace: Option<Arc<CallTrace>>,
    /// Of whoever causes it: what may still be waited for the store. `None`: nobody waits for it.
    pub store: Option<Arc<StoreBudget>>,
}

impl VendorRequest {
    /// From here on a byte can leave.
    pub(crate) fn begin_send(&self) {
        self.sent.iter().for_each(SendState::begin_send);
    }

    /// It must not begin any more, whatever time is left: see [`SendState::send_before`].
    pub(crate) fn is_late(&self) -> bool {
        self.sent.as_ref().is_some_and(SendState::is_late)
    }

    /// Nothing left, or nothing was done with it.
    pub(crate) fn not_executed(&self) {
        self.sent.iter().for_each(SendState::not_executed);
    }
}

/// Neither ids nor bodies, nor what is added to them on the way out.
impl fmt::Debug for VendorRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} for {}", self.method, self.operation)
    }
}

/// What may be done with a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallKind {
    /// May be repeated, and is shed first.
    Read,
    /// Goes at most once, on no connection that sat idle for long.
    Write,
    /// A write that goes once more: the contract says that it may, or a 401 that nothing was done. On
    /// a connection of its own, since the one before may be about to end.
    WriteRetry,
    /// A read that finds out what became of a write: never refused by breaker or pause, never
    /// repeated here, since its caller has a schedule of its own; so it goes on no connection that sat
    /// idle for long.
    FollowUp,
}

impl CallKind {
    /// As a span names it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write | Self::WriteRetry => "write",
            Self::FollowUp => "look-up",
        }
    }
}
