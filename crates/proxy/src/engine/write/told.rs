//! Who is told of a write: the own fence, and in a fleet the other members.
//!
//! The order is the promise (docs/fleet.md): the others know that it begins before the vendor is asked; the own fence
//! knows its end before they do; and its answer leaves, or is kept under its `Idempotency-Key`, only when no member
//! can serve what was there before.

use std::sync::Arc;
use std::time::Duration;

use contract::GatewayProblem;

use crate::cache::{End, PendingWrite};
use crate::engine::answer::served::Served;
use crate::engine::call::budget::CallBudget;
use crate::engine::context::RequestContext;
use crate::engine::outcome::Outcome;
use crate::engine::refusal::Refusal;
use crate::phases::Phase;
use crate::shared::{Ended, Fleet, FleetWrite, StoreBudget, Touched, WritePlan};
use crate::upstream::SendState;

/// A write that nobody was told of yet. Where it does not come to run there is nothing to tell.
pub struct Untold<'w> {
    pub pending: PendingWrite,
    /// `None`: there are no others.
    pub others: Option<Others<'w>>,
}

/// The other members, and what they are told.
pub struct Others<'w> {
    pub fleet: &'w Fleet,
    pub touched: Vec<Touched>,
    pub plan: WritePlan,
}

/// A write that may run. Dropped without [`Told::end`] (a panic, the end of the process) it tells its end by what may
/// have left.
pub struct Told {
    pending: Option<PendingWrite>,
    others: Option<FleetWrite>,
    sent: SendState,
}

impl Untold<'_> {
    /// It was done by a request before, of which all were told before its answer was kept. It counts once more here,
    /// where nobody knows when that was.
    pub fn happened_before(self) {
        self.pending.end(End::Done);
    }

    /// Tells the others that it begins.
    ///
    /// # Errors
    /// They cannot be told, and it must not be sent then.
    pub async fn begin(
        self,
        context: &RequestContext,
        budget: &mut CallBudget<'_>,
    ) -> Result<Told, Refusal> {
        let sent = budget.begin_write();
        let mut told = Told {
            pending: Some(self.pending.with(sent.clone())),
            others: None,
            sent,
        };
        if let Some(others) = self.others {
            let begun = Box::pin(others.begin(context)).await?;
            told.others = Some(begun);
        }
        Ok(told)
    }
}

impl Others<'_> {
    async fn begin(self, context: &RequestContext) -> Result<FleetWrite, Refusal> {
        context.phases.enter_now(Phase::Store);
        let budget = budget(context);
        let begun = self.fleet.begin(self.touched, self.plan, &budget).await;
        context.phases.enter_now(Phase::Other);
        begun.map_err(|error| {
            Refusal {
                outcome: Some(Outcome::NotDone),
                ..Refusal::new(
                    GatewayProblem::CoordinationUnavailable,
                    "The store that replicas share is away, so the others cannot be told of the write.",
                )
            }
            .because(error.to_string())
            .retry_after(None)
        })
    }
}

impl Told {
    /// Tells its end, and returns when its answer may leave.
    pub async fn end(mut self, result: &Result<Served, Refusal>, context: &RequestContext) {
        let end = end_of(result);
        if let Some(pending) = self.pending.take() {
            pending.end(end);
        }
        if let Some(others) = self.others.take() {
            Box::pin(tell(others, end, context)).await;
        }
    }
}

async fn tell(mut others: FleetWrite, end: End, context: &RequestContext) {
    context.phases.enter_now(Phase::Store);
    others.end(ended(end), &budget(context)).await;
    // Nobody waits for what was not done.
    if end != End::NotDone {
        context.phases.enter_now(Phase::Members);
        others.over().await;
    }
    context.phases.enter_now(Phase::Other);
}

impl Drop for Told {
    fn drop(&mut self) {
        // The own fence first, as at every end.
        drop(self.pending.take());
        if let Some(others) = self.others.take() {
            others.abandon(if self.sent.may_have_been_sent() {
                Ended::Unknown
            } else {
                Ended::NotDone
            });
        }
    }
}

/// What the commands of the request may take. With others there is a store.
fn budget(context: &RequestContext) -> Arc<StoreBudget> {
    let none = || Arc::new(StoreBudget::new(Duration::ZERO));
    context.store.clone().unwrap_or_else(none)
}

/// What a write's caller is told is what the others are told.
fn end_of(result: &Result<Served, Refusal>) -> End {
    match result {
        Ok(_) => End::Done,
        Err(refusal) => match refusal.outcome.unwrap_or(Outcome::NotDone) {
            Outcome::NotDone => End::NotDone,
            Outcome::Unknown => End::Unknown,
        },
    }
}

const fn ended(end: End) -> Ended {
    match end {
        End::Done => Ended::Done,
        End::NotDone => Ended::NotDone,
        End::Unknown => Ended::Unknown,
    }
}
