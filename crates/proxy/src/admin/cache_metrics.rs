//! What the cache does and holds.

use std::sync::atomic::{AtomicU64, Ordering};

use prometheus::{IntCounter, IntCounterVec, IntGauge, Opts, Registry};

use crate::cache::store::Measure;

pub struct CacheMetrics {
    requests: IntCounterVec,
    refreshes: IntCounterVec,
    fenced: IntCounterVec,
    evicted: IntCounter,
    /// Evictions that the counter has seen.
    counted: AtomicU64,
    purged: IntCounter,
    bytes: IntGauge,
    entries: IntGauge,
}

impl CacheMetrics {
    /// Registers everything.
    ///
    /// # Errors
    /// Two metrics of one name.
    pub fn new(registry: &Registry) -> Result<Self, prometheus::Error> {
        let by_operation = |name: &str, help: &str, labels: &[&str]| {
            let counter = IntCounterVec::new(Opts::new(name, help), labels)?;
            registry.register(Box::new(counter.clone()))?;
            Ok::<_, prometheus::Error>(counter)
        };
        let counter = |name: &str, help: &str| {
            let counter = IntCounter::new(name, help)?;
            registry.register(Box::new(counter.clone()))?;
            Ok::<_, prometheus::Error>(counter)
        };
        let gauge = |name: &str, help: &str| {
            let gauge = IntGauge::new(name, help)?;
            registry.register(Box::new(gauge.clone()))?;
            Ok::<_, prometheus::Error>(gauge)
        };
        Ok(Self {
            requests: by_operation(
                "lms_gateway_cache_requests_total",
                "Cached reads by result: hit, stale, miss, collapsed (waited for another's call), bypass (a write of unknown outcome), not_asked (only-if-cached).",
                &["operation", "result"],
            )?,
            refreshes: by_operation(
                "lms_gateway_cache_refreshes_total",
                "Vendor calls in the background for a stale answer that went out.",
                &["operation"],
            )?,
            fenced: by_operation(
                "lms_gateway_cache_fenced_fills_total",
                "Answers that were not kept because a write had made them void.",
                &["operation"],
            )?,
            evicted: counter(
                "lms_gateway_cache_evictions_total",
                "Entries driven out by others.",
            )?,
            counted: AtomicU64::new(0),
            purged: counter(
                "lms_gateway_cache_purged_total",
                "Entries dropped by an operator.",
            )?,
            bytes: gauge("lms_gateway_cache_bytes", "What the entries weigh, about.")?,
            entries: gauge("lms_gateway_cache_entries", "Entries kept.")?,
        })
    }

    pub fn request(&self, operation: &str, result: &str) {
        self.requests.with_label_values(&[operation, result]).inc();
    }

    pub fn refresh(&self, operation: &str) {
        self.refreshes.with_label_values(&[operation]).inc();
    }

    pub fn fenced(&self, operation: &str) {
        self.fenced.with_label_values(&[operation]).inc();
    }

    pub fn purged(&self, entries: usize) {
        self.purged.inc_by(entries as u64);
    }

    /// What the store holds at this moment.
    pub fn measure(&self, measure: Measure) {
        let gauge = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
        self.bytes.set(gauge(measure.bytes));
        self.entries.set(gauge(measure.entries));
        let before = self.counted.fetch_max(measure.evicted, Ordering::Relaxed);
        self.evicted.inc_by(measure.evicted.saturating_sub(before));
    }
}
