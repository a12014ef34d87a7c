//! What Prometheus scrapes. Labels come from closed sets: the contract's operations and upstreams,
//! our codes, statuses; never from a path, an id or a vendor's text. Who counts gives plain values:
//! nothing here knows a request, a call or an entry.

mod cache;
mod register;
mod requests;
mod upstreams;

use prometheus::{Encoder, IntCounterVec, Registry, TextEncoder};

use cache::CacheMetrics;
use register::Register;
use requests::RequestMetrics;
use upstreams::UpstreamMetrics;
pub use upstreams::{CallOutcome, Gauged};

/// All metrics of the process, by whom they are about. Lives as long as the process.
pub struct Metrics {
    registry: Registry,
    pub requests: RequestMetrics,
    pub upstreams: UpstreamMetrics,
    pub cache: CacheMetrics,
    reloads: IntCounterVec,
}

impl Metrics {
    /// Registers everything.
    ///
    /// # Errors
    /// Only if two metrics have one name: a bug that the first start shows.
    pub fn new() -> Result<Self, prometheus::Error> {
        let registry = Registry::new();
        let register = Register(&registry);
        let requests = RequestMetrics::new(&register)?;
        let upstreams = UpstreamMetrics::new(&register)?;
        let cache = CacheMetrics::new(&register)?;
        let reloads = register.counters(
            "lms_gateway_config_reloads_total",
            "Reloads by result: accepted, refused (the running configuration stays).",
            &["result"],
        )?;
        let build = register.gauges("lms_gateway_build_info", "Always 1.", &["version"])?;
        build.with_label_values(&[env!("CARGO_PKG_VERSION")]).set(1);
        Ok(Self {
            requests,
            upstreams,
            cache,
            reloads,
            registry,
        })
    }

    /// Counts a reload; `accepted` says whether what was read runs now.
    pub fn reloaded(&self, accepted: bool) {
        let result = if accepted { "accepted" } else { "refused" };
        self.reloads.with_label_values(&[result]).inc();
    }

    /// The text format of Prometheus, version 0.0.4.
    #[must_use]
    pub fn text(&self) -> Vec<u8> {
        let families = self.upstreams.measured(|| self.registry.gather());
        let mut text = Vec::new();
        if let Err(error) = TextEncoder::new().encode(&families, &mut text) {
            tracing::error!(%error, "metrics cannot be written");
        }
        text
    }
}
