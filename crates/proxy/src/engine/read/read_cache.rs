//! What the reads of the engine share: entries, fences and calls under way.

use std::sync::Arc;

use tokio::time::Instant;

use super::fetch_result::FetchResult;
use crate::cache::{Cache, Key, Measure, SingleFlight};
use crate::engine::refusal::Refusal;
use crate::engine::runtime::{Memberships, Runtime};
use crate::metrics::Metrics;
use crate::phases::Phases;
use crate::shared::Fleet;

/// It outlives a reload.
pub struct ReadCache {
    pub(super) cache: Cache<Refusal>,
    pub(super) flights: SingleFlight<Key, Arc<FetchResult>, Arc<Phases>>,
    pub(super) metrics: Arc<Metrics>,
}

impl ReadCache {
    #[must_use]
    pub fn new(runtime: &Runtime, metrics: Arc<Metrics>) -> Self {
        Self {
            cache: Cache::new(runtime.settings.cache.budget as u64),
            flights: SingleFlight::default(),
            metrics,
        }
    }

    /// Starts empty under another configuration, which is not in use yet.
    pub fn begin(&self, runtime: &mut Runtime) {
        let upstreams = runtime.plan.upstreams.iter().map(String::as_str);
        runtime.generation = self.cache.fences.begin(upstreams);
        self.cache.restart(runtime.settings.cache.budget as u64);
    }

    /// Joins the fleets of a configuration that is not in use yet.
    pub fn join(&self, fleet: &Fleet, runtime: &mut Runtime) {
        let configuration = (&runtime.plan, &runtime.settings);
        let fences = &self.cache.fences;
        let joined = Memberships::join(fleet, fences, configuration, &runtime.upstreams);
        runtime.memberships = Some(joined);
    }

    #[must_use]
    pub fn measure(&self) -> Measure {
        self.cache.measure()
    }
}

/// The monotonic clock.
pub(super) fn now() -> std::time::Instant {
    Instant::now().into_std()
}
