//! A write ends in one of three true answers: done, not done, unknown (DESIGN §5 "Writes").

use std::time::Duration;

use contract::{GatewayProblem, LOOK_UPS, OperationIndex, Unclear};
use tokio::time::Instant;

use super::look_up::{self, Found};
use crate::engine::accept::input::Input;
use crate::engine::call::vendor_call::{Answered, once};
use crate::engine::call::verdict::{Called, Evidence};
use crate::engine::context::Exchange;
use crate::engine::outcome::Outcome;
use crate::engine::refusal::Refusal;
use crate::engine::runtime::Runtime;
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
pub async fn run(
    runtime: &Runtime,
    exchange: &mut Exchange,
    index: OperationIndex,
    input: &Input,
) -> Result<Answered, Refusal> {
    let before = exchange.sent.as_ref().map(SendState::checkpoint);
    let result = match call(runtime, exchange, index, input).await {
        Called::Done(mut answered, missing) => {
            if !missing.is_empty() {
                look_up::fill_missing(runtime, exchange, &mut answered, input, &missing).await;
            }
            Ok(answered)
        }
        Called::Refused(refusal) => Err(*refusal),
        Called::Unclear(refusal, evidence) => {
            settle(runtime, exchange, index, input, *refusal, evidence).await
        }
    };
    if let (Err(refusal), Some(sent), Some(before)) = (&result, &exchange.sent, before)
        && refusal.outcome != Some(Outcome::Unknown)
    {
        sent.restore(before);
    }
    result
}

async fn call(
    runtime: &Runtime,
    exchange: &mut Exchange,
    index: OperationIndex,
    input: &Input,
) -> Called {
    let now = Instant::now();
    let left = exchange.deadline.saturating_duration_since(now);
    once(
        runtime,
        exchange,
        index,
        input,
        CallKind::Write,
        now + left.mul_f64(CALL_SHARE),
    )
    .await
}

/// By look-up where the contract names one, by repetition where it allows one.
async fn settle(
    runtime: &Runtime,
    exchange: &mut Exchange,
    index: OperationIndex,
    input: &Input,
    refusal: Refusal,
    evidence: Evidence,
) -> Result<Answered, Refusal> {
    let Some(write) = &runtime.operation(index).binding.write else {
        return Err(refusal);
    };
    match &write.unclear {
        Some(unclear) => look(runtime, exchange, index, input, unclear, refusal, evidence).await,
        None if write.repeatable => {
            repeat(runtime, exchange, index, input, refusal, evidence).await
        }
        None => Err(refusal),
    }
}

async fn look(
    runtime: &Runtime,
    exchange: &mut Exchange,
    index: OperationIndex,
    input: &Input,
    unclear: &Unclear,
    refusal: Refusal,
    evidence: Evidence,
) -> Result<Answered, Refusal> {
    let mut found = Found::CannotTell("there was no time for a look-up".to_owned());
    let mut checks = 0;
    for wait in CHECKS {
        if Instant::now() + wait >= exchange.deadline {
            break;
        }
        tokio::time::sleep(wait).await;
        found = look_up::check(runtime, exchange, index, input, unclear).await;
        checks += 1;
        // After a complete answer the vendor has stopped; one look tells.
        let stopped = matches!(evidence, Evidence::ServerError { .. });
        match found {
            Found::Shown(_) | Found::Other | Found::Unseen(_) => break,
            Found::NotShown if stopped => break,
            Found::NotShown | Found::CannotTell(_) => {}
        }
    }
    conclude(
        runtime, index, input, unclear, refusal, evidence, found, checks,
    )
}

#[allow(clippy::too_many_arguments)] // every one of them decides
fn conclude(
    runtime: &Runtime,
    index: OperationIndex,
    input: &Input,
    unclear: &Unclear,
    mut refusal: Refusal,
    evidence: Evidence,
    found: Found,
    checks: usize,
) -> Result<Answered, Refusal> {
    match found {
        Found::Shown(value) => look_up::assemble(runtime, index, input, value.as_ref()),
        Found::Other => Err(look_up::taken(unclear, &refusal, evidence)),
        Found::NotShown if matches!(evidence, Evidence::ServerError { .. }) => Err(Refusal {
            code: GatewayProblem::UpstreamError.code().into(),
            detail: format!(
                "{} A look-up shows that it was not done.",
                server_error(&refusal)
            ),
            outcome: Some(Outcome::NotDone),
            ..refusal
        }),
        Found::NotShown => {
            refusal.detail = format!(
                "{} {checks} look-ups do not show it, and it may still come.",
                refusal.detail
            );
            if matches!(unclear, Unclear::LookUp { .. }) {
                refusal.safe_to_repeat = true;
                refusal.hint = Some(SAFE_TO_REPEAT.to_owned());
            }
            Err(refusal)
        }
        Found::Unseen(fields) => {
            refusal.detail = format!(
                "{} What can be read back is as sent, but {} cannot be read back.",
                refusal.detail,
                fields.join(", ")
            );
            Err(refusal)
        }
        Found::CannotTell(why) => {
            refusal.cause = Some(format!(
                "{}; look-up: {why}",
                refusal.cause.unwrap_or_default()
            ));
            Err(refusal)
        }
    }
}

fn server_error(refusal: &Refusal) -> String {
    match &refusal.upstream {
        Some((name, vendor)) => format!("{name} answered {}.", vendor.status),
        None => String::new(),
    }
}

/// At most one repetition. What it answers counts only as a success: a refusal of the second says
/// nothing of the first.
async fn repeat(
    runtime: &Runtime,
    exchange: &mut Exchange,
    index: OperationIndex,
    input: &Input,
    first: Refusal,
    evidence: Evidence,
) -> Result<Answered, Refusal> {
    let first = Refusal {
        hint: Some(REPEATABLE.to_owned()),
        ..first
    };
    let wait = match evidence {
        Evidence::ServerError { wait: Some(wait) } => wait,
        _ => Duration::ZERO,
    };
    if wait > SHORT_WAIT || Instant::now() + wait >= exchange.deadline {
        return Err(first);
    }
    tokio::time::sleep(wait).await;
    match once(
        runtime,
        exchange,
        index,
        input,
        CallKind::WriteRetry,
        exchange.deadline,
    )
    .await
    {
        Called::Done(answered, _) => Ok(answered),
        Called::Refused(second) | Called::Unclear(second, _) => {
            let cause = format!(
                "{}; repeated: {}",
                first.cause.clone().unwrap_or_default(),
                second.detail
            );
            Err(first.because(cause))
        }
    }
}
