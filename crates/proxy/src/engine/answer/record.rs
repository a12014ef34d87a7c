//! One log line and one set of metrics for each request.

use std::sync::Arc;

use http::StatusCode;
use tokio::time::Instant;

use super::served::Served;
use crate::access_log::{self, AccessRecord, Labels, Milliseconds};
use crate::cache::CacheStatus;
use crate::engine::call::budget::CallTally;
use crate::engine::context::{RequestContext, Target};
use crate::engine::outcome::Outcome;
use crate::engine::refusal::Refusal;
use crate::metrics::Metrics;
use crate::time_of_day;
use crate::traces::{Recording, ServerEnd, ServerSpan};

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
    /// The code of the problem that was answered.
    #[must_use]
    pub fn problem(&self) -> Option<&Arc<str>> {
        self.problem.as_ref()
    }

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

/// One log line and one set of metrics for a request that got an answer of this status.
pub fn write(
    metrics: &Metrics,
    context: &RequestContext,
    tally: &CallTally,
    ending: &Ending,
    status: StatusCode,
) {
    let ended = Instant::now();
    let phases = context.phases.so_far(ended);
    let outcome = || ending.outcome.map_or("done", Outcome::word);
    let own;
    let (labels, series) = match context.target() {
        Target::Operation(index) => {
            let telemetry = context.runtime().telemetry(index, metrics);
            (&telemetry.labels, Some(&telemetry.requests))
        }
        Target::Builtin { label, route } => {
            own = Labels::new(route, label, None);
            (&own, None)
        }
    };
    let record = AccessRecord {
        method: context.method.as_str(),
        labels,
        status,
        problem: ending.problem.as_deref().unwrap_or_default(),
        outcome: context.is_write().then(outcome),
        cache: ending.cache.map(CacheStatus::label),
        duration: ended.saturating_duration_since(context.started),
        phases: Some(&phases),
        vendor_calls: tally.calls,
        vendor_time: tally.vendor_time,
        caller: context.caller.as_deref(),
        cause: ending.cause.as_deref(),
        trace_id: context.trace.id.as_str(),
    };
    let (code, status) = (record.problem, record.status.as_str());
    match series {
        Some(series) => {
            metrics.requests.answered_in(series, status, code, &phases);
            // Only operations write.
            if let Some(outcome) = record.outcome {
                metrics.requests.write_in(series, outcome);
            }
        }
        None => metrics
            .requests
            .answered(&labels.operation, status, code, record.duration),
    }
    if let Some(result) = record.cache {
        metrics.cache.request(&labels.operation, result);
    }
    log(&record, ended);
    let trace = &context.trace;
    if let Some(recording) = trace.recording() {
        let end = ServerEnd {
            operation: match context.target() {
                Target::Operation(index) => Some(index),
                Target::Builtin { .. } => None,
            },
            page: match context.target() {
                Target::Operation(_) => ("", ""),
                Target::Builtin { label, route } => (label, route),
            },
            method: Recording::method(record.method),
            status: record.status.as_u16(),
            problem: ending.problem.clone(),
            outcome: context.is_write().then(outcome),
            cache: ending.cache.map(CacheStatus::label),
        };
        let span = ServerSpan {
            parent: trace.parent(),
            started: context.started.into_std(),
            ended: ended.into_std(),
            end,
        };
        recording.request(trace.id, trace.span, span, tally.spans());
    }
}

/// The line of a request that ended at `ended`.
pub fn log(record: &AccessRecord<'_>, ended: Instant) {
    if tracing::enabled!(target: "access", tracing::Level::INFO)
        && !access_log::write(record, time_of_day::at(ended.into_std()))
    {
        print(record);
    }
}

/// For people: through the log that everything else goes through.
fn print(record: &AccessRecord<'_>) {
    tracing::info!(
        target: "access",
        method = %record.method.escape_debug(),
        route = record.labels.route,
        operation = record.labels.operation,
        status = record.status.as_u16(),
        problem = record.problem,
        outcome = record.outcome,
        cache = record.cache,
        duration_ms = %Milliseconds(record.duration),
        phases = record.phases.map(tracing::field::display),
        upstream = record.labels.upstream,
        vendor_calls = record.vendor_calls,
        vendor_ms = %Milliseconds(record.vendor_time),
        caller = record.caller,
        cause = record.cause,
        trace_id = record.trace_id,
        "request"
    );
}
