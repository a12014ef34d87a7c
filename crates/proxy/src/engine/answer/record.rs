//! One log line and one set of metrics for each request.

use bytes::Bytes;
use http::Response;

use crate::access_log::{self, Line};
use crate::cache::status::CacheStatus;
use crate::engine::context::Exchange;
use crate::engine::outcome::Outcome;
use crate::metrics::Metrics;

pub fn record(metrics: &Metrics, exchange: &Exchange, response: &Response<Bytes>) {
    let status = response.status();
    let operation = exchange.operation();
    let elapsed = exchange.started.elapsed();
    let code = exchange.problem.as_deref().unwrap_or_default();
    metrics
        .requests
        .answered(operation, status.as_str(), code, elapsed);
    let cache = exchange.cache.map(CacheStatus::label);
    if let Some(result) = cache {
        metrics.cache.request(operation, result);
    }
    let outcome = exchange
        .write
        .then(|| exchange.outcome.map_or("done", Outcome::word));
    if let Some(outcome) = outcome {
        metrics.requests.write(operation, outcome);
    }
    let line = Line {
        method: exchange.method.as_str(),
        route: exchange.route(),
        operation,
        status: status.as_u16(),
        problem: code,
        outcome,
        cache,
        duration_ms: elapsed.as_secs_f64() * 1e3,
        upstream: exchange.upstream(),
        vendor_calls: exchange.vendor_calls,
        vendor_ms: exchange.vendor_time.as_secs_f64() * 1e3,
        caller: exchange.caller.as_deref(),
        cause: exchange.cause.as_deref(),
        trace_id: &exchange.trace.id,
    };
    if tracing::enabled!(target: "access", tracing::Level::INFO) && !access_log::write(&line) {
        print(&line);
    }
}

/// For people: through the log that everything else goes through.
fn print(line: &Line<'_>) {
    tracing::info!(
        target: "access",
        method = %line.method.escape_debug(),
        route = line.route,
        operation = line.operation,
        status = line.status,
        problem = line.problem,
        outcome = line.outcome,
        cache = line.cache,
        duration_ms = line.duration_ms,
        upstream = line.upstream,
        vendor_calls = line.vendor_calls,
        vendor_ms = line.vendor_ms,
        caller = line.caller,
        cause = line.cause,
        trace_id = line.trace_id,
        "request"
    );
}
