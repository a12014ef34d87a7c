//! What Prometheus scrapes. Labels come from closed sets: the contract's operations and upstreams,
//! our codes, statuses; never from a path, an id or a vendor's text.

use std::sync::{Arc, Mutex, MutexGuard, Weak};
use std::time::Duration;

use prometheus::{
    Encoder, HistogramOpts, HistogramVec, IntCounterVec, IntGauge, IntGaugeVec, Opts, Registry,
    TextEncoder,
};

use super::cache_metrics::CacheMetrics;
use crate::upstream::{Attempt, Notice};

/// Seconds. A hit is far below the first, a slow vendor near the last.
const BUCKETS: &[f64] = &[
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0,
];

/// What is true of an upstream at this moment.
pub trait Gauged: Send + Sync {
    /// A call would be refused because the vendor failed too often.
    fn is_circuit_open(&self) -> bool;

    /// Calls under way.
    fn in_flight(&self) -> usize;
}

pub struct Metrics {
    /// In the order of their opening; those of before a reload end with their last call.
    upstreams: Mutex<Vec<(String, Weak<dyn Gauged>)>>,
    registry: Registry,
    requests: IntCounterVec,
    durations: HistogramVec,
    vendor_calls: IntCounterVec,
    vendor_durations: HistogramVec,
    refused: IntCounterVec,
    retries: IntCounterVec,
    circuit_open: IntGaugeVec,
    vendor_in_flight: IntGaugeVec,
    write_outcomes: IntCounterVec,
    reloads: IntCounterVec,
    unknown_fields: IntCounterVec,
    lenient_values: IntCounterVec,
    unmapped_errors: IntCounterVec,
    dead_locations: IntCounterVec,
    cache: CacheMetrics,
    in_flight: IntGauge,
}

/// Counts a request as being answered until it is dropped, also by a panic.
pub struct Counted<'m>(&'m IntGauge);

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.dec();
    }
}

impl Metrics {
    /// Registers everything.
    ///
    /// # Errors
    /// Only if two metrics have one name: a bug that the first start shows.
    pub fn new() -> Result<Self, prometheus::Error> {
        let registry = Registry::new();
        let counter = |name: &str, help: &str, labels: &[&str]| {
            let counter = IntCounterVec::new(Opts::new(name, help), labels)?;
            registry.register(Box::new(counter.clone()))?;
            Ok::<_, prometheus::Error>(counter)
        };
        let histogram = |name: &str, help: &str, labels: &[&str]| {
            let options = HistogramOpts::new(name, help).buckets(BUCKETS.to_vec());
            let histogram = HistogramVec::new(options, labels)?;
            registry.register(Box::new(histogram.clone()))?;
            Ok::<_, prometheus::Error>(histogram)
        };
        let requests = counter(
            "lms_gateway_requests_total",
            "Requests answered, by operation, status and problem code (empty without a problem).",
            &["operation", "status", "code"],
        )?;
        let durations = histogram(
            "lms_gateway_request_duration_seconds",
            "Time from a request's head to its answer.",
            &["operation"],
        )?;
        let vendor_calls = counter(
            "lms_gateway_upstream_requests_total",
            "Vendor calls by outcome: answered_2xx to answered_5xx, cut, lost (sent, no answer), not_sent.",
            &["upstream", "operation", "outcome"],
        )?;
        let vendor_durations = histogram(
            "lms_gateway_upstream_duration_seconds",
            "Time of one vendor call.",
            &["upstream", "operation"],
        )?;
        let refused = counter(
            "lms_gateway_upstream_refused_total",
            "Vendor calls that were not made: circuit-open, paused (the vendor's Retry-After), shed (queue).",
            &["upstream", "reason"],
        )?;
        let retries = counter(
            "lms_gateway_upstream_retries_total",
            "Reads that went once more.",
            &["upstream"],
        )?;
        let gauge = |name: &str, help: &str| {
            let gauge = IntGaugeVec::new(Opts::new(name, help), &["upstream"])?;
            registry.register(Box::new(gauge.clone()))?;
            Ok::<_, prometheus::Error>(gauge)
        };
        let circuit_open = gauge(
            "lms_gateway_upstream_circuit_open",
            "1 while calls to an upstream are refused because it failed: its circuit is open, or the one probe is under way.",
        )?;
        let vendor_in_flight = gauge("lms_gateway_upstream_in_flight", "Vendor calls under way.")?;
        let write_outcomes = counter(
            "lms_gateway_writes_total",
            "Writes by what their callers were told: done, not-done, unknown.",
            &["operation", "outcome"],
        )?;
        let unknown_fields = counter(
            "lms_gateway_upstream_unknown_fields_total",
            "Fields of vendors' answers that the contract does not have; they were dropped.",
            &["upstream", "operation"],
        )?;
        let lenient_values = counter(
            "lms_gateway_upstream_lenient_values_total",
            "Values of vendors' answers in another type than the contract's that could mean one thing only; they were read as it.",
            &["upstream", "operation"],
        )?;
        let unmapped_errors = counter(
            "lms_gateway_upstream_unmapped_errors_total",
            "Vendors' errors without a row in the contract; the default of their status applied.",
            &["upstream", "operation"],
        )?;
        let dead_locations = counter(
            "lms_gateway_upstream_dead_locations_total",
            "Answers without Location, because the route that it would lead to refuses the vendor's value.",
            &["upstream", "operation"],
        )?;
        let reloads = counter(
            "lms_gateway_config_reloads_total",
            "Reloads by result: accepted, refused (the running configuration stays).",
            &["result"],
        )?;
        let cache = CacheMetrics::new(&registry)?;
        let in_flight =
            IntGauge::new("lms_gateway_requests_in_flight", "Requests being answered.")?;
        registry.register(Box::new(in_flight.clone()))?;
        let build = IntGaugeVec::new(
            Opts::new("lms_gateway_build_info", "Always 1."),
            &["version"],
        )?;
        build.with_label_values(&[env!("CARGO_PKG_VERSION")]).set(1);
        registry.register(Box::new(build))?;
        Ok(Self {
            upstreams: Mutex::default(),
            registry,
            requests,
            durations,
            vendor_calls,
            vendor_durations,
            refused,
            retries,
            circuit_open,
            vendor_in_flight,
            write_outcomes,
            reloads,
            unknown_fields,
            lenient_values,
            unmapped_errors,
            dead_locations,
            cache,
            in_flight,
        })
    }

    #[must_use]
    pub fn count(&self) -> Counted<'_> {
        self.in_flight.inc();
        Counted(&self.in_flight)
    }

    pub fn request(&self, operation: &str, status: &str, code: &str, elapsed: Duration) {
        self.requests
            .with_label_values(&[operation, status, code])
            .inc();
        self.durations
            .with_label_values(&[operation])
            .observe(elapsed.as_secs_f64());
    }

    pub fn vendor_call(
        &self,
        upstream: &str,
        operation: &str,
        attempt: &Attempt,
        elapsed: Duration,
    ) {
        let outcome = match attempt {
            Attempt::NotSent(_) => "not_sent",
            Attempt::ResponseLost(_) => "lost",
            Attempt::Answered(answer) if answer.cut.is_some() => "cut",
            Attempt::Answered(answer) => match answer.status {
                200..=299 => "answered_2xx",
                300..=399 => "answered_3xx",
                400..=499 => "answered_4xx",
                _ => "answered_5xx",
            },
        };
        self.vendor_calls
            .with_label_values(&[upstream, operation, outcome])
            .inc();
        self.vendor_durations
            .with_label_values(&[upstream, operation])
            .observe(elapsed.as_secs_f64());
    }

    pub fn refused(&self, upstream: &str, reason: &str) {
        self.refused.with_label_values(&[upstream, reason]).inc();
    }

    pub fn retried(&self, upstream: &str) {
        self.retries.with_label_values(&[upstream]).inc();
    }

    /// From now on the gauges of an upstream are asked for when somebody scrapes.
    pub fn watch(&self, upstream: &str, gauged: &Arc<dyn Gauged>) {
        let entry = (upstream.to_owned(), Arc::downgrade(gauged));
        self.lock().push(entry);
    }

    fn lock(&self) -> MutexGuard<'_, Vec<(String, Weak<dyn Gauged>)>> {
        self.upstreams
            .lock()
            .unwrap_or_else(|poison| poison.into_inner())
    }

    pub fn write(&self, operation: &str, outcome: &str) {
        self.write_outcomes
            .with_label_values(&[operation, outcome])
            .inc();
    }

    pub fn notice(&self, upstream: &str, operation: &str, notice: Notice) {
        let labels = [upstream, operation];
        match notice {
            Notice::UnknownFields(count) => {
                self.unknown_fields
                    .with_label_values(&labels)
                    .inc_by(count as u64);
            }
            Notice::LenientValues(count) => {
                self.lenient_values
                    .with_label_values(&labels)
                    .inc_by(count as u64);
            }
            Notice::UnmappedError => self.unmapped_errors.with_label_values(&labels).inc(),
            Notice::DeadLocation => self.dead_locations.with_label_values(&labels).inc(),
        }
    }

    pub fn reloaded(&self, accepted: bool) {
        let result = if accepted { "accepted" } else { "refused" };
        self.reloads.with_label_values(&[result]).inc();
    }

    #[must_use]
    pub fn cache(&self) -> &CacheMetrics {
        &self.cache
    }

    /// The text format of Prometheus.
    #[must_use]
    pub fn text(&self) -> Vec<u8> {
        // Held to the end, so that no other scrape sees half of the gauges.
        let mut upstreams = self.lock();
        self.measure(&mut upstreams);
        let mut text = Vec::new();
        if let Err(error) = TextEncoder::new().encode(&self.registry.gather(), &mut text) {
            tracing::error!(%error, "metrics cannot be written");
        }
        text
    }

    /// Circuits are those of the last reload; calls also those that began before it.
    fn measure(&self, upstreams: &mut Vec<(String, Weak<dyn Gauged>)>) {
        self.circuit_open.reset();
        self.vendor_in_flight.reset();
        upstreams.retain(|(name, gauged)| {
            let Some(gauged) = gauged.upgrade() else {
                return false;
            };
            let open = i64::from(gauged.is_circuit_open());
            self.circuit_open.with_label_values(&[name]).set(open);
            let calls = i64::try_from(gauged.in_flight()).unwrap_or(i64::MAX);
            self.vendor_in_flight.with_label_values(&[name]).add(calls);
            true
        });
    }
}
