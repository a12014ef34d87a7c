//! What the cache does and holds.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

use prometheus::core::Collector;
use prometheus::{Error, IntCounter, IntCounterVec, IntGauge};

use super::register::Register;

/// What the cache does for a read.
const RESULTS: [&str; 6] = ["hit", "stale", "miss", "collapsed", "bypass", NOT_ASKED];

/// `only-if-cached`.
const NOT_ASKED: &str = "not_asked";

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
    pub(super) fn new(register: &Register<'_>) -> Result<Self, Error> {
        Ok(Self {
            requests: register.counters(
                "lms_gateway_cache_requests_total",
                "Cached reads by result: hit, stale, miss, collapsed (waited for another's call), bypass (a write of unknown outcome), not_asked (only-if-cached).",
                &["operation", "result"],
            )?,
            refreshes: register.counters(
                "lms_gateway_cache_refreshes_total",
                "Vendor calls in the background for a stale answer that went out.",
                &["operation"],
            )?,
            fenced: register.counters(
                "lms_gateway_cache_fenced_fills_total",
                "Answers that were not kept because a write had made them void.",
                &["operation"],
            )?,
            evicted: register.counter(
                "lms_gateway_cache_evictions_total",
                "Entries driven out by others.",
            )?,
            counted: AtomicU64::new(0),
            purged: register.counter(
                "lms_gateway_cache_purged_total",
                "Entries dropped by an operator.",
            )?,
            bytes: register.gauge("lms_gateway_cache_bytes", "What the entries weigh, about.")?,
            entries: register.gauge("lms_gateway_cache_entries", "Entries kept.")?,
        })
    }

    /// The series of a read; of one that is not cached the callers may still ask for what is kept alone.
    pub fn stand(&self, operation: &str, is_cached: bool) {
        if !is_cached {
            self.requests.with_label_values(&[operation, NOT_ASKED]);
            return;
        }
        for result in RESULTS {
            self.requests.with_label_values(&[operation, result]);
        }
        self.refreshes.with_label_values(&[operation]);
        self.fenced.with_label_values(&[operation]);
    }

    /// A cached read was answered. `result` is one of [`RESULTS`].
    pub fn request(&self, operation: &str, result: &str) {
        self.requests.with_label_values(&[operation, result]).inc();
    }

    /// The series of an operation's hits.
    #[must_use]
    pub fn hits(&self, operation: &str) -> IntCounter {
        self.requests.with_label_values(&[operation, "hit"])
    }

    /// A call in the background began.
    pub fn refresh(&self, operation: &str) {
        self.refreshes.with_label_values(&[operation]).inc();
    }

    /// An answer was not kept.
    pub fn fenced(&self, operation: &str) {
        self.fenced.with_label_values(&[operation]).inc();
    }

    /// Cached reads since the process began, by result.
    #[must_use]
    pub fn results(&self) -> BTreeMap<String, u64> {
        let mut sums = BTreeMap::new();
        for family in self.requests.collect() {
            for metric in family.get_metric() {
                let labels = metric.get_label().iter();
                let result = labels
                    .filter(|label| label.name() == "result")
                    .map(|label| label.value());
                let count = metric.get_counter().get_value();
                for result in result {
                    // A counter of whole numbers.
                    *sums.entry(result.to_owned()).or_insert(0) += count as u64;
                }
            }
        }
        sums
    }

    /// An operator dropped so many entries.
    pub fn purged(&self, entries: usize) {
        self.purged.inc_by(entries as u64);
    }

    /// What the store holds at this moment: bytes, entries, and evictions since the process began.
    pub fn measure(&self, bytes: u64, entries: u64, evicted: u64) {
        let gauge = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
        self.bytes.set(gauge(bytes));
        self.entries.set(gauge(entries));
        let before = self.counted.fetch_max(evicted, Ordering::Relaxed);
        self.evicted.inc_by(evicted.saturating_sub(before));
    }
}
