//! What is known of one request while it lasts: trace, times, and what its log line will say.

use std::sync::Arc;
use std::time::Duration;

use contract::{GatewayProblem, OperationIndex};
use http::Method;
use http::request::Parts;
use tokio::time::Instant;

use super::accept::route::Routed;
use super::outcome::Outcome;
use super::refusal::Refusal;
use super::runtime::Runtime;
use super::trace::Trace;
use crate::cache::status::CacheStatus;
use crate::upstream::{Attempt, FailureKind, SendState};

#[derive(Clone)]
pub struct Exchange {
    pub trace: Trace,
    pub started: Instant,
    /// No vendor call of this request goes on after it.
    pub deadline: Instant,
    pub method: Method,
    /// The raw path, for the `instance` of a problem.
    pub path: String,
    place: Place,
    /// Whether the operation writes: then every problem tells the outcome.
    pub write: bool,
    /// Of a write that has begun: whether a byte of it may have left.
    pub sent: Option<SendState>,
    pub caller: Option<String>,
    /// What the caller of a write was told, where it was not simply done.
    pub outcome: Option<Outcome>,
    /// The code of the problem that was answered.
    pub problem: Option<Arc<str>>,
    /// Why, for the log only: bounded and escaped where it quotes a vendor.
    pub cause: Option<String>,
    pub vendor_calls: usize,
    pub vendor_time: Duration,
    pub last_call: LastCall,
    /// What the cache did; `None` where it has no part.
    pub cache: Option<CacheStatus>,
}

/// What a request is for. The labels are of closed sets and stand in the plan, which is kept for them:
/// a hit copies none.
#[derive(Clone)]
enum Place {
    /// One of our pages, or none: its label and its route.
    Ours(&'static str, &'static str),
    Operation(Arc<Runtime>, OperationIndex),
}

/// How the last vendor call ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LastCall {
    /// The vendor's status, if the head of its answer arrived.
    pub status: Option<u16>,
    /// Why there is no answer, or no whole one.
    pub failure: Option<FailureKind>,
    /// Whose credential an answered call bore.
    pub identity: [u8; 32],
}

impl LastCall {
    pub fn of(attempt: &Attempt) -> Self {
        match attempt {
            Attempt::NotSent(failure) | Attempt::ResponseLost(failure) => Self {
                status: None,
                failure: Some(failure.kind),
                identity: [0; 32],
            },
            Attempt::Answered(answer) => Self {
                status: Some(answer.status),
                failure: answer.cut.as_ref().map(|failure| failure.kind),
                identity: answer.credential.identity(),
            },
        }
    }
}

/// Longer paths are cut in problems and logs.
const MAX_PATH: usize = 512;

impl Exchange {
    pub fn start(head: &Parts, runtime: &Runtime) -> Self {
        let now = Instant::now();
        Self {
            trace: Trace::from_headers(&head.headers),
            started: now,
            deadline: now + runtime.settings.deadline,
            method: head.method.clone(),
            path: cut(head.uri.path()).to_owned(),
            place: Place::Ours("none", "none"),
            write: false,
            sent: None,
            caller: None,
            outcome: None,
            problem: None,
            cause: None,
            vendor_calls: 0,
            vendor_time: Duration::ZERO,
            last_call: LastCall::default(),
            cache: None,
        }
    }

    /// The exchange of work that outlives its caller, and may be for others who have more time: of the
    /// same trace, with a time of its own.
    #[must_use]
    pub fn apart(&self, deadline: Instant) -> Self {
        Self {
            deadline,
            vendor_calls: 0,
            vendor_time: Duration::ZERO,
            cause: None,
            ..self.clone()
        }
    }

    pub fn routed(&mut self, runtime: &Arc<Runtime>, routed: &Routed) {
        self.place = match routed {
            Routed::Operation { index, .. } => {
                self.write = runtime.operation(*index).binding.write.is_some();
                Place::Operation(runtime.clone(), *index)
            }
            Routed::Page(page) => Place::Ours(page.label(), page.route()),
            Routed::Options(_) => Place::Ours("options", "none"),
        };
    }

    /// An operation's id, the name of one of our pages, or `none`.
    #[must_use]
    pub fn operation(&self) -> &str {
        match &self.place {
            Place::Ours(label, _) => label,
            Place::Operation(runtime, index) => &runtime.operation(*index).id,
        }
    }

    /// The template of the path.
    #[must_use]
    pub fn route(&self) -> &str {
        match &self.place {
            Place::Ours(_, route) => route,
            Place::Operation(runtime, index) => &runtime.operation(*index).path,
        }
    }

    #[must_use]
    pub fn upstream(&self) -> Option<&str> {
        match &self.place {
            Place::Ours(..) => None,
            Place::Operation(runtime, index) => Some(&runtime.operation(*index).binding.upstream),
        }
    }

    /// Begins the part of a write in which a byte of it can leave.
    pub fn begin_write(&mut self) -> SendState {
        self.sent.get_or_insert_default().clone()
    }

    /// What can be said of a write that ends here: nothing left, or nobody knows.
    #[must_use]
    pub fn fate(&self) -> Outcome {
        match &self.sent {
            Some(sent) if sent.may_have_been_sent() => Outcome::Unknown,
            _ => Outcome::NotDone,
        }
    }

    /// A refusal as this request is told it: of a bug of ours only what left tells the outcome.
    #[must_use]
    pub fn told(&self, mut refusal: Refusal) -> Refusal {
        if self.write && refusal.outcome.is_none() && refusal.is(GatewayProblem::InternalError) {
            refusal.outcome = Some(self.fate());
        }
        refusal
    }

    /// The vendor's time starts when the request is read and found good.
    pub fn start_deadline(&mut self, limit: Duration) {
        self.deadline = Instant::now() + limit;
    }
}

/// At most [`MAX_PATH`] characters, and all of it in the common case without counting them.
fn cut(path: &str) -> &str {
    if path.len() <= MAX_PATH {
        return path;
    }
    let end = path.char_indices().nth(MAX_PATH).map(|(end, _)| end);
    end.and_then(|end| path.get(..end)).unwrap_or(path)
}
