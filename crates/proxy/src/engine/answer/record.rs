//! One log line and one set of metrics for each request.

use std::sync::Arc;

use http::StatusCode;

use super::served::Served;
use crate::access_log::{self, AccessRecord};
use crate::cache::CacheStatus;
use crate::engine::call::budget::CallTally;
use crate::engine::context::RequestContext;
use crate::engine::outcome::Outcome;
use crate::engine::refusal::Refusal;
use crate::metrics::Metrics;

/// What the record says of the end of a request.
#[derive(Debug, Default)]
pub struct Ending {
    /// The code of the problem that was answered.
    problem: Option<Arc<str>>,
    /// What the caller of a write was told, where it was not simply done.
    outcome: Option<Outcome>,
    cause: Option<String>,
    cache: Option<CacheStatus>,
}

impl Ending {
    #[must_use]
    pub fn of(result: &Result<Served, Refusal>) -> Self {
        match result {
            Ok(served) => Self {
                problem: served.replayed.clone(),
                outcome: served.replayed.as_ref().map(|_| Outcome::NotDone),
                cause: served.cause.clone(),
                cache: served.cache,
            },
            Err(refusal) => Self {
                problem: Some(refusal.code.clone()),
                outcome: Some(refusal.outcome.unwrap_or(Outcome::NotDone)),
                cause: refusal.cause.clone(),
                cache: refusal.cache,
            },
        }
    }
}

/// What is recorded of a request that got an answer of this status.
#[must_use]
pub fn of<'r>(
    context: &'r RequestContext,
    tally: &CallTally,
    ending: &'r Ending,
    status: StatusCode,
) -> AccessRecord<'r> {
    let outcome = || ending.outcome.map_or("done", Outcome::word);
    let operation = context.operation();
    AccessRecord {
        method: context.method.as_str(),
        route: context.route(),
        operation: context.label(),
        status,
        problem: ending.problem.as_deref().unwrap_or_default(),
        outcome: context.is_write().then(outcome),
        cache: ending.cache.map(CacheStatus::label),
        duration: context.started.elapsed(),
        upstream: operation.map(|operation| &*operation.binding.upstream),
        vendor_calls: tally.calls,
        vendor_time: tally.vendor_time,
        caller: context.caller.as_deref(),
        cause: ending.cause.as_deref(),
        trace_id: &context.trace.id,
    }
}

/// Counts and logs it.
pub fn write(metrics: &Metrics, record: &AccessRecord<'_>) {
    let status = record.status.as_str();
    metrics
        .requests
        .answered(record.operation, status, record.problem, record.duration);
    if let Some(result) = record.cache {
        metrics.cache.request(record.operation, result);
    }
    if let Some(outcome) = record.outcome {
        metrics.requests.write(record.operation, outcome);
    }
    if tracing::enabled!(target: "access", tracing::Level::INFO) && !access_log::write(record) {
        print(record);
    }
}

/// For people: through the log that everything else goes through.
fn print(record: &AccessRecord<'_>) {
    tracing::info!(
        target: "access",
        method = %record.method.escape_debug(),
        route = record.route,
        operation = record.operation,
        status = record.status.as_u16(),
        problem = record.problem,
        outcome = record.outcome,
        cache = record.cache,
        duration_ms = access_log::milliseconds(record.duration),
        upstream = record.upstream,
        vendor_calls = record.vendor_calls,
        vendor_ms = access_log::milliseconds(record.vendor_time),
        caller = record.caller,
        cause = record.cause,
        trace_id = record.trace_id,
        "request"
    );
}
