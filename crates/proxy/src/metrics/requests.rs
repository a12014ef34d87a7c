//! Callers' requests, and what the writes among them came to.

use std::sync::OnceLock;
use std::time::Duration;

use prometheus::{Error, Histogram, HistogramVec, IntCounter, IntCounterVec, IntGauge};

use super::register::Register;

pub struct RequestMetrics {
    answered: IntCounterVec,
    durations: HistogramVec,
    writes: IntCounterVec,
    in_flight: IntGauge,
}

/// The series of one operation, found once: to find one by its labels costs as much as the rest of what a
/// hit counts.
pub struct RequestSeries {
    operation: String,
    durations: Histogram,
    /// Of answers that are no problems, by [`OFTEN`]. A series is there from its first count on.
    often: [OnceLock<IntCounter>; OFTEN.len()],
    /// Of writes that were done.
    done: OnceLock<IntCounter>,
}

/// What nearly all writes come to.
const DONE: &str = "done";

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
        Ok(Self {
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
            writes: register.counters(
                "lms_gateway_writes_total",
                "Writes by what their callers were told: done, not-done, unknown.",
                &["operation", "outcome"],
            )?,
            in_flight: register
                .gauge("lms_gateway_requests_in_flight", "Requests being answered.")?,
        })
    }

    /// A request is being answered.
    #[must_use]
    pub fn count(&self) -> Counted<'_> {
        self.in_flight.inc();
        Counted(&self.in_flight)
    }

    /// An answer was made. `operation` is an id of the contract or empty, `status` three digits,
    /// `code` that of the problem or empty, `elapsed` since the request's head.
    pub fn answered(&self, operation: &str, status: &str, code: &str, elapsed: Duration) {
        self.answered
            .with_label_values(&[operation, status, code])
            .inc();
        self.durations
            .with_label_values(&[operation])
            .observe(elapsed.as_secs_f64());
    }

    /// The series of an operation.
    #[must_use]
    pub fn series(&self, operation: &str) -> RequestSeries {
        RequestSeries {
            operation: operation.to_owned(),
            durations: self.durations.with_label_values(&[operation]),
            often: Default::default(),
            done: OnceLock::new(),
        }
    }

    /// As [`Self::answered`], of an operation whose series are known.
    pub fn answered_in(&self, series: &RequestSeries, status: &str, code: &str, elapsed: Duration) {
        let labels = &[series.operation.as_str(), status, code];
        let often = OFTEN.iter().zip(&series.often);
        match often.into_iter().find(|(known, _)| **known == status) {
            Some((_, counter)) if code.is_empty() => counter
                .get_or_init(|| self.answered.with_label_values(labels))
                .inc(),
            _ => self.answered.with_label_values(labels).inc(),
        }
        series.durations.observe(elapsed.as_secs_f64());
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
