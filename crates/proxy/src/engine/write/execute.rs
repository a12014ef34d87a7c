//! A write ends in one of three true answers: done, not done, unknown (docs/writes.md).

use std::time::Duration;

use contract::{GatewayProblem, LOOK_UPS, Unclear};

use super::look_up::{self, LookupResult};
use crate::engine::accept::invocation::Invocation;
use crate::engine::call::budget::CallBudget;
use crate::engine::call::result::{CallResult, Evidence, OperationResult, UnclearWrite};
use crate::engine::call::vendor_call::once;
use crate::engine::outcome::Outcome;
use crate::engine::refusal::Refusal;
use crate::upstream::{CallKind, SHORT_WAIT, SendState};

/// The vendor call of a write takes at most this share of the time that is left, so that a look-up
/// still fits.
const CALL_SHARE: f64 = 0.6;
/// Waits before each look-up that follows a lost answer: the vendor may still be at work.
const CHECKS: [Duration; LOOK_UPS] = [
    Duration::ZERO,
    Duration::from_millis(150),
    Duration::from_millis(450),
];

/// The hint of a create that no look-up found.
pub const SAFE_TO_REPEAT: &str =
    "Send it again: a second one cannot come of it, since the vendor refuses a name that is taken.";

/// The hint of a write that no read shows, and that the contract declares repeatable.
const REPEATABLE: &str = "Send it again: done twice it leaves the same as done once.";

/// Makes the write, and finds out what became of it where the answer does not tell.
///
/// What nearly no write needs is boxed, here and in those who call this: a future is copied into its place
/// with all the room that it may need, at each level of them.
///
/// # Errors
/// It was not done, or nobody knows: [`Refusal::is_unknown`].
pub async fn run(
    write: Invocation<'_>,
    budget: &mut CallBudget<'_>,
) -> Result<OperationResult, Refusal> {
    let before = budget.sent().map(SendState::checkpoint);
    let result = match once(write, &mut budget.share(CALL_SHARE), CallKind::Write).await {
        CallResult::Done(mut result, missing) => {
            if !missing.is_empty() {
                Box::pin(look_up::fill_missing(write, budget, &mut result, &missing)).await;
            }
            Ok(result)
        }
        CallResult::Refused(refusal) => Err(*refusal),
        CallResult::Unclear(unclear) => Box::pin(settle(write, budget, *unclear)).await,
    };
    if let (Err(refusal), Some(sent), Some(before)) = (&result, budget.sent(), before)
        && !refusal.is_unknown()
    {
        sent.restore(before);
    }
    result
}

/// By look-up where the contract names one, by repetition where it allows one.
async fn settle(
    write: Invocation<'_>,
    budget: &mut CallBudget<'_>,
    unclear: UnclearWrite,
) -> Result<OperationResult, Refusal> {
    let Some(plan) = write.binding().write() else {
        return Err(unclear.refusal);
    };
    match &plan.unclear {
        Some(rule) => look(write, budget, rule, unclear).await,
        None if plan.repeatable => repeat(write, budget, unclear).await,
        None => Err(unclear.refusal),
    }
}

async fn look(
    write: Invocation<'_>,
    budget: &mut CallBudget<'_>,
    rule: &Unclear,
    unclear: UnclearWrite,
) -> Result<OperationResult, Refusal> {
    let _look_up = budget.phases.look_up();
    let mut found = LookupResult::CannotTell("there was no time for a look-up".to_owned());
    let mut look_ups = 0;
    for wait in CHECKS {
        if !budget.wait(wait).await {
            break;
        }
        found = look_up::check(write, budget, rule).await;
        look_ups += 1;
        // After a complete answer the vendor has stopped; one look tells.
        let stopped = matches!(unclear.evidence, Evidence::ServerError { .. });
        match found {
            LookupResult::Shown(_) | LookupResult::Other | LookupResult::Unseen(_) => break,
            LookupResult::NotShown if stopped => break,
            LookupResult::NotShown | LookupResult::CannotTell(_) => {}
        }
    }
    match found {
        LookupResult::Shown(value) => look_up::assemble(write, value.as_ref()),
        LookupResult::Other => Err(look_up::taken(rule, &unclear)),
        LookupResult::NotShown if matches!(unclear.evidence, Evidence::ServerError { .. }) => {
            Err(failed(unclear.refusal))
        }
        LookupResult::NotShown => {
            let creates = matches!(rule, Unclear::LookUp { .. });
            Err(not_shown(unclear.refusal, look_ups, creates))
        }
        LookupResult::Unseen(fields) => Err(unseen(unclear.refusal, &fields)),
        LookupResult::CannotTell(why) => {
            let mut refusal = unclear.refusal;
            let cause = refusal.cause.unwrap_or_default();
            refusal.cause = Some(format!("{cause}; look-up: {why}"));
            Err(refusal)
        }
    }
}

/// The vendor ended in an error, and nothing came of it.
fn failed(refusal: Refusal) -> Refusal {
    let answered = match &refusal.upstream {
        Some((name, vendor)) => format!("{name} answered {}.", vendor.status),
        None => String::new(),
    };
    Refusal {
        code: GatewayProblem::UpstreamError.code().into(),
        detail: format!("{answered} A look-up shows that it was not done."),
        outcome: Some(Outcome::NotDone),
        ..refusal
    }
}

/// The answer was lost. A create whose name is free can be sent again.
fn not_shown(mut refusal: Refusal, look_ups: usize, creates: bool) -> Refusal {
    let looked = match look_ups {
        1 => "1 look-up does".to_owned(),
        _ => format!("{look_ups} look-ups do"),
    };
    refusal.detail = format!(
        "{} {looked} not show it, and it may still come.",
        refusal.detail
    );
    if creates {
        refusal.safe_to_repeat = true;
        refusal.hint = Some(SAFE_TO_REPEAT.to_owned());
    }
    refusal
}

fn unseen(mut refusal: Refusal, fields: &[String]) -> Refusal {
    refusal.detail = format!(
        "{} What can be read back is as sent, but {} cannot be read back.",
        refusal.detail,
        fields.join(", ")
    );
    refusal
}

/// At most one repetition. What it answers counts only as a success: a refusal of the second says
/// nothing of the first.
async fn repeat(
    write: Invocation<'_>,
    budget: &mut CallBudget<'_>,
    unclear: UnclearWrite,
) -> Result<OperationResult, Refusal> {
    let first = Refusal {
        hint: Some(REPEATABLE.to_owned()),
        ..unclear.refusal
    };
    let wait = match unclear.evidence {
        Evidence::ServerError { wait: Some(wait) } => wait,
        _ => Duration::ZERO,
    };
    if wait > SHORT_WAIT || !budget.wait(wait).await {
        return Err(first);
    }
    let second = once(write, budget, CallKind::WriteRetry).await;
    Result::from(second).map_err(|second: Refusal| {
        let cause = first.cause.clone().unwrap_or_default();
        let cause = format!("{cause}; repeated: {}", second.detail);
        first.because(cause)
    })
}
