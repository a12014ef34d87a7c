//! What a vendor's answer, or the lack of one, means to the caller.

mod without_answer;
mod words;

use std::time::Duration;

use contract::{GatewayProblem, Operation, OperationIndex};
use translate::AnswerLimits;
use translate::answer::{BodyRule, ErrorRow, Produced};
use translate::judge::{self, Answer, Context, MatchedBy, VendorError, Verdict};
use translate::mismatch::{Limit, Mismatch};
use validate::{At, Violation};

use super::vendor_call::Answered;
use crate::engine::accept::input::Input;
use crate::engine::answer::success::takes;
use crate::engine::outcome::Outcome;
use crate::engine::refusal::Refusal;
use crate::engine::runtime::Runtime;
use crate::upstream::{Notice, VendorAnswer, wait_of};
use without_answer::{bare, too_large};
pub use without_answer::{lost, not_sent, seconds, unknown};

/// How one vendor call ended.
#[derive(Debug)]
pub enum Called {
    /// With the fields whose `Location` could not be used and that ask for a look-up.
    Done(Answered, Vec<Vec<String>>),
    /// For a write: certainly not done, unless the refusal itself says unknown.
    Refused(Box<Refusal>),
    /// Writes only: it may have happened. The refusal is what the caller gets if nothing finds out.
    Unclear(Box<Refusal>, Evidence),
}

/// What an unclear write left behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Evidence {
    /// A complete 5xx answer: the vendor has stopped working on it. Perhaps it said when to ask again.
    ServerError { wait: Option<Duration> },
    /// Nothing: the vendor may still be at it.
    None,
}

impl Called {
    fn refused(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }

    fn unclear(refusal: Refusal, evidence: Evidence) -> Self {
        Self::Unclear(Box::new(refusal), evidence)
    }
}

/// Judges an answer to a call of `target` below the base URL, whose head arrived whole.
pub fn understand(
    runtime: &Runtime,
    index: OperationIndex,
    input: &Input,
    target: &str,
    answer: &VendorAnswer,
) -> Called {
    let operation = runtime.operation(index);
    let plan = &operation.binding.answer;
    if let Some(failure) = &answer.cut {
        let entry = plan
            .success
            .iter()
            .find(|entry| entry.statuses.contains(&answer.status));
        let read = match entry {
            Some(entry) => entry.body != BodyRule::Ignored,
            None => answer.status >= 500 || may_be_in_part(operation, answer.status),
        };
        if read {
            return lost(operation, failure, Some(answer.status));
        }
    }
    let base = runtime.upstream(operation).base_url().as_str();
    let target = format!("{}{target}", base.trim_end_matches('/'));
    let mut verdict = judge::judge(
        plan,
        &Answer {
            status: answer.status,
            content_type: answer.header("content-type"),
            header: &|name| answer.header(name),
            body: &answer.body,
            whole: answer.cut.is_none(),
            limits: AnswerLimits {
                nodes: runtime.settings.limits.answer_values,
                ..AnswerLimits::default()
            },
        },
        &Context {
            request: input.body.as_ref(),
            path: &input.path,
            base_url: &target,
            usable_segment: &|segment| usable(runtime, operation, segment),
        },
    );
    words::redact(&mut verdict, &answer.credential);
    match verdict {
        Verdict::Success {
            entry,
            value,
            look_up,
            unknown_fields,
            lenient_values,
        } => {
            if unknown_fields > 0 {
                notice(runtime, operation, Notice::UnknownFields(unknown_fields));
            }
            if lenient_values > 0 {
                notice(runtime, operation, Notice::LenientValues(lenient_values));
            }
            let answered = Answered {
                index,
                entry,
                value,
            };
            Called::Done(answered, look_up)
        }
        Verdict::Problem {
            row,
            by,
            vendor,
            items,
        } => {
            // A code without a row, though its status has one.
            if by == MatchedBy::Status && vendor.code.is_some() {
                notice(runtime, operation, Notice::UnmappedError);
            }
            words::withholding(plan, vendor, |vendor| {
                mapped(operation, answer, &row, by, vendor, items)
            })
        }
        Verdict::Unmapped { vendor } => {
            notice(runtime, operation, Notice::UnmappedError);
            words::withholding(plan, vendor, |vendor| unmapped(operation, vendor, answer))
        }
        Verdict::Unclear(mismatch) => unclear(operation, answer.status, &mismatch),
    }
}

/// What the contract does not know is counted: the vendor's API has moved.
fn notice(runtime: &Runtime, operation: &Operation, notice: Notice) {
    runtime.upstream(operation).notice(&operation.id, notice);
}

/// Whether a segment of a `Location` can be the path parameter that our own `Location` needs. One that
/// cannot is counted: the link would be dead.
fn usable(runtime: &Runtime, operation: &Operation, segment: &str) -> bool {
    let binding = &operation.binding;
    let usable = binding
        .answer
        .success
        .iter()
        .zip(&binding.emits)
        .all(|(success, emit)| {
            let Some(target) = emit.location else {
                return true;
            };
            let fields = success
                .producers
                .iter()
                .filter(|producer| matches!(producer.from, Produced::Location { .. }));
            fields
                .filter_map(|producer| producer.to.last())
                .all(|name| takes(runtime.operation(target), name, segment))
        });
    if !usable {
        notice(runtime, operation, Notice::DeadLocation);
    }
    usable
}

/// Whether a refusal of which only the head arrived could be one after which something happened: the
/// code would tell, and the contract knows such codes.
fn may_be_in_part(operation: &Operation, status: u16) -> bool {
    let errors = &operation.binding.answer.errors;
    operation.binding.write.is_some()
        && (400..500).contains(&status)
        && !matches!(status, 401 | 403 | 429)
        && !errors.statuses.contains_key(&status)
        && errors.codes.values().any(|row| row.outcome_unknown)
}

/// A row of the error map, or a `fails_if` with a problem.
fn mapped(
    operation: &Operation,
    answer: &VendorAnswer,
    row: &ErrorRow,
    by: MatchedBy,
    vendor: VendorError,
    items: Vec<String>,
) -> Called {
    let name = operation.binding.upstream.clone();
    let status = vendor.status;
    // A server error may have come after the write was applied, whatever code it bears. (A code of
    // which the contract says that something may have happened says so itself.)
    let told = by == MatchedBy::Code && row.outcome_unknown;
    // These speak of our account and our haste; a code in such an answer says nothing of the request.
    if by == MatchedBy::Code && matches!(status, 401 | 429) {
        return unmapped(operation, vendor, answer);
    }
    if operation.binding.write.is_some() && status >= 500 && !told {
        return server_error(operation, vendor, answer);
    }
    let said = vendor
        .code
        .as_ref()
        .map_or_else(|| status.to_string(), |code| format!("{code} ({status})"));
    let mut refusal = Refusal::of(row.problem.clone(), format!("{name} answered {said}."));
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
        refusal = refusal.retry_after(seconds(wait_of(answer)));
    }
    refusal.upstream = Some((name, vendor));
    Called::refused(refusal)
}

/// The default of a status class (CONTRACT.md "Errors").
fn unmapped(operation: &Operation, vendor: VendorError, answer: &VendorAnswer) -> Called {
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
        .retry_after(seconds(wait_of(answer))),
        400 | 409 | 422 => of(
            GatewayProblem::ValidationFailed,
            format!("{name} refuses the request."),
        ),
        // No such page (DESIGN §3 "Pages"); later pages end with it, if the contract says so.
        416 if operation.binding.paging.is_some() => of(
            GatewayProblem::ValidationFailed,
            format!("{name} has no such page."),
        ),
        500.. if operation.binding.write.is_some() => {
            return server_error(operation, vendor, answer);
        }
        _ => of(
            GatewayProblem::UpstreamError,
            format!("{name} answered {status}."),
        ),
    };
    if let Some(wait) = wait_of(answer).filter(|_| status == 503) {
        refusal = refusal.retry_after(seconds(Some(wait)));
    }
    refusal.upstream = Some((name, vendor));
    Called::refused(refusal)
}

/// A 5xx to a write: the vendor may have failed before the change or after it.
fn server_error(operation: &Operation, vendor: VendorError, answer: &VendorAnswer) -> Called {
    let name = operation.binding.upstream.clone();
    let status = vendor.status;
    let mut refusal = unknown(format!(
        "{name} answered {status}, before or after doing it."
    ));
    let wait = wait_of(answer);
    if wait.is_some() {
        refusal = refusal.retry_after(seconds(wait));
    }
    refusal.upstream = Some((name, vendor));
    // RFC 9110 §15.6.5: who answers 504 has only stopped waiting for the one that does the work.
    let evidence = match status {
        504 => Evidence::None,
        _ => Evidence::ServerError { wait },
    };
    Called::unclear(refusal, evidence)
}

/// A success or redirect status that is not as agreed.
fn unclear(operation: &Operation, status: u16, mismatch: &Mismatch) -> Called {
    let name = operation.binding.upstream.clone();
    let place = if mismatch.at.is_empty() {
        String::new()
    } else {
        format!(" at {}", mismatch.at)
    };
    let write = operation.binding.write.is_some();
    let mut refusal = if write {
        unknown(format!(
            "{name} answered {status}, but not as agreed: expected {}{place}.",
            mismatch.expected
        ))
    } else if let Some(limit) = mismatch.over {
        let setting = match limit {
            Limit::Values => " (`limits.answer_values`)",
            Limit::Depth | Limit::Attributes | Limit::Text => "",
        };
        too_large(
            operation,
            format!(
                "{name} answered {status} with more than the gateway takes, which is {}{setting}.",
                mismatch.expected
            ),
        )
    } else {
        let detail = format!(
            "{name} answered {status}, but not as agreed: expected {}{place}.",
            mismatch.expected
        );
        Refusal::new(GatewayProblem::UpstreamContractViolation, detail)
    };
    refusal.upstream = Some((name, bare(status)));
    let refusal = refusal.because(format!(
        "expected {}{place}, found {}; excerpt: {}",
        mismatch.expected, mismatch.found, mismatch.excerpt
    ));
    if write {
        Called::unclear(refusal, Evidence::None)
    } else {
        Called::refused(refusal)
    }
}
