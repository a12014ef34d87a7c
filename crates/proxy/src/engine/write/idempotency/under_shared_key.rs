//! A write under a key that all replicas know of: one vendor write, through whichever of them its requests come.

use std::sync::Arc;
use std::time::Duration;

use contract::GatewayProblem;

use super::ended::Ended;
use super::kept_answer::{self, KeptAnswer};
use super::second_attempt::{look_first, second};
use super::shared_keys::{Asked, Held, SharedKeys};
use super::told_at_once::{in_progress, replayed, reused};
use crate::engine::answer::served::Served;
use crate::engine::answer::success;
use crate::engine::call::budget::CallBudget;
use crate::engine::context::RequestContext;
use crate::engine::outcome::Outcome;
use crate::engine::refusal::Refusal;
use crate::engine::write::precondition::Conditional;
use crate::engine::write::told::Untold;
use crate::metrics::KeyResult;
use crate::phases::Phase;
use crate::shared::{Holder, StoreBudget, StoreError, Taken};

/// Runs a write under its key, or says why not. It fails closed: without the store nobody knows whether another
/// replica runs it.
pub async fn under_shared_key(
    (keys, asked): (&SharedKeys, Asked),
    (request, untold): (Conditional<'_>, Untold<'_>),
    context: &RequestContext,
    budget: &mut CallBudget<'_>,
) -> Result<Served, Refusal> {
    let none = StoreBudget::new(Duration::ZERO);
    let store = context.store.as_deref().unwrap_or(&none);
    let sent = budget.begin_write();
    context.phases.enter_now(Phase::Store);
    let taken = keys.take(asked, sent.clone(), store).await;
    context.phases.enter_now(Phase::Other);
    let (taken, held) = taken.map_err(|error| {
        keys.count(KeyResult::Refused);
        unavailable(&error)
    })?;
    let after_unknown = match taken {
        Taken::Fresh => false,
        Taken::Over => true,
        Taken::Running(left) => {
            keys.count(KeyResult::Running);
            return Err(in_progress(Some(left)));
        }
        Taken::OtherRequest => {
            keys.count(KeyResult::Conflict);
            return Err(reused());
        }
        Taken::Answered(answer) => {
            return match kept_answer::decode(&answer) {
                KeptAnswer::Whole(reply, code) => {
                    keys.count(KeyResult::Replayed);
                    if code.is_none() {
                        untold.happened_before();
                    }
                    let code = code.map(|code| known(context, &code));
                    Ok(replayed(*reply, code))
                }
                KeptAnswer::Lost => lost(request, untold, context, budget).await,
            };
        }
        Taken::Open(holder, left) => {
            let open = Open {
                held,
                holder,
                left,
                store,
            };
            let found = settle(open, (request, untold), context, budget).await;
            keys.count(if found.is_ok() {
                KeyResult::TakenOver
            } else {
                KeyResult::Running
            });
            return found;
        }
    };
    keys.count(if after_unknown {
        KeyResult::TakenOver
    } else {
        KeyResult::Taken
    });
    let told = match untold.begin(context, budget).await {
        Ok(told) => told,
        Err(refusal) => {
            held.end(Ended::Nothing, store).await;
            return Err(refusal);
        }
    };
    let result = if after_unknown {
        sent.follows_unknown();
        if context.runtime().settings.evidence.is_some() {
            budget.tally.capture().after_unknown = true;
        }
        second(request, budget).await
    } else {
        request.run(budget).await
    };
    let result = result.map(|result| success::served(request.write.runtime, result));
    // Before it is kept: a replay through another replica waits for nobody.
    told.end(&result, context).await;
    context.phases.enter_now(Phase::Store);
    held.end(Ended::of(&result, context), store).await;
    context.phases.enter_now(Phase::Other);
    result
}

/// A key whose request is over, and whose outcome nobody knows.
struct Open<'o> {
    held: Held,
    holder: Holder,
    /// It can still be applied for so long: nothing is sent meanwhile.
    left: Duration,
    store: &'o StoreBudget,
}

/// What a look-up shows is done, whoever did it. What it does not show may still come.
async fn settle(
    open: Open<'_>,
    (request, untold): (Conditional<'_>, Untold<'_>),
    context: &RequestContext,
    budget: &mut CallBudget<'_>,
) -> Result<Served, Refusal> {
    let Open {
        held,
        holder,
        left,
        store,
    } = open;
    let vendor = &request.write.binding().upstream;
    let result = match look_first(request.write, budget).await {
        Some(Ok(result)) => Ok(success::served(request.write.runtime, result)),
        Some(Err(refusal)) => return Err(refusal.retry_after(Some(left))),
        None => {
            let seconds = left.as_millis().div_ceil(1000);
            return Err(Refusal::outcome_unknown(format!(
                "What became of the first request with this key at {vendor} is not known yet: it is not there, and it may still come within {seconds} s. Send it again then."
            ))
            .retry_after(Some(left)));
        }
    };
    // Whoever began it may not have told the others how it ended.
    let told = untold.begin(context, budget).await;
    told.map_err(done_all_the_same)?.end(&result, context).await;
    held.settle(holder, Ended::of(&result, context), store)
        .await;
    result
}

/// It was done, or refused, and its answer is not there.
async fn lost(
    request: Conditional<'_>,
    untold: Untold<'_>,
    context: &RequestContext,
    budget: &mut CallBudget<'_>,
) -> Result<Served, Refusal> {
    match look_first(request.write, budget).await {
        Some(Ok(result)) => {
            let result = Ok(success::served(request.write.runtime, result));
            let told = untold.begin(context, budget).await;
            told.map_err(done_all_the_same)?.end(&result, context).await;
            result
        }
        _ => Err(Refusal::outcome_unknown(
            "The first request with this key has ended, its answer could not be kept, and a look-up does not show it.",
        )),
    }
}

/// The others cannot be told of what was done before: that it is not done would be a lie.
fn done_all_the_same(refusal: Refusal) -> Refusal {
    Refusal {
        outcome: Some(Outcome::Unknown),
        ..refusal
    }
}

fn unavailable(error: &StoreError) -> Refusal {
    Refusal {
        outcome: Some(Outcome::NotDone),
        ..Refusal::new(
            GatewayProblem::CoordinationUnavailable,
            "The store that replicas share is away, so nobody knows whether another one runs the request of this Idempotency-Key.",
        )
    }
    .because(error.to_string())
    .retry_after(None)
}

/// A code for the record: one that another contract gave is none of this one's.
fn known(context: &RequestContext, code: &Arc<str>) -> Arc<str> {
    if context.runtime().plan.problems.contains_key(code) {
        code.clone()
    } else {
        GatewayProblem::UpstreamError.code().into()
    }
}
