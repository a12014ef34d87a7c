//! One vendor call and its meaning: a value, or the problem that tells the truth about it.

use contract::{GatewayProblem, Operation, OperationIndex, ParameterPlace};
use serde_json::Value;
use tokio::time::Instant;
use translate::answer::{BodyRule, ErrorRow, Produced};
use translate::judge::{self, Answer, Context, MatchedBy, VendorError, Verdict};
use translate::mismatch::Mismatch;
use validate::{At, Violation};

use super::input::Input;
use super::prepare::prepare;
use super::{Exchange, Outcome, Refusal, Runtime, follow_up};
use crate::upstream::{Attempt, Failure, FailureKind, VendorAnswer};

/// A vendor call that succeeded.
pub struct Answered {
    pub index: OperationIndex,
    /// Which `success` entry of the operation fits.
    pub entry: usize,
    pub value: Option<Value>,
}

/// Calls and follows up what the contract says of a success.
pub async fn run(
    runtime: &Runtime,
    exchange: &mut Exchange,
    index: OperationIndex,
    input: &Input,
) -> Result<Answered, Refusal> {
    let (mut answered, missing) = once(runtime, exchange, index, input).await?;
    if !missing.is_empty() {
        follow_up::fill_missing(runtime, exchange, &mut answered, input, &missing).await;
    }
    Ok(answered)
}

/// Exactly one vendor call. Returns also the fields whose `Location` could not be used.
pub async fn once(
    runtime: &Runtime,
    exchange: &mut Exchange,
    index: OperationIndex,
    input: &Input,
) -> Result<(Answered, Vec<Vec<String>>), Refusal> {
    let operation = runtime.operation(index);
    let request = prepare(runtime, index, input, &exchange.trace)?;
    exchange.vendor_calls += 1;
    let started = Instant::now();
    let attempt = runtime
        .upstream(operation)
        .call(&request, exchange.deadline)
        .await;
    exchange.vendor_time += started.elapsed();
    match attempt {
        Attempt::NotSent(failure) => Err(not_sent(operation, &failure)),
        Attempt::Sent(failure) => Err(lost(operation, &failure, None)),
        Attempt::Answered(answer) => understand(runtime, index, input, &answer),
    }
}

/// No byte of the request left.
fn not_sent(operation: &Operation, failure: &Failure) -> Refusal {
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
        _ => Refusal::new(
            GatewayProblem::UpstreamUnavailable,
            format!("{vendor} cannot be reached; nothing was sent."),
        )
        .retry_after(1),
    };
    refusal.because(failure.to_string())
}

/// The request left, and no answer can be relied on.
fn lost(operation: &Operation, failure: &Failure, status: Option<u16>) -> Refusal {
    let vendor = &operation.binding.upstream;
    let mut refusal = if operation.binding.write.is_some() {
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
    refusal.because(failure.to_string())
}

fn plain(kind: FailureKind) -> &'static str {
    match kind {
        FailureKind::Connect | FailureKind::Closed => "the connection ended without an answer",
        FailureKind::Cut => "the answer was cut",
        FailureKind::Garbled => "the answer is not HTTP",
        FailureKind::Timeout => "no whole answer came in time",
        FailureKind::TooLarge => "the answer is too large",
        FailureKind::ContentEncoding => "the answer is compressed",
        FailureKind::CredentialsRejected
        | FailureKind::TokenUnavailable
        | FailureKind::CircuitOpen
        | FailureKind::Paused
        | FailureKind::Shed => "nothing was sent",
    }
}

fn unknown(detail: String) -> Refusal {
    Refusal {
        outcome: Some(Outcome::Unknown),
        ..Refusal::new(GatewayProblem::WriteOutcomeUnknown, detail)
    }
}

fn bare(status: u16) -> VendorError {
    VendorError {
        status,
        code: None,
        message: None,
    }
}

fn understand(
    runtime: &Runtime,
    index: OperationIndex,
    input: &Input,
    answer: &VendorAnswer,
) -> Result<(Answered, Vec<Vec<String>>), Refusal> {
    let operation = runtime.operation(index);
    let plan = &operation.binding.answer;
    if let Some(failure) = &answer.cut {
        let entry = plan
            .success
            .iter()
            .find(|entry| entry.statuses.contains(&answer.status));
        let read = entry.map_or(answer.status >= 500, |entry| {
            entry.body != BodyRule::Ignored
        });
        if read {
            return Err(lost(operation, failure, Some(answer.status)));
        }
    }
    let verdict = judge::judge(
        plan,
        &Answer {
            status: answer.status,
            content_type: answer.header("content-type"),
            header: &|name| answer.header(name),
            body: &answer.body,
        },
        &Context {
            request: input.body.as_ref(),
            path: &input.path,
            base_url: runtime.upstream(operation).base_url().as_str(),
            usable_segment: &|segment| usable(runtime, operation, segment),
        },
    );
    match verdict {
        Verdict::Success {
            entry,
            value,
            look_up,
            ..
        } => {
            let answered = Answered {
                index,
                entry,
                value,
            };
            Ok((answered, look_up))
        }
        Verdict::Problem {
            row,
            by,
            vendor,
            items,
        } => Err(mapped(operation, &row, by, vendor, items)),
        Verdict::Unmapped { vendor } => Err(unmapped(operation, vendor, answer)),
        Verdict::Unclear(mismatch) => Err(unclear(operation, answer.status, &mismatch)),
    }
}

/// Whether a segment of a `Location` can be the path parameter that our own `Location` needs.
fn usable(runtime: &Runtime, operation: &Operation, segment: &str) -> bool {
    let binding = &operation.binding;
    binding
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
                .all(|name| {
                    let parameters = runtime.operation(target).parameters.iter();
                    let mut wanted = parameters.filter(|parameter| {
                        parameter.place == ParameterPlace::Path && parameter.name == *name
                    });
                    wanted
                        .all(|parameter| parameter.validator.check_parameter(name, segment).is_ok())
                })
        })
}

/// A row of the error map, or a `fails_if` with a problem.
fn mapped(
    operation: &Operation,
    row: &ErrorRow,
    by: MatchedBy,
    vendor: VendorError,
    items: Vec<String>,
) -> Refusal {
    let name = operation.binding.upstream.clone();
    let status = vendor.status;
    // A server error may have come after the write was applied, whatever code it bears.
    if operation.binding.write.is_some() && status >= 500 {
        return server_error(operation, vendor);
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
            detail: format!("{name} refuses this value"),
        })
        .collect();
    if row.outcome_unknown {
        refusal.outcome = Some(Outcome::Unknown);
    }
    if by == MatchedBy::FailsIf {
        refusal.detail = format!("{name} answered {status}, and its body says that it failed.");
    }
    refusal.upstream = Some((name, vendor));
    refusal
}

/// The default of a status class (CONTRACT.md "Errors").
fn unmapped(operation: &Operation, vendor: VendorError, answer: &VendorAnswer) -> Refusal {
    let name = operation.binding.upstream.clone();
    let status = vendor.status;
    let of = |problem, detail: String| Refusal::new(problem, detail);
    let mut refusal = match status {
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
        .retry_after(retry_after(answer)),
        400 | 409 | 422 => of(
            GatewayProblem::ValidationFailed,
            format!("{name} refuses the request."),
        ),
        500.. if operation.binding.write.is_some() => return server_error(operation, vendor),
        _ => of(
            GatewayProblem::UpstreamError,
            format!("{name} answered {status}."),
        ),
    };
    refusal.upstream = Some((name, vendor));
    refusal
}

/// A 5xx to a write: the vendor may have failed before the change or after it.
fn server_error(operation: &Operation, vendor: VendorError) -> Refusal {
    let name = operation.binding.upstream.clone();
    let mut refusal = unknown(format!(
        "{name} answered {}, before or after doing it.",
        vendor.status
    ));
    refusal.upstream = Some((name, vendor));
    refusal
}

/// Seconds of the vendor's `Retry-After`, kept between 1 and 60; 1 where there is none.
fn retry_after(answer: &VendorAnswer) -> u64 {
    let seconds = answer
        .header("retry-after")
        .and_then(|text| text.trim().parse::<u64>().ok());
    seconds.unwrap_or(1).clamp(1, 60)
}

fn unclear(operation: &Operation, status: u16, mismatch: &Mismatch) -> Refusal {
    let name = operation.binding.upstream.clone();
    let place = if mismatch.at.is_empty() {
        String::new()
    } else {
        format!(" at {}", mismatch.at)
    };
    let mut refusal = if operation.binding.write.is_some() {
        unknown(format!(
            "{name} answered {status}, but not as agreed: expected {}{place}.",
            mismatch.expected
        ))
    } else {
        let detail = format!(
            "{name} answered {status}, but not as agreed: expected {}{place}.",
            mismatch.expected
        );
        Refusal::new(GatewayProblem::UpstreamContractViolation, detail)
    };
    refusal.upstream = Some((name, bare(status)));
    refusal.because(format!(
        "expected {}{place}, found {}; excerpt: {}",
        mismatch.expected, mismatch.found, mismatch.excerpt
    ))
}
