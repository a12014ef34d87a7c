//! Which problems an operation can answer: its stages in their order, and what the contract makes of its vendor's errors.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::facts::{has_keys, operation_shows};
use super::{header, problem};
use crate::catalogue::GatewayProblem;
use crate::plan::{self, Operation, Problem, Unclear};

/// What the answers of all operations are read from.
#[derive(Clone, Copy)]
pub(super) struct Answers<'p> {
    pub(super) operations: &'p [Operation],
    pub(super) problems: &'p BTreeMap<Arc<str>, Problem>,
    /// Whether callers need keys.
    pub(super) guarded: bool,
}

impl<'p> Answers<'p> {
    /// The read that preconditions of a write are held against.
    pub(super) fn read_of(self, operation: &Operation) -> Option<&'p Operation> {
        self.operations
            .get(plan::read_of(self.operations, operation)?)
    }

    /// The create that an update may become.
    pub(super) fn create_of(self, operation: &Operation) -> Option<&'p Operation> {
        let create = operation.binding.create_if_absent()?;
        self.operations.get(create.operation.0)
    }

    /// Whether a success is sent with a body.
    fn has_content(self, operation: &Operation) -> bool {
        [Some(operation), self.create_of(operation)]
            .into_iter()
            .flatten()
            .flat_map(|one| one.binding.answer.success.iter())
            .any(|success| success.shape.is_some())
    }

    /// Response objects by status, in its order.
    pub(super) fn responses(self, operation: &Operation) -> BTreeMap<u16, Value> {
        let codes = self.codes(operation);
        let mut by_status: BTreeMap<u16, Vec<&Problem>> = BTreeMap::new();
        for problem in codes.iter().filter_map(|code| self.problems.get(*code)) {
            by_status.entry(problem.status).or_default().push(problem);
        }
        let response = |(status, problems): (u16, Vec<&Problem>)| {
            let headers = header::of_problems(operation, &problems);
            (status, response(&problems, headers))
        };
        by_status.into_iter().map(response).collect()
    }

    /// The codes of all problems that a call of the operation can end in.
    fn codes(self, operation: &'p Operation) -> BTreeSet<&'p str> {
        use GatewayProblem as P;
        let binding = &operation.binding;
        let (read, write) = (!binding.is_write(), binding.is_write());
        let body = operation.body.is_some();
        let keys = has_keys(operation);
        let conditions = write || operation_shows(operation);
        let groups: [(bool, &[P]); 11] = [
            (
                true,
                &[
                    P::MalformedRequest,
                    P::RequestTimeout,
                    P::UriTooLong,
                    P::HeadersTooLarge,
                    // Also of `Request-Timeout`, and what a vendor refuses without a row.
                    P::ValidationFailed,
                    P::UpstreamCredentialsRejected,
                    P::UpstreamAccessDenied,
                    P::UpstreamError,
                    P::UpstreamUnavailable,
                    P::UpstreamTimeout,
                    P::ShuttingDown,
                    P::InternalError,
                ],
            ),
            (
                self.guarded,
                &[P::Unauthenticated, P::Forbidden, P::RateLimited],
            ),
            (self.has_content(operation), &[P::NotAcceptable]),
            (
                body,
                &[
                    P::UnsupportedMediaType,
                    P::ContentTooLarge,
                    P::MalformedJson,
                ],
            ),
            (body || keys, &[P::Overloaded]),
            (binding.paging().is_some(), &[P::InvalidCursor]),
            (keys, &[P::RequestInProgress, P::IdempotencyKeyReused]),
            (conditions, &[P::PreconditionFailed]),
            (read, &[P::NotInCache]),
            // Of a write by the read that a precondition needs.
            (
                read || self.read_of(operation).is_some(),
                &[P::UpstreamContractViolation, P::UpstreamAnswerTooLarge],
            ),
            (write, &[P::WriteOutcomeUnknown, P::CoordinationUnavailable]),
        ];
        let own = groups.into_iter().filter(|(applies, _)| *applies);
        let own = own.flat_map(|(_, problems)| problems.iter().map(|problem| problem.code()));
        let mut codes: BTreeSet<&str> = own.collect();
        let calls = [
            Some(operation),
            self.create_of(operation),
            self.read_of(operation),
        ];
        for one in calls.into_iter().flatten() {
            codes.extend(mapped(one));
        }
        codes
    }
}

/// What the contract makes of what a vendor says.
fn mapped(operation: &Operation) -> impl Iterator<Item = &str> {
    let answer = &operation.binding.answer;
    let rows = answer
        .errors
        .codes
        .values()
        .chain(answer.errors.statuses.values());
    let fails_if = answer
        .success
        .iter()
        .filter_map(|success| success.fails_if.as_ref()?.row.as_ref());
    let different = match operation.binding.unclear() {
        Some(Unclear::LookUp { different, .. }) => Some(&**different),
        _ => None,
    };
    rows.chain(fails_if)
        .map(|row| &*row.problem)
        .chain(different)
}

fn response(problems: &[&Problem], headers: Map<String, Value>) -> Value {
    let titles: Vec<String> = problems
        .iter()
        .map(|one| format!("{} (`{}`)", one.title, one.code))
        .collect();
    let examples: Map<String, Value> = problems
        .iter()
        .map(|one| {
            (
                one.code.to_string(),
                json!({"$ref": format!("#/components/examples/{}", one.code)}),
            )
        })
        .collect();
    let mut response = json!({
        "description": format!("{}.", titles.join(", or ")),
        "content": {problem::MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "examples": examples}},
    });
    if !headers.is_empty() {
        response = header::with_headers(response, headers);
    }
    response
}
