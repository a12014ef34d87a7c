//! The cache stage of a read: from the store, from a call that somebody waits for already, or from a
//! call of its own. What a write changes, it makes void (`cached/write.rs`).

mod asked;
mod fetch;
mod purge;
mod rule;
mod serve;
mod tags;
mod write;

use std::sync::Arc;

use contract::{GatewayProblem, OperationIndex};
use http::request::Parts;
use tokio::time::Instant;

use super::input::Input;
use super::{Exchange, Refusal, Reply, Runtime, answer, call};
use crate::admin::Metrics;
use crate::cache::Cache;
use crate::cache::entry::Entry;
use crate::cache::flight::{Flights, Lost};
use crate::cache::freshness::Freshness;
use crate::cache::key::Key;
use crate::cache::status::{CacheStatus, StaleBy, Why};
use crate::cache::store::Measure;
use crate::settings::CacheSettings;
use asked::Asked;
use fetch::Fetched;
pub use purge::{Purge, PurgeError};
pub use rule::Rule;
pub use write::end_of;

/// Entries, fences and flights. They outlive a reload.
pub struct Cached {
    cache: Cache<Refusal>,
    flights: Flights<Key, Arc<Fetched>>,
    metrics: Arc<Metrics>,
}

impl Cached {
    pub fn new(settings: &CacheSettings, metrics: Arc<Metrics>) -> Self {
        Self {
            cache: Cache::new(settings.budget as u64),
            flights: Flights::default(),
            metrics,
        }
    }

    /// Starts empty under other settings.
    pub fn restart(&self, settings: &CacheSettings) {
        self.cache.restart(settings.budget as u64);
    }

    pub fn measure(&self) -> Measure {
        self.cache.measure()
    }

    /// Answers a read by the cheapest way that shows every write answered so far.
    pub async fn read(
        self: &Arc<Self>,
        runtime: &Arc<Runtime>,
        exchange: &mut Exchange,
        head: &Parts,
        index: OperationIndex,
        input: Input,
    ) -> Result<Reply, Refusal> {
        if runtime.rule(index).is_none() {
            return answer::reply(runtime, call::run(runtime, exchange, index, &input).await?);
        }
        let asked = Arc::new(Asked::new(self, runtime, head, index, input));
        let kept = self.cache.get(&asked.key);
        let valid = kept.as_ref().filter(|entry| asked.admits(entry));
        if let Some(entry) = valid
            && let Some(status) = self.from_store(&asked, exchange, entry)
        {
            return serve::entry(exchange, head, entry, status);
        }
        if asked.directives.only_if_cached {
            let refusal = Refusal::new(
                GatewayProblem::NotInCache,
                "The request said only-if-cached, and nothing fresh is there.",
            );
            return serve::refusal(exchange, refusal, CacheStatus::NotAsked);
        }
        let why = asked.why(kept.as_deref(), valid.map(AsRef::as_ref));
        let (fetched, joined) = match self.fetch(&asked, exchange).await {
            Ok(fetched) => fetched,
            Err(lost) => {
                let status = forwarded(why, None, false);
                return self.instead(&asked, exchange, head, valid, lost_refusal(&asked, lost), status, lost == Lost::Deadline);
            }
        };
        let status = forwarded(why, Some(&fetched), joined);
        match &fetched.result {
            Ok(entry) => serve::entry(exchange, head, entry, status),
            Err(refusal) => self.instead(&asked, exchange, head, valid, refusal.clone(), status, fetched.is_excused()),
        }
    }
}
