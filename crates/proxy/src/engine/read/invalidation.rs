//! The end of a write, as the fence is told of it.

use contract::{GatewayProblem, OperationIndex};

use super::cached_read::Cached;
use super::tags;
use crate::cache::write::{End, PendingWrite};
use crate::engine::accept::input::Input;
use crate::engine::answer::reply::Reply;
use crate::engine::context::Exchange;
use crate::engine::outcome::Outcome;
use crate::engine::refusal::Refusal;
use crate::engine::runtime::Runtime;

impl Cached {
    /// A write is about to run, under a key or not. Whatever becomes of it, also a panic, its end
    /// reaches the fence when the guard is dropped.
    pub fn begin_write(
        &self,
        runtime: &Runtime,
        index: OperationIndex,
        input: &Input,
    ) -> PendingWrite {
        let changes = tags::written(runtime, index, input);
        let hold = runtime.settings.cache.unknown_hold;
        PendingWrite::begin(&self.cache.fences, runtime.generation, changes, hold)
    }
}

/// What a write's caller is told is what the fence is told. A replayed success counts as done: the
/// first answer of its key may not have left yet.
pub fn end_of(exchange: &Exchange, result: &Result<Reply, Refusal>) -> End {
    let told = match result {
        Ok(_) => exchange.outcome,
        // The request that runs tells its own end.
        Err(refusal) if refusal.is(GatewayProblem::RequestInProgress) => Some(Outcome::NotDone),
        Err(refusal) => Some(refusal.outcome.unwrap_or(Outcome::NotDone)),
    };
    match told {
        None => End::Done,
        Some(Outcome::NotDone) => End::NotDone,
        Some(Outcome::Unknown) => End::Unknown,
    }
}
