//! A vendor call that ended without an answer that can be relied on.

use std::time::Duration;

use contract::{GatewayProblem, Operation};
use translate::judge::VendorError;

use super::{Called, Evidence};
use crate::engine::outcome::Outcome;
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
            .retry_after(seconds(failure.retry_after))
        }
    };
    refusal.because(failure.to_string())
}

/// Whole seconds, rounded up; one where nothing is known.
pub fn seconds(wait: Option<Duration>) -> u64 {
    wait.map_or(1, |wait| {
        wait.as_millis()
            .div_ceil(1000)
            .try_into()
            .unwrap_or(u64::MAX)
    })
}

/// The request left, and no answer can be relied on.
pub fn lost(operation: &Operation, failure: &Failure, status: Option<u16>) -> Called {
    let vendor = &operation.binding.upstream;
    let write = operation.binding.write.is_some();
    let mut refusal = if write {
        unknown(format!(
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
            .retry_after(1),
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
        Called::unclear(refusal, Evidence::None)
    } else {
        Called::refused(refusal)
    }
}

/// A read whose answer may well be right, and is more than we take. A list that has pages can be had in
/// smaller parts.
pub(super) fn too_large(operation: &Operation, detail: String) -> Refusal {
    let mut refusal = Refusal::new(GatewayProblem::UpstreamAnswerTooLarge, detail);
    if operation.binding.paging.is_some() {
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

/// Nobody can say what became of the write.
pub fn unknown(detail: String) -> Refusal {
    Refusal {
        outcome: Some(Outcome::Unknown),
        ..Refusal::new(GatewayProblem::WriteOutcomeUnknown, detail)
    }
}

pub(super) fn bare(status: u16) -> VendorError {
    VendorError {
        status,
        code: None,
        message: None,
    }
}
