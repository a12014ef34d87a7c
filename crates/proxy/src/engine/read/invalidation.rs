//! What a write makes void, and its end as the fence is told of it.

use contract::GatewayProblem;

use super::read_cache::ReadCache;
use super::tags;
use crate::cache::{End, PendingWrite};
use crate::engine::accept::invocation::Invocation;
use crate::engine::answer::served::Served;
use crate::engine::outcome::Outcome;
use crate::engine::refusal::Refusal;

/// A write is about to run, under a key or not. Whatever becomes of it, also a panic, its end
/// reaches the fence when the guard is dropped.
pub fn begin(cache: &ReadCache, write: Invocation<'_>) -> PendingWrite {
    let runtime = write.runtime;
    let hold = runtime.settings.cache.unknown_hold;
    let changes = tags::written(write);
    PendingWrite::begin(&cache.cache.fences, runtime.generation, changes, hold)
}

/// What a write's caller is told is what the fence is told. A replayed success counts as done: the
/// first answer of its key may not have left yet.
#[must_use]
pub fn end_of(result: &Result<Served, Refusal>) -> End {
    match result {
        Ok(served) if served.replayed.is_some() => End::NotDone,
        Ok(_) => End::Done,
        // The request that runs tells its own end.
        Err(refusal) if refusal.is(GatewayProblem::RequestInProgress) => End::NotDone,
        Err(refusal) => match refusal.outcome.unwrap_or(Outcome::NotDone) {
            Outcome::NotDone => End::NotDone,
            Outcome::Unknown => End::Unknown,
        },
    }
}
