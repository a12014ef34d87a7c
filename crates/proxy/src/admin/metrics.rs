//! What Prometheus scrapes. Labels come from closed sets: the contract's operations and upstreams,
//! our codes, statuses; never from a path, an id or a vendor's text.

use std::time::Duration;

use prometheus::{
    Encoder, HistogramOpts, HistogramVec, IntCounterVec, IntGauge, Opts, Registry, TextEncoder,
};

use crate::upstream::Attempt;

/// Seconds. A hit is far below the first, a slow vendor near the last.
const BUCKETS: &[f64] = &[
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0,
];

pub struct Metrics {
    registry: Registry,
    requests: IntCounterVec,
    durations: HistogramVec,
    vendor_calls: IntCounterVec,
    vendor_durations: HistogramVec,
    pub in_flight: IntGauge,
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
        let in_flight =
            IntGauge::new("lms_gateway_requests_in_flight", "Requests being answered.")?;
        registry.register(Box::new(in_flight.clone()))?;
        let build = IntCounterVec::new(
            Opts::new("lms_gateway_build_info", "Always 1."),
            &["version"],
        )?;
        build.with_label_values(&[env!("CARGO_PKG_VERSION")]).inc();
        registry.register(Box::new(build))?;
        Ok(Self {
            registry,
            requests,
            durations,
            vendor_calls,
            vendor_durations,
            in_flight,
        })
    }

    pub fn request(&self, operation: &str, status: u16, code: &str, elapsed: Duration) {
        self.requests
            .with_label_values(&[operation, &status.to_string(), code])
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
            Attempt::Sent(_) => "lost",
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

    /// The text format of Prometheus.
    #[must_use]
    pub fn text(&self) -> Vec<u8> {
        let mut text = Vec::new();
        if let Err(error) = TextEncoder::new().encode(&self.registry.gather(), &mut text) {
            tracing::error!(%error, "metrics cannot be written");
        }
        text
    }
}
