//! What one request leaves behind: nothing of it is text of a caller or a vendor.

use std::hash::{Hash, Hasher};
use std::sync::Arc;
use std::time::Instant;

use contract::OperationIndex;

use super::outlet::Outlet;
use crate::spans::{CallSpans, TraceId};

/// The spans of one piece of work, as they wait for their export.
pub struct Record {
    /// Whose names and receiver they are.
    pub outlet: Arc<Outlet>,
    pub trace: TraceId,
    /// The span of the request; parent of the calls.
    pub span: u64,
    /// `None`: the request tells of itself, or has done so. Of calls that outlive it.
    pub server: Option<ServerSpan>,
    pub calls: CallSpans,
}

/// The request itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerSpan {
    /// The caller's span, where there is one.
    pub parent: Option<u64>,
    pub started: Instant,
    pub ended: Instant,
    pub end: ServerEnd,
}

/// What the span of a request says beside its times: all of it from closed sets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerEnd {
    /// `None`: one of our own pages, or nothing that is there.
    pub operation: Option<OperationIndex>,
    /// Of what is no operation: its name and the template of its path.
    pub page: (&'static str, &'static str),
    pub method: &'static str,
    pub status: u16,
    pub problem: Option<Arc<str>>,
    pub outcome: Option<&'static str>,
    pub cache: Option<&'static str>,
}

/// The ends that occur often differ in these.
impl Hash for ServerEnd {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.operation.hash(state);
        self.status.hash(state);
    }
}

impl Record {
    /// How many spans they are.
    #[must_use]
    pub fn spans(&self) -> u64 {
        u64::from(self.server.is_some()) + self.calls.len() as u64
    }
}

/// A method as spans may name it: `http.request.method` is one of these or `_OTHER`.
#[must_use]
pub fn known_method(method: &str) -> &'static str {
    const KNOWN: [&str; 9] = [
        "GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "CONNECT", "TRACE",
    ];
    let known = KNOWN.into_iter().find(|known| *known == method);
    known.unwrap_or("_OTHER")
}
