//! Callers' requests, and what the writes among them came to.

use std::sync::OnceLock;
use std::time::Duration;

use prometheus::{Error, Histogram, HistogramVec, IntCounter, IntCounterVec, IntGauge};

use super::phases::{PhaseMetrics, PhaseSeries};
use super::register::Register;
use crate::phases::PhaseTimes;

pub struct RequestMetrics {
    answered: IntCounterVec,
    durations: HistogramVec,
    phases: PhaseMetrics,
    writes: IntCounterVec,
    in_flight: IntGauge,
}

/// The series of one operation, found once: to find one by its labels costs as much as the rest of what a
/// hit counts.
pub struct RequestSeries {
    operation: String,
    durations: Histogram,
    phases: PhaseSeries,
    /// Of answers that are no problems, by [`OFTEN`]. A series is there from its first count on.
    often: [OnceLock<IntCounter>; OFTEN.len()],
    /// Of writes that were done.
    done: OnceLock<IntCounter>,
}

/// What nearly all writes come to.
const DONE: &str = "done";

/// What the callers of writes are told.
const OUTCOMES: [&str; 3] = [DONE, "not-done", "unknown"];

/// What requests for no operation come to, by the word that stands for the operation: of our own pages, and of what
/// leads nowhere.
const OWN: [(&str, &[(u16, &str)]); 5] = [
    ("openapi", &[(200, ""), (304, "")]),
    ("docs", &[(200, ""), (304, "")]),
    ("problems", &[(200, ""), (404, "route-not-found")]),
    ("options", &[(204, "")]),
    (
        "none",
        &[
            (400, "malformed-request"),
            (404, "route-not-found"),
            (405, "method-not-allowed"),
            (408, "request-timeout"),
            (414, "uri-too-long"),
            (431, "headers-too-large"),
            (500, "internal-error"),
            (501, "method-not-implemented"),
            (503, "shutting-down"),
        ],
    ),
];

/// Statuses of nearly all answers that are no problems.
const OFTEN: [&str; 4] = ["200", "201", "204", "304"];

/// Counts a request as being answered until it is dropped, also by a panic.
pub struct Counted<'m>(&'m IntGauge);

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.dec();
    }
}

impl RequestMetrics {
    pub(super) fn new(register: &Register<'_>) -> Result<Self, Error> {
        let metrics = Self {
            answered: register.counters(
                "lms_gateway_requests_total",
                "Requests answered, by operation, status and problem code (empty without a problem).",
                &["operation", "status", "code"],
            )?,
            durations: register.durations(
                "lms_gateway_request_duration_seconds",
                "Time from a request's head to its answer.",
                &["operation"],
            )?,
            phases: PhaseMetrics::new(register)?,
            writes: register.counters(
                "lms_gateway_writes_total",
                "Writes by what their callers were told: done, not-done, unknown.",
                &["operation", "outcome"],
            )?,
            in_flight: register
                .gauge("lms_gateway_requests_in_flight", "Requests being answered.")?,
        };
        for (operation, answers) in OWN {
            for (status, code) in answers {
                metrics.stand(operation, *status, code);
            }
            metrics.durations.with_label_values(&[operation]);
        }
        let _at_zero = metrics.phases.own();
        Ok(metrics)
    }

    /// An answer that an operation can give, with 0 until it does.
    pub fn stand(&self, operation: &str, status: u16, code: &str) {
        let status = status.to_string();
        self.answered.with_label_values(&[operation, &status, code]);
    }

    /// The outcomes of an operation that writes.
    pub fn stand_write(&self, operation: &str) {
        for outcome in OUTCOMES {
            self.writes.with_label_values(&[operation, outcome]);
        }
    }

    /// A request is being answered.
    #[must_use]
    pub fn count(&self) -> Counted<'_> {
        self.in_flight.inc();
        Counted(&self.in_flight)
    }

    /// An answer to a request for no upstream was made. `operation` is a word of ours, `status` three digits,
    /// `code` that of the problem or empty, `elapsed` since the request's head.
    pub fn answered(&self, operation: &str, status: &str, code: &str, elapsed: Duration) {
        self.answered
            .with_label_values(&[operation, status, code])
            .inc();
        let seconds = elapsed.as_secs_f64();
        self.durations
            .with_label_values(&[operation])
            .observe(seconds);
        self.phases.own().observe(seconds);
    }

    /// The series of an operation. `has_store`: replicas share one.
    #[must_use]
    pub fn series(&self, operation: &str, upstream: &str, has_store: bool) -> RequestSeries {
        RequestSeries {
            operation: operation.to_owned(),
            durations: self.durations.with_label_values(&[operation]),
            phases: self.phases.series(upstream, has_store),
            often: Default::default(),
            done: OnceLock::new(),
        }
    }

    /// As [`Self::answered`], of an operation whose series are known.
    pub fn answered_in(
        &self,
        series: &RequestSeries,
        status: &str,
        code: &str,
        phases: &PhaseTimes,
    ) {
        self.count_in(series, status, code);
        series.durations.observe(phases.whole().as_secs_f64());
        series.phases.observe(phases);
    }

    /// The same of an answer that was made in one go: it has no phases of its own.
    pub fn answered_at_once(&self, series: &RequestSeries, status: &str, elapsed: Duration) {
        self.count_in(series, status, "");
        series.durations.observe(elapsed.as_secs_f64());
        series.phases.only_other(elapsed);
    }

    fn count_in(&self, series: &RequestSeries, status: &str, code: &str) {
        let labels = &[series.operation.as_str(), status, code];
        let often = OFTEN.iter().zip(&series.often);
        match often.into_iter().find(|(known, _)| **known == status) {
            Some((_, counter)) if code.is_empty() => counter
                .get_or_init(|| self.answered.with_label_values(labels))
                .inc(),
            _ => self.answered.with_label_values(labels).inc(),
        }
    }

    /// A write was answered. `outcome` is `done`, `not-done` or `unknown`.
    pub fn write_in(&self, series: &RequestSeries, outcome: &str) {
        let labels = &[series.operation.as_str(), outcome];
        if outcome == DONE {
            let counter = series
                .done
                .get_or_init(|| self.writes.with_label_values(labels));
            counter.inc();
        } else {
            self.writes.with_label_values(labels).inc();
        }
    }
}
