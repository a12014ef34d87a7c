//! One vendor call: prepared, made, and handed to [`super::verdict`].

use contract::OperationIndex;
use serde_json::Value;
use tokio::time::Instant;

use super::prepare::prepare;
use super::verdict::{Called, lost, not_sent, understand};
use crate::engine::accept::input::Input;
use crate::engine::context::{Exchange, LastCall};
use crate::engine::outcome::Outcome;
use crate::engine::refusal::Refusal;
use crate::engine::runtime::Runtime;
use crate::upstream::{Attempt, CallKind};

/// A vendor call that succeeded.
#[derive(Debug)]
pub struct Answered {
    pub index: OperationIndex,
    /// Which `success` entry of the operation fits.
    pub entry: usize,
    pub value: Option<Value>,
}

/// A read, of a caller or as a follow-up.
pub async fn read(
    runtime: &Runtime,
    exchange: &mut Exchange,
    index: OperationIndex,
    input: &Input,
    kind: CallKind,
) -> Result<Answered, Refusal> {
    match once(runtime, exchange, index, input, kind, exchange.deadline).await {
        Called::Done(answered, _) => Ok(answered),
        Called::Refused(refusal) | Called::Unclear(refusal, _) => Err(*refusal),
    }
}

/// Exactly one vendor call, until `deadline`.
pub async fn once(
    runtime: &Runtime,
    exchange: &mut Exchange,
    index: OperationIndex,
    input: &Input,
    kind: CallKind,
    deadline: Instant,
) -> Called {
    let operation = runtime.operation(index);
    let mut request = match prepare(runtime, index, input, &exchange.trace) {
        Ok(request) => request,
        Err(refusal) => return Called::Refused(Box::new(refusal)),
    };
    request.kind = kind;
    if matches!(kind, CallKind::Write | CallKind::WriteRetry) {
        request.sent.clone_from(&exchange.sent);
    }
    exchange.vendor_calls += 1;
    let started = Instant::now();
    let attempt = runtime.upstream(operation).call(&request, deadline).await;
    exchange.vendor_time += started.elapsed();
    exchange.last_call = LastCall::of(&attempt);
    let called = match attempt {
        Attempt::NotSent(failure) => Called::Refused(Box::new(not_sent(operation, &failure))),
        Attempt::ResponseLost(failure) => lost(operation, &failure, None),
        Attempt::Answered(answer) => {
            understand(runtime, index, input, &request.path_and_query, &answer)
        }
    };
    if let Some(sent) = &request.sent {
        match &called {
            Called::Refused(refusal) if refusal.outcome != Some(Outcome::Unknown) => {
                sent.not_executed()
            }
            _ => sent.may_have_executed(),
        }
    }
    called
}
