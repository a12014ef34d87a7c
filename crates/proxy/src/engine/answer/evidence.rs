//! Which requests leave a record, and what goes into it.

use std::collections::BTreeSet;
use std::sync::Arc;

use bytes::Bytes;
use contract::{GatewayProblem, Operation, OperationIndex, Unclear};
use http::Response;
use tokio::time::Instant;
use translate::answer::Produced;

use crate::engine::answer::served::Served;
use crate::engine::call::budget::CallTally;
use crate::engine::call::capture::{Capture, CapturedCall};
use crate::engine::context::{RequestContext, Target};
use crate::engine::outcome::Outcome;
use crate::engine::refusal::Refusal;
use crate::engine::runtime::Runtime;
use crate::evidence::{ContractName, Draft, DraftCall};
use crate::time_of_day;
use crate::upstream::CallKind;

/// Why a request leaves a record, and what only its refusal knows.
pub struct Wanted {
    because: &'static str,
    why: Option<String>,
    outcome: Option<Outcome>,
}

/// `None`: it leaves none, which is so of all where the settings do not ask for records.
pub fn wanted(
    context: &RequestContext,
    tally: &CallTally,
    result: &Result<Served, Refusal>,
) -> Option<Wanted> {
    let Err(refusal) = result else { return None };
    let runtime = context.runtime();
    runtime.settings.evidence?;
    context.operation()?;
    let row = runtime.plan.problems.get(&refusal.code);
    // Nobody failed who says that nothing is kept.
    let failed = matches!(row.map(|row| row.status), Some(502 | 504))
        && !refusal.is(GatewayProblem::NotInCache)
        || refusal.is(GatewayProblem::InternalError);
    let because = match failed {
        true => "problem",
        false if tally.met_unmapped() => "unmapped-code",
        false => return None,
    };
    Some(Wanted {
        because,
        // The vendor's words stand in its answer, where their names tell what is personal.
        why: refusal.cause_without_excerpt().map(str::to_owned),
        outcome: context
            .is_write()
            .then(|| refusal.outcome.unwrap_or(Outcome::NotDone)),
    })
}

/// What is recorded of a request that got this answer.
pub fn draft(
    context: &RequestContext,
    tally: &mut CallTally,
    wanted: Wanted,
    response: &Response<Bytes>,
) -> Option<Draft> {
    let Target::Operation(root) = context.target() else {
        return None;
    };
    let runtime = context.runtime();
    let operation = runtime.operation(root);
    let Capture {
        asked,
        calls,
        after_unknown,
        ..
    } = tally.take_capture();
    let now = Instant::now();
    let mut personal = operation.sensitive.clone();
    for call in &calls {
        personal.extend(runtime.operation(call.index).sensitive.iter().cloned());
    }
    let steps = steps(runtime, root, &calls);
    let calls = calls.into_iter().zip(steps);
    Some(Draft {
        contract: ContractName {
            title: runtime.plan.title.clone(),
            version: runtime.plan.version.clone(),
            digest: runtime.plan.digest.clone(),
        },
        time: time_of_day::at(now.into_std()),
        trace_id: context.trace.id.as_str().to_owned(),
        because: wanted.because,
        method: context.method.to_string(),
        route: operation.path.clone(),
        operation: operation.id.to_string(),
        asked,
        after_unknown,
        calls: calls
            .map(|(call, step)| draft_call(runtime, call, step, &personal))
            .collect(),
        outcome: wanted.outcome.map(Outcome::word),
        why: wanted.why,
        phases: context
            .phases
            .so_far(now)
            .iter()
            .map(|(phase, time)| (phase.label(), time))
            .collect(),
        status: response.status().as_u16(),
        problem: response.body().clone(),
        personal,
    })
}

/// What each call is in the plan of the request.
fn steps(runtime: &Runtime, root: OperationIndex, calls: &[CapturedCall]) -> Vec<&'static str> {
    let mut write = root;
    let step = |call: &CapturedCall| match call.kind {
        CallKind::Read => "read",
        CallKind::WriteRetry => "repeat",
        CallKind::Write => {
            write = call.index;
            match call.index == root {
                true => "write",
                false => "create_if_absent",
            }
        }
        CallKind::FollowUp => match runtime.operation(write).binding.unclear() {
            Some(Unclear::ReadBack { .. }) => "read_back",
            Some(Unclear::LookUp { .. }) | None => "look_up",
        },
    };
    calls.iter().map(step).collect()
}

fn draft_call(
    runtime: &Runtime,
    call: CapturedCall,
    step: &'static str,
    personal: &BTreeSet<String>,
) -> DraftCall {
    let operation = runtime.operation(call.index);
    let upstream = runtime.upstream(operation);
    DraftCall {
        step,
        operation: operation.id.shared(),
        upstream: Arc::clone(&operation.binding.upstream),
        base_url: upstream.base_url().to_string(),
        masked: upstream.masked(),
        request_encoding: operation
            .binding
            .request
            .as_ref()
            .map(|request| request.encoding),
        answer_encoding: operation.binding.answer.encoding,
        personal_fields: personal_fields(operation, personal),
        request: call.request,
        took: call.took,
        attempt: call.attempt,
    }
}

fn personal_fields(operation: &Operation, personal: &BTreeSet<String>) -> Vec<String> {
    let success = operation.binding.answer.success.iter();
    let producers = success.flat_map(|success| &success.producers);
    let named = producers.filter(|producer| personal.contains(producer.to.last()));
    named
        .filter_map(|producer| match &producer.from {
            Produced::Header(name) => Some(name.clone()),
            _ => None,
        })
        .collect()
}
