//! What is known of a request from its head: made by `accept`, and then only read.

use std::sync::Arc;

use contract::{Operation, OperationIndex};
use http::Method;
use http::request::Parts;
use tokio::time::Instant;

use super::runtime::Runtime;
use super::trace::Trace;
use crate::phases::Phases;
use crate::shared::StoreBudget;

pub struct RequestContext {
    pub trace: Trace,
    pub started: Instant,
    /// Where its time goes. It outlives the stages, so that it is known also of a request that panics or ends
    /// with the process.
    pub phases: Phases,
    pub method: Method,
    /// The raw path, for the `instance` of a problem; at most [`MAX_PATH`] characters.
    pub path: String,
    /// The name of whoever sent it, where keys are asked for.
    pub caller: Option<String>,
    /// What all of it together may wait for the store; `None`: nothing is shared.
    pub store: Option<Arc<StoreBudget>>,
    target: Target,
    runtime: Arc<Runtime>,
}

/// What a request is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// One of the gateway's own pages, or nothing that is there.
    Builtin {
        label: &'static str,
        /// The template of the path.
        route: &'static str,
    },
    Operation(OperationIndex),
}

impl Target {
    /// Nothing that is there.
    pub const NONE: Self = Self::Builtin {
        label: "none",
        route: "none",
    };
}

/// Longer paths are cut in problems and logs.
const MAX_PATH: usize = 512;

impl RequestContext {
    /// A request that begins now. The runtime is kept for its labels, which a hit does not copy.
    #[must_use]
    pub fn start(runtime: &Arc<Runtime>, head: &Parts) -> Self {
        let started = Instant::now();
        Self {
            started,
            phases: Phases::starting(started),
            trace: Trace::from_headers(&head.headers, runtime.recording.as_ref()),
            method: head.method.clone(),
            path: cut(head.uri.path()).to_owned(),
            caller: None,
            store: runtime.store_budget(),
            target: Target::NONE,
            runtime: runtime.clone(),
        }
    }

    pub fn set_target(&mut self, target: Target) {
        self.target = target;
    }

    pub fn set_caller(&mut self, name: &str) {
        self.caller = Some(name.to_owned());
    }

    #[must_use]
    pub fn runtime(&self) -> &Arc<Runtime> {
        &self.runtime
    }

    #[must_use]
    pub fn target(&self) -> Target {
        self.target
    }

    /// An operation's id, the name of one of our pages, or `none`.
    #[must_use]
    pub fn label(&self) -> &str {
        match self.target {
            Target::Builtin { label, .. } => label,
            Target::Operation(index) => &self.runtime.operation(index).id,
        }
    }

    /// `None`: it is for the gateway itself, or for nothing that is there.
    #[must_use]
    pub fn operation(&self) -> Option<&Operation> {
        match self.target {
            Target::Builtin { .. } => None,
            Target::Operation(index) => Some(self.runtime.operation(index)),
        }
    }

    /// Whether it is for a write: then every problem tells the outcome.
    #[must_use]
    pub fn is_write(&self) -> bool {
        self.operation()
            .is_some_and(|operation| operation.binding.is_write())
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
