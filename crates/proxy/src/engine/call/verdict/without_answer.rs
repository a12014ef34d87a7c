//! A vendor call that ended without an answer that can be relied on.

use contract::{GatewayProblem, Operation};
use translate::judge::VendorError;

use crate::engine::call::result::{CallResult, Evidence};
use crate::engine::refusal::Refusal;
use crate::upstream::{Failure, FailureKind};

/// No byte of the request left.
pub fn not_sent(operation: &Operation, failure: &Failure) -> Refusal {
    let vendor = &operation.binding.upstream;
    let refusal = match failure.kind {
        FailureKind::Timeout => Refusal::new(
            GatewayProblem::UpstreamTimeout,
            format!("{vendor} could not be reached in time; nothing was sent."),
        ),
        FailureKind::CredentialsRejected => Refusal::new(
            GatewayProblem::UpstreamCredentialsRejected,
            format!("{vendor} rejects the gateway's credentials."),
        ),
        kind => {
            let why = match kind {
                FailureKind::CircuitOpen => format!("{vendor} failed too often just now"),
                kind if kind.is_pause() => format!("{vendor} asked for fewer requests"),
                FailureKind::Shed => format!("Too many requests wait for {vendor}"),
                FailureKind::TokenUnavailable => format!("There is no token for {vendor}"),
                _ => format!("{vendor} cannot be reached"),
            };
            Refusal::new(
                GatewayProblem::UpstreamUnavailable,
                format!("{why}; nothing was sent."),
            )
            .retry_after(failure.retry_after)
        }
    };
    refusal.because(failure.to_string())
}

/// The request left, and no answer can be relied on.
pub fn lost(operation: &Operation, failure: &Failure, status: Option<u16>) -> CallResult {
    let vendor = &operation.binding.upstream;
    let write = operation.binding.is_write();
    let mut refusal = if write {
        Refusal::outcome_unknown(format!(
            "{vendor} may or may not have done it: {}.",
            plain(failure.kind)
        ))
    } else {
        match failure.kind {
            FailureKind::Timeout => Refusal::new(
                GatewayProblem::UpstreamTimeout,
                format!("{vendor} gave no answer in time."),
            ),
            FailureKind::Closed | FailureKind::Connect => Refusal::new(
                GatewayProblem::UpstreamUnavailable,
                format!("{vendor} closed the connection without an answer."),
            )
            .retry_after(None),
            FailureKind::TooLarge => too_large(
                operation,
                format!(
                    "The answer of {vendor} is too large: {} (`limits.answer`).",
                    failure.detail
                ),
            ),
            _ => Refusal::new(
                GatewayProblem::UpstreamContractViolation,
                format!(
                    "The answer of {vendor} cannot be read: {}.",
                    plain(failure.kind)
                ),
            ),
        }
    };
    if let Some(status) = status {
        refusal.upstream = Some((vendor.clone(), bare(status)));
    }
    let refusal = refusal.because(failure.to_string());
    if write {
        CallResult::unclear(refusal, Evidence::None)
    } else {
        CallResult::refused(refusal)
    }
}

/// A read whose answer may well be right, and is more than we take. A list that has pages can be had in
/// smaller parts.
pub(super) fn too_large(operation: &Operation, detail: String) -> Refusal {
    let mut refusal = Refusal::new(GatewayProblem::UpstreamAnswerTooLarge, detail);
    if operation.binding.paging().is_some() {
        let hint =
            "Ask for the list in pages, with `?limit=`; with smaller ones if it had a limit.";
        refusal.hint = Some(hint.to_owned());
    }
    refusal
}

fn plain(kind: FailureKind) -> &'static str {
    match kind {
        FailureKind::Connect | FailureKind::Closed => "the connection ended without an answer",
        FailureKind::Cut => "the answer was cut",
        FailureKind::Garbled => "the answer is not HTTP",
        FailureKind::Timeout => "no whole answer came in time",
        FailureKind::TooLarge => "the answer is too large",
        FailureKind::ContentEncoding => "the answer is compressed in a way that cannot be read",
        FailureKind::CredentialsRejected
        | FailureKind::TokenUnavailable
        | FailureKind::CircuitOpen
        | FailureKind::Paused
        | FailureKind::PausedByError
        | FailureKind::Shed => "nothing was sent",
    }
}

pub(super) fn bare(status: u16) -> VendorError {
    VendorError {
        status,
        code: None,
        message: None,
    }
}
