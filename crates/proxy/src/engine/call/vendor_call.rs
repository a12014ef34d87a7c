//! One vendor call: prepared, made, and judged ([`super::verdict`]).

use tokio::time::Instant;

use super::budget::CallBudget;
use super::capture::CapturedCall;
use super::prepare::prepare;
use super::result::{CallResult, OperationResult};
use super::verdict::{lost, not_sent, understand};
use crate::engine::accept::invocation::Invocation;
use crate::engine::refusal::Refusal;
use crate::phases::Phase;
use crate::upstream::{Attempt, CallKind};

/// A read, of a caller or as a follow-up.
pub async fn read(
    read: Invocation<'_>,
    budget: &mut CallBudget<'_>,
    kind: CallKind,
) -> Result<OperationResult, Refusal> {
    once(read, budget, kind).await.into()
}

/// Exactly one vendor call, as long as the budget lasts.
pub async fn once(
    invocation: Invocation<'_>,
    budget: &mut CallBudget<'_>,
    kind: CallKind,
) -> CallResult {
    let phases = budget.phases;
    phases.enter_now(Phase::Translate);
    let mut request = match prepare(invocation) {
        Ok(request) => request,
        Err(refusal) => return CallResult::refused(refusal),
    };
    request.kind = kind;
    request.store = budget.store.cloned();
    if matches!(kind, CallKind::Write | CallKind::WriteRetry) {
        request.sent = budget.sent().cloned();
    }
    let operation = invocation.operation();
    let upstream = invocation.runtime.upstream(operation);
    let calls = &mut budget.tally.trace;
    request.trace = budget.trace.call(upstream.sends_traceparent(), calls);
    budget.tally.begin();
    let started = Instant::now();
    phases.enter(Phase::Queue, started);
    let attempt = upstream.call(&request, budget.deadline, phases).await;
    let ended = Instant::now();
    phases.enter(Phase::Translate, ended);
    budget
        .tally
        .end(&attempt, ended.saturating_duration_since(started));
    if invocation.runtime.settings.evidence.is_some() {
        budget.tally.capture().call(CapturedCall {
            index: invocation.index,
            kind,
            request: request.clone(),
            took: ended.saturating_duration_since(started),
            attempt: attempt.clone(),
        });
    }
    let result = match attempt {
        Attempt::NotSent(failure) => CallResult::refused(not_sent(operation, &failure)),
        Attempt::ResponseLost(failure) => lost(operation, &failure, None),
        Attempt::Answered(answer) => understand(invocation, &request.path_and_query, &answer),
    };
    phases.enter_now(Phase::Other);
    if let Some(refusal) = result.refusal()
        && refusal.unmapped
        && invocation.runtime.settings.evidence.is_some()
    {
        budget.tally.capture().unmapped = true;
    }
    if let Some(sent) = &request.sent {
        match &result {
            CallResult::Refused(refusal) if !refusal.is_unknown() => sent.not_executed(),
            _ => sent.may_have_executed(),
        }
    }
    result
}
