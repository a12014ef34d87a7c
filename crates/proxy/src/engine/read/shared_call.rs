//! One vendor call for all who ask for the same, each with a deadline of its own.

use std::sync::Arc;

use contract::GatewayProblem;
use tokio::time::Instant;

use super::cached_read::CachedRead;
use super::fetch;
use super::fetch_result::FetchResult;
use super::read_cache::{ReadCache, now};
use crate::cache::{Entry, Lost, Sharing, Ticket, Waiter};
use crate::engine::call::budget::CallBudget;
use crate::engine::refusal::Refusal;
use crate::engine::trace::Trace;
use crate::phases::Phases;
use crate::shared::StoreBudget;

/// What one caller has of a shared call.
pub struct SharedResult {
    pub result: Result<Arc<Entry<Refusal>>, Refusal>,
    pub vendor_status: Option<u16>,
    /// Freshness in seconds of what was stored.
    pub stored: Option<i64>,
    /// Another request began the call.
    pub joined: bool,
    /// The failure is one for which a stale answer may go out instead.
    pub permits_stale: bool,
}

/// Waits for a call that is under way, or begins one.
pub async fn fetch(
    cache: &Arc<ReadCache>,
    read: &Arc<CachedRead>,
    budget: &mut CallBudget<'_>,
) -> SharedResult {
    let reader = read.fence.start();
    loop {
        let waiter = join_or_start(cache, read, (budget.trace, budget.store), reader);
        let (joined, call) = (waiter.joined, waiter.progress.clone());
        let too_old = waiter.too_old;
        let following = budget.phases.follow(&call);
        let ended = waiter.wait(budget.deadline).await;
        drop(following);
        let fetched = match ended {
            // The next one began after all who wait for this one came, and is theirs together.
            Ok(_) | Err(Lost::Crashed) if too_old => continue,
            Ok(fetched) => fetched,
            Err(lost) => return SharedResult::lost(read, lost, joined),
        };
        // What the answer shows is known only now: a write to it may have been answered before
        // this reader came. Whatever is listed in the second round began after the reader came.
        let ticket = fetched.ticket;
        let shares = || read.fence.shares(ticket, reader, fetched.tags()) == Sharing::Yes;
        let fits = ticket.began_after(reader) || shares();
        if fits && !(joined && is_taken_over_and_too_old(read, &fetched)) {
            if !joined {
                budget.tally.add(&fetched.tally);
            }
            budget.tally.join_capture(&fetched.tally);
            return SharedResult::of(&fetched, joined);
        }
    }
}

/// What somebody else's call took over from another member is older than the call, and this caller may want something
/// younger. A call of its own takes nothing over then.
fn is_taken_over_and_too_old(read: &CachedRead, fetched: &FetchResult) -> bool {
    let Ok(entry) = &fetched.result else {
        return false;
    };
    let ttl = entry.lifetimes.ttl;
    entry.ticket.at() < fetched.ticket.at() && !read.directives.accept(entry.age(now()), ttl)
}

/// Asks the vendor in the background, unless somebody does or the vendor has just failed. The
/// task ends with the process, which does not wait for it.
pub fn refresh(
    cache: &Arc<ReadCache>,
    read: &Arc<CachedRead>,
    trace: &Trace,
    entry: &Arc<Entry<Refusal>>,
) {
    if !entry.failed.is_remembered(entry.age(now())) {
        let waiter = join_or_start(cache, read, (trace, None), read.fence.start());
        if !waiter.joined {
            cache.metrics.cache.refresh(&read.operation().id);
        }
    }
}

/// The call outlives its caller, and may be for others who have more time: it is of the same trace, with a time
/// of its own.
fn join_or_start(
    cache: &Arc<ReadCache>,
    read: &Arc<CachedRead>,
    (trace, store): (&Trace, Option<&Arc<StoreBudget>>),
    reader: Ticket,
) -> Waiter<Arc<FetchResult>, Arc<Phases>> {
    cache.flights.join_or_start(
        read.key.clone(),
        || read.fence.start(),
        |flying| read.joins(flying, reader),
        |ticket, phases| {
            let deadline = Instant::now() + read.runtime().settings.deadline;
            let fetch = fetch::Fetch {
                cache: cache.clone(),
                read: read.clone(),
                ticket,
                phases,
                store: store.cloned(),
            };
            fetch.run(trace.clone(), deadline)
        },
    )
}

impl SharedResult {
    fn of(fetched: &FetchResult, joined: bool) -> Self {
        let ttl = |entry: &Arc<Entry<Refusal>>| entry.lifetimes.left(entry.age(now()));
        Self {
            result: fetched.result.clone(),
            vendor_status: fetched.tally.last.status,
            stored: fetched.stored.as_ref().map(ttl),
            joined,
            permits_stale: fetched.permits_stale,
        }
    }

    fn lost(read: &CachedRead, lost: Lost, joined: bool) -> Self {
        let vendor = &read.operation().binding.upstream;
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
