//! The cache stage of a read. What a write changes, it makes void (`invalidation.rs`).

use std::sync::Arc;

use http::request::Parts;

use super::cached_read::{CachedRead, directives};
use super::read_cache::ReadCache;
use super::respond;
use super::shared_call::{self, refresh};
use crate::cache::CacheStatus;
use crate::engine::accept::conditions;
use crate::engine::accept::invocation::OwnedInvocation;
use crate::engine::answer::served::Served;
use crate::engine::answer::success;
use crate::engine::call::budget::CallBudget;
use crate::engine::call::dispatch;
use crate::engine::refusal::Refusal;

/// Answers a read by the cheapest way that shows every write answered so far. What asks the vendor
/// is boxed: it takes tens of kilobytes, and each request allocates and copies what it might await.
pub async fn serve(
    cache: &Arc<ReadCache>,
    head: &Parts,
    invocation: OwnedInvocation,
    budget: &mut CallBudget<'_>,
) -> Result<Served, Refusal> {
    // One that cannot be read is refused before anybody is asked.
    conditions::of_read(head)?;
    let index = invocation.index;
    if invocation.runtime.cache_policy(index).is_none() {
        return uncached(head, &invocation, budget).await;
    }
    let read = CachedRead::new(cache, head, invocation);
    let kept = cache.cache.get(&read.key);
    let has_lease = read.has_lease();
    let valid = kept
        .as_ref()
        .filter(|entry| has_lease && read.admits(entry));
    if let Some(entry) = valid
        && let Some(status) = read.hit(entry)
    {
        if status.is_refreshing() {
            refresh(cache, &Arc::new(read), budget.trace, entry);
        }
        return respond::entry(head, entry, status);
    }
    let read = Arc::new(read);
    if read.directives.only_if_cached {
        return Err(respond::not_in_cache());
    }
    let why = read.why(kept.as_deref(), valid.is_some(), has_lease);
    let shared = Box::pin(shared_call::fetch(cache, &read, budget)).await;
    let status = |stale| CacheStatus::Forwarded {
        why,
        status: shared.vendor_status,
        stored: shared.stored,
        collapsed: shared.joined,
        stale,
    };
    let refusal = match shared.result {
        Ok(entry) => return respond::entry(head, &entry, status(false)),
        Err(refusal) => refusal,
    };
    match valid.filter(|entry| shared.permits_stale && read.takes_stale(entry)) {
        Some(entry) => {
            let served = respond::entry(head, entry, status(true))?;
            Ok(Served {
                cause: refusal.cause,
                ..served
            })
        }
        None => {
            let status = status(false);
            captured(&read.invocation, budget);
            Err(respond::refusal(refusal, status))
        }
    }
}

/// A read of which nothing is kept: without a policy, or with the cache off.
async fn uncached(
    head: &Parts,
    invocation: &OwnedInvocation,
    budget: &mut CallBudget<'_>,
) -> Result<Served, Refusal> {
    let runtime = &invocation.runtime;
    if directives(head, runtime).only_if_cached {
        return Err(respond::not_in_cache());
    }
    let result = Box::pin(dispatch::read(invocation.get(), budget)).await;
    if result.is_err() {
        captured(invocation, budget);
    }
    let result = result?;
    respond::unkept(head, success::reply(runtime, result)).map(Served::from)
}

/// Keeps what was asked for, where a record may be made of it.
fn captured(invocation: &OwnedInvocation, budget: &mut CallBudget<'_>) {
    let settings = &invocation.runtime.settings;
    if settings.evidence.is_some() {
        let capture = budget.tally.capture();
        capture.ask(&invocation.input, Vec::new(), settings.deadline);
    }
}
