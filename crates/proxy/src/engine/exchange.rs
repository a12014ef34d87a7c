//! What is known of one request while it lasts: trace, times, and what its log line will say.

use std::sync::Arc;
use std::time::Duration;

use contract::OperationIndex;
use http::request::Parts;
use tokio::time::Instant;

use super::{Outcome, Routed, Runtime, Trace};
use crate::cache::status::CacheStatus;
use crate::upstream::{Attempt, FailureKind};

#[derive(Clone)]
pub struct Exchange {
    pub trace: Trace,
    pub started: Instant,
    /// No vendor call of this request goes on after it.
    pub deadline: Instant,
    /// When the caller's own deadline ends; a flight may go on after it.
    pub patience: Instant,
    pub method: String,
    /// The raw path, for the `instance` of a problem.
    pub path: String,
    /// Labels of closed sets: an operation's id, the name of one of our pages, or `none`.
    pub operation: Arc<str>,
    pub route: String,
    /// Whether the operation writes: then every problem tells the outcome.
    pub write: bool,
    pub upstream: Option<Arc<str>>,
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

/// How the last vendor call ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LastCall {
    /// The vendor's status, if the head of its answer arrived.
    pub status: Option<u16>,
    /// Why there is no answer, or no whole one.
    pub failure: Option<FailureKind>,
}

impl LastCall {
    pub fn of(attempt: &Attempt) -> Self {
        match attempt {
            Attempt::NotSent(failure) | Attempt::Sent(failure) => Self {
                status: None,
                failure: Some(failure.kind),
            },
            Attempt::Answered(answer) => Self {
                status: Some(answer.status),
                failure: answer.cut.as_ref().map(|failure| failure.kind),
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
            patience: now + runtime.settings.deadline,
            method: head.method.to_string(),
            path: head.uri.path().chars().take(MAX_PATH).collect(),
            operation: "none".into(),
            route: "none".to_owned(),
            write: false,
            upstream: None,
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

    /// The exchange of work that outlives its caller: of the same trace, with a time of its own.
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

    pub fn routed(&mut self, runtime: &Runtime, routed: &Routed) {
        match routed {
            Routed::Operation { index, .. } => self.of_operation(runtime, *index),
            Routed::Page(page) => {
                self.operation = page.label().into();
                self.route = page.route().to_owned();
            }
            Routed::Options(_) => self.operation = "options".into(),
        }
    }

    fn of_operation(&mut self, runtime: &Runtime, index: OperationIndex) {
        let operation = runtime.operation(index);
        self.operation = operation.id.clone();
        self.route.clone_from(&operation.path);
        self.write = operation.binding.write.is_some();
        self.upstream = Some(operation.binding.upstream.clone());
    }

    /// The vendor's time starts when the request is read and found good.
    pub fn start_deadline(&mut self, limit: Duration) {
        self.deadline = Instant::now() + limit;
        self.patience = self.deadline;
    }
}
