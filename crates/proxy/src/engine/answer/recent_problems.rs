//! The last problems that were answered, for who looks at `/status`: templates and names, no values.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::SystemTime;

use arc_swap::ArcSwapOption;
use http::StatusCode;

use crate::engine::context::{RequestContext, Target};

/// So many of each kind fit on a page that is read.
pub const KEPT: usize = 20;

/// A problem that was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecentProblem {
    pub at: SystemTime,
    /// As in the metrics.
    pub operation: String,
    /// The template of the path.
    pub route: String,
    pub status: u16,
    pub code: Arc<str>,
    pub upstream: Option<Arc<str>>,
    pub trace_id: String,
}

/// Those of callers (4xx) and those of the gateway and the vendors (5xx) apart: of the first there are many on
/// an ordinary day, and they must not drive out the one 502 that somebody looks for.
#[derive(Default)]
pub struct RecentProblems {
    of_callers: Ring,
    others: Ring,
}

/// No request waits here for another, nor for who looks.
#[derive(Default)]
struct Ring {
    next: AtomicUsize,
    slots: [ArcSwapOption<RecentProblem>; KEPT],
}

impl Ring {
    fn add(&self, problem: RecentProblem) {
        let next = self.next.fetch_add(1, Ordering::Relaxed);
        if let Some(slot) = self.slots.get(next % KEPT) {
            slot.store(Some(Arc::new(problem)));
        }
    }
}

impl RecentProblems {
    /// A request was answered with a problem at `at`.
    pub fn add(
        &self,
        context: &RequestContext,
        code: &Arc<str>,
        status: StatusCode,
        at: SystemTime,
    ) {
        let binding = context.operation().map(|operation| &operation.binding);
        let route = match context.target() {
            Target::Builtin { route, .. } => route,
            Target::Operation(index) => &context.runtime().operation(index).path,
        };
        let problem = RecentProblem {
            at,
            operation: context.label().to_owned(),
            route: route.to_owned(),
            status: status.as_u16(),
            code: code.clone(),
            upstream: binding.map(|binding| binding.upstream.clone()),
            trace_id: context.trace.id.as_str().to_owned(),
        };
        let ring = if status.is_server_error() {
            &self.others
        } else {
            &self.of_callers
        };
        ring.add(problem);
    }

    /// The last [`KEPT`] of each kind, the latest first.
    #[must_use]
    pub fn list(&self) -> Vec<Arc<RecentProblem>> {
        let slots = self.others.slots.iter().chain(&self.of_callers.slots);
        let mut list: Vec<_> = slots.filter_map(ArcSwapOption::load_full).collect();
        list.sort_by_key(|problem| std::cmp::Reverse(problem.at));
        list
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;

    fn problem(second: u64, status: u16) -> RecentProblem {
        RecentProblem {
            at: UNIX_EPOCH + Duration::from_secs(second),
            operation: "getRoom".to_owned(),
            route: "/v1/rooms/{id}".to_owned(),
            status,
            code: "a".into(),
            upstream: None,
            trace_id: String::new(),
        }
    }

    #[test]
    fn callers_problems_drive_out_none_of_ours_and_the_latest_come_first() {
        let recent = RecentProblems::default();
        recent.others.add(problem(0, 502));
        for second in 1..1000 {
            recent.of_callers.add(problem(second, 404));
        }
        let list = recent.list();
        assert_eq!(list.len(), KEPT + 1);
        assert_eq!(list.first().map(|one| one.at), Some(problem(999, 0).at));
        assert_eq!(list.last().map(|one| one.status), Some(502));
    }
}
