//! Callers' requests, and what the writes among them came to.

use std::time::Duration;

use prometheus::{Error, HistogramVec, IntCounterVec, IntGauge};

use super::register::Register;

pub struct RequestMetrics {
    answered: IntCounterVec,
    durations: HistogramVec,
    writes: IntCounterVec,
    in_flight: IntGauge,
}

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

    /// A write was answered. `outcome` is `done`, `not-done` or `unknown`.
    pub fn write(&self, operation: &str, outcome: &str) {
        self.writes.with_label_values(&[operation, outcome]).inc();
    }
}
