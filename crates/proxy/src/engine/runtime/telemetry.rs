//! What metrics and log say of one operation, found and written once.

use std::sync::OnceLock;

use contract::Operation;
use prometheus::IntCounter;

use crate::access_log::Labels;
use crate::metrics::{Metrics, RequestSeries};

pub struct Telemetry {
    pub labels: Labels,
    pub requests: RequestSeries,
    /// A series is there from its first count on.
    hits: OnceLock<IntCounter>,
}

impl Telemetry {
    #[must_use]
    pub fn of(operation: &Operation, metrics: &Metrics, has_store: bool) -> Self {
        let upstream = &*operation.binding.upstream;
        Self {
            labels: Labels::new(&operation.path, &operation.id, Some(upstream)),
            requests: metrics.requests.series(&operation.id, upstream, has_store),
            hits: OnceLock::new(),
        }
    }

    /// A read was answered out of the cache.
    pub fn hit(&self, metrics: &Metrics) {
        let operation = &self.labels.operation;
        self.hits
            .get_or_init(|| metrics.cache.hits(operation))
            .inc();
    }
}
