//! The cache stage of a read: from the store, from a call that somebody waits for already, or from a
//! call of its own. What a write changes, it makes void (`invalidation.rs`).

use std::sync::Arc;

use contract::{GatewayProblem, OperationIndex};
use http::request::Parts;
use tokio::time::Instant;

use super::asked::{self, Asked};
use super::fetch::{self, Fetched};
use super::serve;
use crate::cache::Cache;
use crate::cache::entry::Entry;
use crate::cache::fence::Ticket;
use crate::cache::flight::{Lost, SingleFlight, Waiter};
use crate::cache::key::Key;
use crate::cache::status::CacheStatus;
use crate::cache::store::Measure;
use crate::engine::accept::input::Input;
use crate::engine::answer::{reply::Reply, success};
use crate::engine::call::dispatch;
use crate::engine::context::Exchange;
use crate::engine::refusal::Refusal;
use crate::engine::runtime::Runtime;
use crate::engine::write::precondition;
use crate::metrics::Metrics;

/// Entries, fences and flights. They outlive a reload.
pub struct Cached {
    pub(super) cache: Cache<Refusal>,
    flights: SingleFlight<Key, Arc<Fetched>>,
    pub(super) metrics: Arc<Metrics>,
}

impl Cached {
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

    pub fn measure(&self) -> Measure {
        self.cache.measure()
    }

    /// Answers a read by the cheapest way that shows every write answered so far. What asks the vendor
    /// is boxed: see [`crate::engine::Engine::handle`].
    pub async fn read(
        self: &Arc<Self>,
        runtime: &Arc<Runtime>,
        exchange: &mut Exchange,
        head: &Parts,
        index: OperationIndex,
        input: Input,
    ) -> Result<Reply, Refusal> {
        // One that cannot be read is refused before anybody is asked.
        precondition::of_read(head)?;
        if runtime.rule(index).is_none() {
            return self.uncached(runtime, exchange, head, index, input).await;
        }
        let asked = Asked::new(self, runtime, head, index, input);
        let kept = self.cache.get(&asked.key);
        let valid = kept.as_ref().filter(|entry| asked.admits(entry));
        if let Some(entry) = valid
            && let Some(status) = asked.hit(entry)
        {
            if status.is_refreshing() {
                self.refresh(&Arc::new(asked), exchange, entry);
            }
            return serve::entry(exchange, head, entry, status);
        }
        let asked = Arc::new(asked);
        if asked.directives.only_if_cached {
            return serve::not_in_cache(exchange);
        }
        let why = asked.why(kept.as_deref(), valid.is_some());
        let ended = Box::pin(self.fetch(&asked, exchange)).await;
        let status = |stale| CacheStatus::Forwarded {
            why,
            status: ended.vendor_status,
            stored: ended.stored,
            collapsed: ended.joined,
            stale,
        };
        match ended.result {
            Ok(entry) => serve::entry(exchange, head, &entry, status(false)),
            Err(refusal) => {
                let stale = valid.filter(|entry| ended.permits_stale && asked.takes_stale(entry));
                match stale {
                    Some(entry) => {
                        exchange.cause = refusal.cause;
                        serve::entry(exchange, head, entry, status(true))
                    }
                    None => serve::refusal(exchange, refusal, status(false)),
                }
            }
        }
    }

    /// A read of which nothing is kept: without a rule, or with the cache off.
    async fn uncached(
        &self,
        runtime: &Arc<Runtime>,
        exchange: &mut Exchange,
        head: &Parts,
        index: OperationIndex,
        input: Input,
    ) -> Result<Reply, Refusal> {
        if asked::directives(head, runtime).only_if_cached {
            return serve::not_in_cache(exchange);
        }
        let call = Box::pin(dispatch::run(runtime, exchange, index, &input));
        serve::unkept(head, success::reply(runtime, call.await?)?)
    }

    /// Asks the vendor in the background, unless somebody does or the vendor has just failed. The
    /// task ends with the process, which does not wait for it.
    fn refresh(
        self: &Arc<Self>,
        asked: &Arc<Asked>,
        exchange: &Exchange,
        entry: &Arc<Entry<Refusal>>,
    ) {
        if !entry.failed.is_remembered(entry.age(now())) {
            let waiter = self.join_or_start(asked, exchange, asked.fence.start());
            if !waiter.joined {
                self.metrics.cache.refresh(exchange.operation());
            }
        }
    }

    fn join_or_start(
        self: &Arc<Self>,
        asked: &Arc<Asked>,
        exchange: &Exchange,
        reader: Ticket,
    ) -> Waiter<Arc<Fetched>> {
        self.flights.join_or_start(
            asked.key.clone(),
            || asked.fence.start(),
            |flown| asked.joins(flown, reader),
            |ticket| {
                let deadline = Instant::now() + asked.runtime.settings.deadline;
                fetch::run(
                    self.clone(),
                    asked.clone(),
                    exchange.apart(deadline),
                    ticket,
                )
            },
        )
    }

    /// One call for all who ask for the same, each with a deadline of its own.
    async fn fetch(self: &Arc<Self>, asked: &Arc<Asked>, exchange: &mut Exchange) -> Ended {
        let reader = asked.fence.start();
        loop {
            let waiter = self.join_or_start(asked, exchange, reader);
            let joined = waiter.joined;
            let fetched = match waiter.wait(exchange.deadline).await {
                Ok(fetched) => fetched,
                Err(lost) => return Ended::lost(asked, lost, joined),
            };
            // What the answer shows is known only now: a write to it may have been answered before
            // this reader came. Whatever is listed in the second round began after the reader came.
            let ticket = fetched.ticket;
            if ticket.began_after(reader) || asked.fence.shares(ticket, reader, fetched.tags()) {
                if !joined {
                    exchange.vendor_calls += fetched.vendor_calls;
                    exchange.vendor_time += fetched.vendor_time;
                }
                return Ended::of(&fetched, joined);
            }
        }
    }
}

/// What a caller has of a flight.
struct Ended {
    result: Result<Arc<Entry<Refusal>>, Refusal>,
    vendor_status: Option<u16>,
    /// Freshness in seconds of what was stored.
    stored: Option<i64>,
    joined: bool,
    /// The failure is one for which a stale answer may go out instead.
    permits_stale: bool,
}

impl Ended {
    fn of(fetched: &Fetched, joined: bool) -> Self {
        let ttl = |entry: &Arc<Entry<Refusal>>| entry.lifetimes.left(entry.age(now()));
        Self {
            result: fetched.result.clone(),
            vendor_status: fetched.vendor_status,
            stored: fetched.stored.as_ref().map(ttl),
            joined,
            permits_stale: fetched.permits_stale,
        }
    }

    fn lost(asked: &Asked, lost: Lost, joined: bool) -> Self {
        let vendor = &asked.operation().binding.upstream;
        let refusal = match lost {
            Lost::Deadline => Refusal::new(
                GatewayProblem::UpstreamTimeout,
                format!("{vendor} gave no answer in time."),
            ),
            Lost::Crashed => Refusal::new(
                GatewayProblem::InternalError,
                "The gateway could not make the vendor call.",
            ),
        };
        Self {
            result: Err(refusal.because(lost.to_string())),
            vendor_status: None,
            stored: None,
            joined,
            permits_stale: lost == Lost::Deadline,
        }
    }
}

/// The monotonic clock.
pub(super) fn now() -> std::time::Instant {
    Instant::now().into_std()
}
