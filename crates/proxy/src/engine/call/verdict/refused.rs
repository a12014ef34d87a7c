//! A vendor that refuses: by the contract's map of its errors, or by the default of their status.

use contract::{GatewayProblem, Operation};
use translate::answer::ErrorRow;
use translate::judge::{self, MatchedBy, VendorError};
use validate::{At, Violation};

use crate::engine::call::result::{CallResult, Evidence};
use crate::engine::outcome::Outcome;
use crate::engine::refusal::Refusal;
use crate::upstream::{VendorAnswer, wait_of};

/// What of the contract fits an answer.
pub struct Row {
    pub row: ErrorRow,
    pub by: MatchedBy,
    /// Pointers into the request that `fails_if.items` names.
    pub items: Vec<String>,
}

/// A row of the error map, or a `fails_if` with a problem.
pub fn mapped(
    operation: &Operation,
    answer: &VendorAnswer,
    row: Row,
    vendor: VendorError,
) -> CallResult {
    let Row { row, by, items } = row;
    let name = operation.binding.upstream.clone();
    let status = vendor.status;
    // A server error may have come after the write was applied, whatever code it bears. (A code of
    // which the contract says that something may have happened says so itself.)
    let is_declared = by == MatchedBy::Code && row.outcome_unknown;
    // These speak of our account and our haste; a code in such an answer says nothing of the request.
    if by == MatchedBy::Code && matches!(status, 401 | 429) {
        return unmapped(operation, vendor, answer);
    }
    if operation.binding.is_write() && status >= 500 && !is_declared {
        return server_error(operation, vendor, answer);
    }
    let said = vendor
        .code
        .as_ref()
        .map_or_else(|| status.to_string(), |code| format!("{code} ({status})"));
    let mut refusal = Refusal::of(row.problem, format!("{name} answered {said}."));
    let pointers = row.pointer.iter().chain(&items);
    refusal.errors = pointers
        .map(|pointer| Violation {
            at: At::Pointer(pointer.clone()),
            code: "refused-by-vendor",
            detail: format!("{name} refuses the value at `{pointer}`"),
        })
        .collect();
    if row.outcome_unknown {
        refusal.outcome = Some(Outcome::Unknown);
    }
    if by == MatchedBy::FailsIf {
        refusal.detail = format!("{name} answered {status}, and its body says that it failed.");
    }
    // The catalogue promises it of what is not available.
    if refusal.is(GatewayProblem::UpstreamUnavailable) {
        refusal = refusal.retry_after(wait_of(answer));
    }
    refusal.upstream = Some((name, vendor));
    CallResult::refused(refusal)
}

/// The default of a status class (docs/contract.md).
pub fn unmapped(operation: &Operation, vendor: VendorError, answer: &VendorAnswer) -> CallResult {
    let name = operation.binding.upstream.clone();
    let status = vendor.status;
    let of = |problem, detail: String| Refusal::new(problem, detail);
    let mut refusal = match judge::understood(status) {
        401 => of(
            GatewayProblem::UpstreamCredentialsRejected,
            format!("{name} rejects the gateway's credentials."),
        ),
        403 => of(
            GatewayProblem::UpstreamAccessDenied,
            format!("{name} denies the gateway's account this operation."),
        ),
        429 => of(
            GatewayProblem::UpstreamUnavailable,
            format!("{name} asks for fewer requests."),
        )
        .retry_after(wait_of(answer)),
        400 | 409 | 422 => of(
            GatewayProblem::ValidationFailed,
            format!("{name} refuses the request."),
        ),
        // No such page; later pages end with it, if the contract says so.
        416 if operation.binding.paging().is_some() => of(
            GatewayProblem::ValidationFailed,
            format!("{name} has no such page."),
        ),
        500.. if operation.binding.is_write() => {
            return server_error(operation, vendor, answer);
        }
        _ => of(
            GatewayProblem::UpstreamError,
            format!("{name} answered {status}."),
        ),
    };
    if let Some(wait) = wait_of(answer).filter(|_| status == 503) {
        refusal = refusal.retry_after(Some(wait));
    }
    refusal.upstream = Some((name, vendor));
    CallResult::refused(refusal)
}

/// A 5xx to a write: the vendor may have failed before the change or after it.
fn server_error(operation: &Operation, vendor: VendorError, answer: &VendorAnswer) -> CallResult {
    let name = operation.binding.upstream.clone();
    let status = vendor.status;
    let mut refusal = Refusal::outcome_unknown(format!(
        "{name} answered {status}, before or after doing it."
    ));
    let wait = wait_of(answer);
    if wait.is_some() {
        refusal = refusal.retry_after(wait);
    }
    refusal.upstream = Some((name, vendor));
    // RFC 9110 §15.6.5: who answers 504 has only stopped waiting for the one that does the work.
    let evidence = match status {
        504 => Evidence::None,
        _ => Evidence::ServerError { wait },
    };
    CallResult::unclear(refusal, evidence)
}
