//! Vendor calls, and what vendors answered that the contract does not know.

mod calls;

use std::sync::{Arc, Mutex, PoisonError, Weak};

use prometheus::{Error, HistogramVec, IntCounterVec, IntGaugeVec};

use super::register::Register;
pub use calls::{CallOutcome, CallSeries};

/// What is true of an upstream at this moment.
pub trait Gauged: Send + Sync {
    /// A call would be refused because the vendor failed too often.
    fn is_circuit_open(&self) -> bool;

    /// Calls under way.
    fn in_flight(&self) -> usize;
}

type Watched = Vec<(String, Weak<dyn Gauged>)>;

pub struct UpstreamMetrics {
    /// In the order of their opening; those of before a reload end with their last call.
    watched: Mutex<Watched>,
    calls: IntCounterVec,
    durations: HistogramVec,
    refused: IntCounterVec,
    retries: IntCounterVec,
    circuit_open: IntGaugeVec,
    in_flight: IntGaugeVec,
    unknown_fields: IntCounterVec,
    lenient_values: IntCounterVec,
    unmapped_errors: IntCounterVec,
    dead_locations: IntCounterVec,
}

impl UpstreamMetrics {
    pub(super) fn new(register: &Register<'_>) -> Result<Self, Error> {
        let by_operation =
            |name: &str, help: &str| register.counters(name, help, &["upstream", "operation"]);
        let gauges = |name: &str, help: &str| register.gauges(name, help, &["upstream"]);
        Ok(Self {
            watched: Mutex::default(),
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
            circuit_open: gauges(
                "lms_gateway_upstream_circuit_open",
                "1 while calls to an upstream are refused because it failed: its circuit is open, or the one probe is under way.",
            )?,
            in_flight: gauges("lms_gateway_upstream_in_flight", "Vendor calls under way.")?,
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

    /// From now on the gauges of an upstream are asked for when somebody scrapes.
    pub fn watch(&self, upstream: &str, gauged: &Arc<dyn Gauged>) {
        let mut watched = self.watched.lock().unwrap_or_else(PoisonError::into_inner);
        watched.push((upstream.to_owned(), Arc::downgrade(gauged)));
    }

    /// What `gather` gives while the gauges are those of this moment: no other scrape sees half of them.
    pub(super) fn measured<R>(&self, gather: impl FnOnce() -> R) -> R {
        let mut watched = self.watched.lock().unwrap_or_else(PoisonError::into_inner);
        self.measure(&mut watched);
        gather()
    }

    /// Circuits are those of the last reload; calls also those that began before it.
    fn measure(&self, watched: &mut Watched) {
        self.circuit_open.reset();
        self.in_flight.reset();
        watched.retain(|(name, gauged)| {
            let Some(gauged) = gauged.upgrade() else {
                return false;
            };
            let open = i64::from(gauged.is_circuit_open());
            self.circuit_open.with_label_values(&[name]).set(open);
            let calls = i64::try_from(gauged.in_flight()).unwrap_or(i64::MAX);
            self.in_flight.with_label_values(&[name]).add(calls);
            true
        });
    }
}
