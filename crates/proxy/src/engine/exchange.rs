//! What is known of one request while it lasts: trace, times, and what its log line will say.

use std::sync::Arc;
use std::time::Duration;

use contract::OperationIndex;
use http::request::Parts;
use tokio::time::Instant;

use super::{Outcome, Routed, Runtime, Trace};

pub struct Exchange {
    pub trace: Trace,
    pub started: Instant,
    /// No vendor call of this request goes on after it.
    pub deadline: Instant,
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
    }
}
