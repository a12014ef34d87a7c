//! Vendor calls, and what vendors answered that the contract does not know.

mod calls;
mod now;
mod rejections;

use std::sync::Arc;

use prometheus::{Error, HistogramVec, IntCounterVec};
use translate::judge::FindingKind;

use super::register::Register;
pub use calls::{CallOutcome, CallSeries};
pub use now::{Gauged, UpstreamGauges};
pub use rejections::{RejectedBy, Rejections};

pub struct UpstreamMetrics {
    /// What is true at the moment of a scrape.
    pub now: UpstreamGauges,
    calls: IntCounterVec,
    durations: HistogramVec,
    refused: IntCounterVec,
    retries: IntCounterVec,
    rejections: IntCounterVec,
    unknown_fields: IntCounterVec,
    lenient_values: IntCounterVec,
    unmapped_errors: IntCounterVec,
    dead_locations: IntCounterVec,
    drift: IntCounterVec,
}

impl UpstreamMetrics {
    pub(super) fn new(register: &Register<'_>) -> Result<Self, Error> {
        let by_operation =
            |name: &str, help: &str| register.counters(name, help, &["upstream", "operation"]);
        Ok(Self {
            now: UpstreamGauges::new(register)?,
            calls: register.counters(
                "lms_gateway_upstream_requests_total",
                "Vendor calls by outcome: answered_2xx to answered_5xx, cut, lost (sent, no answer), not_sent.",
                &["upstream", "operation", "outcome"],
            )?,
            durations: register.durations(
                "lms_gateway_upstream_duration_seconds",
                "Time of one vendor call.",
                &["upstream", "operation"],
            )?,
            refused: register.counters(
                "lms_gateway_upstream_refused_total",
                "Vendor calls that were not made: circuit-open, paused (the vendor's Retry-After), shed (queue).",
                &["upstream", "reason"],
            )?,
            retries: register.counters(
                "lms_gateway_upstream_retries_total",
                "Reads that went once more.",
                &["upstream"],
            )?,
            rejections: register.counters(
                "lms_gateway_upstream_credential_rejections_total",
                "Credentials that were not taken, by whom: vendor-401, vendor-403, token-endpoint.",
                &["upstream", "by"],
            )?,
            unknown_fields: by_operation(
                "lms_gateway_upstream_unknown_fields_total",
                "Fields of vendors' answers that the contract does not have; they were dropped.",
            )?,
            lenient_values: by_operation(
                "lms_gateway_upstream_lenient_values_total",
                "Values of vendors' answers in another type than the contract's that could mean one thing only; they were read as it.",
            )?,
            unmapped_errors: by_operation(
                "lms_gateway_upstream_unmapped_errors_total",
                "Vendors' errors without a row in the contract; the default of their status applied.",
            )?,
            dead_locations: by_operation(
                "lms_gateway_upstream_dead_locations_total",
                "Answers without Location, because the route that it would lead to refuses the vendor's value.",
            )?,
            drift: register.counters(
                "lms_gateway_vendor_drift_total",
                "Answers of vendors that were looked through and differ from the contract, by kind: unknown-field, new-value, missing-field, changed-type.",
                &["operation", "kind"],
            )?,
        })
    }

    /// The series of one upstream's calls, by the ids of its operations.
    #[must_use]
    pub fn calls(&self, upstream: &str, operations: Vec<Arc<str>>) -> CallSeries {
        let (calls, durations) = (self.calls.clone(), self.durations.clone());
        CallSeries::new(upstream, operations, calls, durations)
    }

    /// A call was not made. `reason` is `circuit-open`, `paused` or `shed`.
    pub fn refused(&self, upstream: &str, reason: &str) {
        self.refused.with_label_values(&[upstream, reason]).inc();
    }

    /// A read went once more.
    pub fn retried(&self, upstream: &str) {
        self.retries.with_label_values(&[upstream]).inc();
    }

    pub fn unknown_fields(&self, upstream: &str, operation: &str, fields: usize) {
        self.unknown_fields
            .with_label_values(&[upstream, operation])
            .inc_by(fields as u64);
    }

    pub fn lenient_values(&self, upstream: &str, operation: &str, values: usize) {
        self.lenient_values
            .with_label_values(&[upstream, operation])
            .inc_by(values as u64);
    }

    pub fn unmapped_error(&self, upstream: &str, operation: &str) {
        self.unmapped_errors
            .with_label_values(&[upstream, operation])
            .inc();
    }

    pub fn dead_location(&self, upstream: &str, operation: &str) {
        self.dead_locations
            .with_label_values(&[upstream, operation])
            .inc();
    }

    /// Counts the credentials of an upstream that are not taken.
    #[must_use]
    pub fn rejections(&self, upstream: &str) -> Rejections {
        Rejections::new(upstream, self.rejections.clone())
    }

    /// An answer that was looked through differs from the contract.
    pub fn drifted(&self, operation: &str, kind: FindingKind) {
        self.drift
            .with_label_values(&[operation, kind.label()])
            .inc();
    }

    /// The series of an upstream. `fetches_tokens` says whether it has a token endpoint.
    pub fn stand(&self, upstream: &str, fetches_tokens: bool) {
        for reason in ["circuit-open", "paused", "shed"] {
            self.refused.with_label_values(&[upstream, reason]);
        }
        self.retries.with_label_values(&[upstream]);
        let all = [
            RejectedBy::Vendor401,
            RejectedBy::Vendor403,
            RejectedBy::TokenEndpoint,
        ];
        for by in all.into_iter().take(if fetches_tokens { 3 } else { 2 }) {
            self.rejections.with_label_values(&[upstream, by.label()]);
        }
    }

    /// The series of the calls that an operation makes.
    pub fn stand_operation(&self, new: NewOperation<'_>) {
        let labels = [new.upstream, new.operation];
        for outcome in CallOutcome::LABELS {
            let labels = [new.upstream, new.operation, outcome];
            self.calls.with_label_values(&labels);
        }
        self.durations.with_label_values(&labels);
        self.unknown_fields.with_label_values(&labels);
        self.lenient_values.with_label_values(&labels);
        self.unmapped_errors.with_label_values(&labels);
        for kind in FindingKind::ALL {
            let labels = [new.operation, kind.label()];
            self.drift.with_label_values(&labels);
        }
        if new.has_location {
            self.dead_locations.with_label_values(&labels);
        }
    }
}

/// What an operation's calls are called.
#[derive(Debug, Clone, Copy)]
pub struct NewOperation<'o> {
    pub upstream: &'o str,
    pub operation: &'o str,
    /// Its answers name the new thing.
    pub has_location: bool,
}
