//! `Idempotency-Key` on POST: the answer of a key is kept, and an unknown outcome is looked up before
//! anything is sent again. In memory: a restart forgets.

mod key;
mod keys;

use std::sync::Arc;

use contract::{GatewayProblem, Operation, OperationIndex};
use http::header::HeaderName;
use http::{HeaderValue, Method};
use validate::{At, Violation, Violations};

use crate::digest;

use super::execute::SAFE_TO_REPEAT;
use super::look_up::{self, Found};
use super::precondition::{Preconditions, run};
use crate::engine::accept::input::Input;
use crate::engine::answer::{problem, reply::Reply, success};
use crate::engine::call::vendor_call::Answered;
use crate::engine::call::verdict::{Evidence, unknown};
use crate::engine::context::Exchange;
use crate::engine::outcome::Outcome;
use crate::engine::refusal::Refusal;
use crate::engine::runtime::Runtime;
pub use keys::Keys;
use keys::{Begin, Ended, Started};

const FIELD: &str = "idempotency-key";
const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// A key as it came with a request, or what is wrong with it. Only a POST has one: the other methods
/// are idempotent by definition (RFC 9110 §9.2.2), and their field is not read.
pub fn read(head: &http::request::Parts) -> Result<Option<String>, Refusal> {
    if head.method != Method::POST {
        return Ok(None);
    }
    let mut values = head.headers.get_all(FIELD).iter();
    let key = match (values.next(), values.next()) {
        (None, _) => return Ok(None),
        (Some(value), None) => key::parse(value),
        (Some(_), Some(_)) => Err("it is there twice"),
    };
    key.map(Some).map_err(|wrong| {
        Refusal::violations(Violations::from(Violation {
            at: At::Parameter("Idempotency-Key".to_owned()),
            code: "bad-idempotency-key",
            detail: format!("Idempotency-Key is not usable: {wrong}; send 1 to 255 visible characters, bare or in double quotes"),
        }))
    })
}

/// Runs a write under its key. Preconditions come after: what was done once has changed what they speak
/// of (RFC 9110 §13.1.1), and gets its answer again.
pub async fn under_key(
    keys: &Keys,
    runtime: &Arc<Runtime>,
    exchange: &mut Exchange,
    index: OperationIndex,
    input: &Input,
    conditions: Option<&Preconditions<'_>>,
    key: &str,
) -> Result<Reply, Refusal> {
    let id = digest::of_parts(&[
        exchange.caller.as_deref().unwrap_or_default(),
        exchange.operation(),
        key,
    ]);
    let sent = exchange.begin_write();
    let started = match keys.begin(id, fingerprint(input), sent.clone()) {
        Begin::Replay(mut reply, code) => {
            reply
                .headers
                .insert(REPLAYED, HeaderValue::from_static("true"));
            exchange.outcome = code.is_some().then_some(Outcome::NotDone);
            exchange.problem = code;
            return Ok(reply);
        }
        Begin::OtherBody => {
            return Err(Refusal::new(
                GatewayProblem::IdempotencyKeyReused,
                "This Idempotency-Key came with another request before.",
            ));
        }
        Begin::Running => {
            return Err(Refusal {
                // It may be done at any moment.
                outcome: Some(Outcome::Unknown),
                ..Refusal::new(
                    GatewayProblem::RequestInProgress,
                    "The request of this Idempotency-Key is still running.",
                )
                .retry_after(1)
            });
        }
        Begin::Full => {
            return Err(Refusal::new(
                GatewayProblem::Overloaded,
                "No further Idempotency-Key can be kept: as many requests with one run, or ended in an unknown outcome, as the gateway remembers.",
            )
            .retry_after(1));
        }
        Begin::Started(started) => started,
    };
    if started.was_unknown {
        sent.follows_unknown();
    }
    let result = match again(runtime, exchange, index, input, &started).await {
        Some(result) => result,
        None => {
            let result = run(runtime, exchange, index, input, conditions).await;
            ours_after_all(runtime, exchange, index, input, &started, result).await
        }
    };
    let result = result
        .and_then(|answered| success::reply(runtime, answered))
        .map_err(|refusal| exchange.told(refusal));
    keep(runtime, exchange, started, &result);
    result
}

/// After an unknown outcome: what the look-up says. `None`: nothing is there, so it may be sent.
async fn again(
    runtime: &Runtime,
    exchange: &mut Exchange,
    index: OperationIndex,
    input: &Input,
    started: &Started<'_>,
) -> Option<Result<Answered, Refusal>> {
    if !started.was_unknown {
        return None;
    }
    let vendor = &runtime.operation(index).binding.upstream;
    let still = unknown(format!(
        "What became of the first request with this key at {vendor} cannot be found out."
    ));
    let Some(unclear) = unclear(runtime.operation(index)) else {
        return Some(Err(still));
    };
    match look_up::check(runtime, exchange, index, input, unclear).await {
        Found::Shown(there) => Some(look_up::assemble(runtime, index, input, there.as_ref())),
        Found::Other => Some(Err(look_up::taken(unclear, &still, Evidence::None))),
        Found::NotShown => None,
        Found::Unseen(_) => Some(Err(still)),
        Found::CannotTell(why) => Some(Err(still.because(why))),
    }
}

/// The first attempt may still be on its way, so whatever the second ends in says nothing of it; a name
/// that the vendor then calls taken is ours, if what bears it is what was sent.
async fn ours_after_all(
    runtime: &Runtime,
    exchange: &mut Exchange,
    index: OperationIndex,
    input: &Input,
    started: &Started<'_>,
    result: Result<Answered, Refusal>,
) -> Result<Answered, Refusal> {
    let refusal = match result {
        Err(refusal) if started.was_unknown && refusal.outcome != Some(Outcome::Unknown) => refusal,
        result => return result,
    };
    let unclear = unclear(runtime.operation(index));
    let looks_up = matches!(unclear, Some(contract::Unclear::LookUp { .. }));
    let found = match unclear {
        Some(unclear @ contract::Unclear::LookUp { different, .. })
            if refusal.code == *different =>
        {
            look_up::check(runtime, exchange, index, input, unclear).await
        }
        _ => Found::NotShown,
    };
    match found {
        Found::Shown(there) => look_up::assemble(runtime, index, input, there.as_ref()),
        Found::Other => Err(refusal),
        found => Err(Refusal {
            // The look-up that let the second attempt go, or the one after it, showed nothing.
            safe_to_repeat: found == Found::NotShown && looks_up,
            hint: (found == Found::NotShown && looks_up).then(|| SAFE_TO_REPEAT.to_owned()),
            upstream: refusal.upstream,
            headers: refusal.headers,
            ..unknown(format!(
                "The second attempt with this key ended in {}, and the first may still come.",
                refusal.code
            ))
            .because(refusal.detail)
        }),
    }
}

fn unclear(operation: &Operation) -> Option<&contract::Unclear> {
    operation.binding.write.as_ref()?.unclear.as_ref()
}

/// Kept are done answers and the vendor's refusals of this request; a refusal of ours, or of our
/// credentials, is forgotten, so that the key can be used again.
fn keep(
    runtime: &Runtime,
    exchange: &mut Exchange,
    started: Started<'_>,
    result: &Result<Reply, Refusal>,
) {
    match result {
        Ok(reply) => started.end(Ended::Answered(reply.clone(), None)),
        Err(refusal) if refusal.outcome == Some(Outcome::Unknown) => started.end(Ended::Unknown),
        Err(refusal) if refused_by_vendor(refusal) => {
            let (parts, body) = problem::respond(runtime, exchange, refusal.clone()).into_parts();
            let reply = Reply {
                status: parts.status,
                headers: parts.headers,
                body: Some(body),
            };
            started.end(Ended::Answered(reply, Some(refusal.code.clone())));
        }
        Err(_) => started.end(Ended::Nothing),
    }
}

/// 401 and 403 speak of our account and 429 of the moment: a day later they may be wrong.
fn refused_by_vendor(refusal: &Refusal) -> bool {
    let status = refusal
        .upstream
        .as_ref()
        .map_or(0, |(_, vendor)| vendor.status);
    (400..500).contains(&status) && !matches!(status, 401 | 403 | 429)
}

/// Equal for equal requests, whatever the order of their members.
fn fingerprint(input: &Input) -> [u8; 32] {
    let query: serde_json::Map<String, serde_json::Value> =
        input.query.clone().into_iter().collect();
    let mut body = input.body.clone().unwrap_or_default();
    body.sort_all_objects();
    digest::of_parts(&[
        &format!("{:?}", input.path),
        &serde_json::Value::Object(query).to_string(),
        &body.to_string(),
    ])
}
