//! Which answers an operation can give, as far as the contract and the settings tell.

use std::collections::BTreeSet;
use std::sync::Arc;

use contract::GatewayProblem::{self, *};
use contract::{Operation, OperationIndex, Unclear};
use http::StatusCode;

use crate::engine::runtime::Runtime;
use crate::settings::WithoutStore;

/// A status, and the code of its problem; empty without one.
pub type KnownAnswer = (u16, Arc<str>);

/// Of any operation.
const ALL: [GatewayProblem; 13] = [
    MalformedRequest,
    RequestTimeout,
    ValidationFailed,
    NotAcceptable,
    UriTooLong,
    HeadersTooLarge,
    UpstreamCredentialsRejected,
    UpstreamAccessDenied,
    UpstreamError,
    UpstreamUnavailable,
    UpstreamTimeout,
    ShuttingDown,
    InternalError,
];
/// Of one that takes a body.
const WITH_BODY: [GatewayProblem; 4] = [
    MalformedJson,
    UnsupportedMediaType,
    ContentTooLarge,
    Overloaded,
];
/// Of one that reads, be it for a precondition.
const READS: [GatewayProblem; 3] = [
    PreconditionFailed,
    UpstreamContractViolation,
    UpstreamAnswerTooLarge,
];
/// Of one that takes an `Idempotency-Key`.
const POST: [GatewayProblem; 3] = [IdempotencyKeyReused, RequestInProgress, Overloaded];

/// All of them, each once.
pub fn answers(runtime: &Runtime, index: OperationIndex) -> BTreeSet<KnownAnswer> {
    let operation = runtime.operation(index);
    let mut answers = BTreeSet::new();
    successes(operation, &mut answers);
    let mut codes: BTreeSet<Arc<str>> = own(runtime, index)
        .into_iter()
        .map(|problem| problem.code().into())
        .collect();
    vendors(operation, &mut codes);
    // What a write reads for its precondition is refused as the read is.
    let read = runtime.read_of(index).map(|read| runtime.operation(read));
    read.into_iter().for_each(|read| vendors(read, &mut codes));
    if let Some(create) = operation.binding.create_if_absent() {
        let create = runtime.operation(create.operation);
        successes(create, &mut answers);
        vendors(create, &mut codes);
    }
    let problems = &runtime.plan.problems;
    let rows = codes.iter().filter_map(|code| problems.get(code));
    answers.extend(rows.map(|row| (row.status, row.code.clone())));
    answers
}

fn successes(operation: &Operation, answers: &mut BTreeSet<KnownAnswer>) {
    let entries = operation.binding.answer.success.iter();
    let mut statuses: Vec<StatusCode> = entries.map(|entry| entry.emit.status).collect();
    if !operation.binding.is_write() {
        statuses.push(StatusCode::NOT_MODIFIED);
    }
    answers.extend(statuses.iter().map(|one| (one.as_u16(), "".into())));
}

/// The gateway's own problems.
fn own(runtime: &Runtime, index: OperationIndex) -> Vec<GatewayProblem> {
    let operation = runtime.operation(index);
    let mut problems = ALL.to_vec();
    let mut add = |condition: bool, more: &[GatewayProblem]| {
        if condition {
            problems.extend_from_slice(more);
        }
    };
    let is_write = operation.binding.is_write();
    add(operation.body.is_some(), &WITH_BODY);
    add(!is_write || runtime.read_of(index).is_some(), &READS);
    add(operation.binding.paging().is_some(), &[InvalidCursor]);
    add(!is_write, &[NotInCache]);
    add(is_write, &[WriteOutcomeUnknown, PreconditionFailed]);
    add(is_write && operation.method == http::Method::POST, &POST);
    let shared = runtime.settings.shared.as_ref();
    let refuses = shared.is_some_and(|shared| shared.writes_without_store == WithoutStore::Refuse);
    // What bears a key is never sent without the store.
    let bears_keys = shared.is_some() && operation.method == http::Method::POST;
    add(
        is_write && (refuses || bears_keys),
        &[CoordinationUnavailable],
    );
    let callers = &runtime.settings.callers;
    add(!callers.is_empty(), &[Unauthenticated]);
    let limited = callers.iter().any(|one| one.operations.is_some());
    add(limited, &[Forbidden]);
    let counted = callers.iter().any(|one| one.quota.is_some());
    add(counted, &[RateLimited]);
    problems
}

/// The problems that the contract makes of the vendor's answers.
fn vendors(operation: &Operation, codes: &mut BTreeSet<Arc<str>>) {
    let answer = &operation.binding.answer;
    let rows = answer.errors.codes.values();
    let rows = rows.chain(answer.errors.statuses.values());
    let failures = answer
        .success
        .iter()
        .filter_map(|one| one.fails_if.as_ref());
    let rows = rows.chain(failures.filter_map(|one| one.row.as_ref()));
    codes.extend(rows.map(|row| row.problem.clone()));
    if let Some(Unclear::LookUp { different, .. }) = operation.binding.unclear() {
        codes.insert(different.clone());
    }
}
