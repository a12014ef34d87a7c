//! What a vendor's answer, or the lack of one, means to the caller.

mod drift;
mod redaction;
mod refused;
mod without_answer;

use contract::{GatewayProblem, Operation};
use translate::AnswerLimits;
use translate::answer::{BodyRule, Produced};
use translate::judge::{self, Answer, Called, Context, MatchedBy, Verdict};
use translate::mismatch::{Limit, Mismatch};
use validate::FlatJson;

use super::result::{CallResult, Evidence, OperationResult};
use crate::engine::accept::check;
use crate::engine::accept::invocation::Invocation;
use crate::engine::refusal::{EXCERPT, Refusal};
use crate::engine::runtime::Runtime;
use crate::upstream::{Notice, VendorAnswer};
use refused::{Row, mapped, unmapped};
use without_answer::{bare, too_large};
pub use without_answer::{lost, not_sent};

/// Judges an answer to a call of `target` below the base URL, whose head arrived whole.
pub fn understand(invocation: Invocation<'_>, target: &str, answer: &VendorAnswer) -> CallResult {
    let Invocation {
        runtime,
        index,
        input,
    } = invocation;
    let operation = invocation.operation();
    let plan = &operation.binding.answer;
    if let Some(failure) = &answer.cut {
        let read = match plan.success.of_status(answer.status) {
            Some(entry) => entry.body != BodyRule::Ignored,
            None => answer.status >= 500 || may_be_in_part(operation, answer.status),
        };
        if read {
            return lost(operation, failure, Some(answer.status));
        }
    }
    let base = runtime.upstream(operation).base_url();
    let said = Answer {
        status: answer.status,
        content_type: answer.header("content-type"),
        header: &|name| answer.header(name),
        body: &answer.body,
        whole: answer.cut.is_none(),
        limits: AnswerLimits {
            nodes: runtime.settings.limits.answer_values,
            ..AnswerLimits::default()
        },
    };
    let mut verdict = judge::judge(
        plan,
        &said,
        &Context {
            request: input.body.as_ref().map(FlatJson::root),
            path: &input.path,
            called: Some(Called { base, target }),
            usable_segment: &|segment| usable(runtime, operation, segment),
        },
    );
    redaction::redact(&mut verdict, &answer.credential);
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
            // Who lists texts wants to hear of others, which the decoders take as they are.
            if unknown_fields > 0 || lenient_values > 0 || !operation.listed.is_empty() {
                drift::look(runtime, index, &entry, &said, &answer.credential);
            }
            let result = OperationResult {
                index,
                entry,
                value,
                cause: None,
            };
            CallResult::Done(result, look_up)
        }
        Verdict::Problem {
            row,
            by,
            vendor,
            items,
        } => {
            // A code without a row, though its status has one.
            let unmapped = by == MatchedBy::Status && vendor.code.is_some();
            if unmapped {
                notice(runtime, operation, Notice::UnmappedError);
            }
            let mut result = redaction::withhold(plan, vendor, |vendor| {
                let row = Row { row, by, items };
                mapped(operation, answer, row, vendor)
            });
            if let Some(refusal) = result.refusal_mut() {
                refusal.unmapped = unmapped;
            }
            result
        }
        Verdict::Unmapped { vendor } => {
            notice(runtime, operation, Notice::UnmappedError);
            let mut result =
                redaction::withhold(plan, vendor, |vendor| unmapped(operation, vendor, answer));
            if let Some(refusal) = result.refusal_mut() {
                refusal.unmapped = true;
            }
            result
        }
        Verdict::Unclear(mismatch) => {
            if let Some(entry) = plan.success.of_status(answer.status) {
                drift::look(runtime, index, entry, &said, &answer.credential);
            }
            unclear(operation, answer.status, &mismatch)
        }
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
    let usable = binding.answer.success.iter().all(|success| {
        let Some(target) = success.emit.location else {
            return true;
        };
        let fields = success
            .producers
            .iter()
            .filter(|producer| matches!(producer.from, Produced::Location { .. }));
        fields
            .map(|producer| producer.to.last())
            .filter(|name| !name.is_empty())
            .all(|name| check::takes(runtime.operation(target), name, segment))
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
    operation.binding.is_write()
        && (400..500).contains(&status)
        && !matches!(status, 401 | 403 | 429)
        && !errors.statuses.contains_key(&status)
        && errors.codes.values().any(|row| row.outcome_unknown)
}

/// A success or redirect status that is not as agreed.
fn unclear(operation: &Operation, status: u16, mismatch: &Mismatch) -> CallResult {
    let name = operation.binding.upstream.clone();
    let place = if mismatch.at.is_empty() {
        String::new()
    } else {
        format!(" at {}", mismatch.at)
    };
    let write = operation.binding.is_write();
    let mut refusal = if write {
        Refusal::outcome_unknown(format!(
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
        "expected {}{place}, found {}{EXCERPT}{}",
        mismatch.expected, mismatch.found, mismatch.excerpt
    ));
    if write {
        CallResult::unclear(refusal, Evidence::None)
    } else {
        CallResult::refused(refusal)
    }
}
