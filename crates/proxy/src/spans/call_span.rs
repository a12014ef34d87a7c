//! The vendor calls of one request, as spans.

use std::hash::{Hash, Hasher};
use std::sync::Arc;
use std::time::Instant;

use smallvec::SmallVec;

/// Spans in the order of their ends. A write and its look-up, or a token, find room without a block of memory of
/// their own: another thread would free it, which allocators pay for.
pub type CallSpans = SmallVec<[CallSpan; 2]>;

/// One thing that a request waited for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallSpan {
    pub id: u64,
    pub started: Instant,
    pub ended: Instant,
    pub end: CallEnd,
}

/// What a span of a call says beside its times: all of it from closed sets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallEnd {
    /// The operation that causes it.
    pub operation: Arc<str>,
    /// `read`, `write`, `look-up` or `token`.
    pub kind: &'static str,
    /// The vendor's, if the head of its answer came.
    pub status: Option<u16>,
    /// Why there is no answer, or no whole one.
    pub failure: Option<&'static str>,
    /// How often the same call was sent before.
    pub resends: u8,
}

/// The ends that occur often differ in these.
impl Hash for CallEnd {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.operation.hash(state);
        self.status.hash(state);
    }
}
