//! `Idempotency-Key` on POST: the answer of a key is kept, and an unknown outcome is looked up before
//! anything is sent again. In memory: a restart forgets.

mod key;
mod keys;

use std::sync::Arc;

use contract::{GatewayProblem, Unclear};
use http::header::HeaderName;
use http::{HeaderValue, Method};
use validate::{At, FlatJson, Violation, Violations};

use super::execute::SAFE_TO_REPEAT;
use super::look_up::{self, LookupResult};
use super::precondition::Conditional;
use super::told::Untold;
use crate::digest;
use crate::engine::accept::input::Input;
use crate::engine::accept::invocation::Invocation;
use crate::engine::answer::reply::Reply;
use crate::engine::answer::served::Served;
use crate::engine::answer::{problem, success};
use crate::engine::call::budget::CallBudget;
use crate::engine::call::result::{Evidence, OperationResult, UnclearWrite};
use crate::engine::context::RequestContext;
use crate::engine::outcome::Outcome;
use crate::engine::refusal::Refusal;
pub use keys::Keys;
use keys::{Begin, Ended, Started};

const FIELD: HeaderName = HeaderName::from_static("idempotency-key");
const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// A key as it came with a request, or what is wrong with it. Only a POST has one: the other methods
/// are idempotent by definition (RFC 9110 §9.2.2), and their field is not read.
pub fn read(head: &http::request::Parts) -> Result<Option<String>, Refusal> {
    if head.method != Method::POST {
        return Ok(None);
    }
    let mut values = head.headers.get_all(&FIELD).iter();
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

/// A key of one caller, for one operation.
#[must_use]
pub fn id(context: &RequestContext, key: &str) -> [u8; 32] {
    let caller = context.caller.as_deref().unwrap_or_default();
    digest::of_parts(&[caller, context.label(), key])
}

/// A key among those that are kept.
pub struct Kept<'k> {
    pub keys: &'k Keys,
    pub id: [u8; 32],
}

/// Runs a write under its key. Preconditions come after: what was done once has changed what they speak
/// of (RFC 9110 §13.1.1), and gets its answer again.
///
/// The other members are told of what runs, or is looked for, before its answer is kept: a replay is an answer, which
/// nobody waits with.
pub async fn under_key(
    Kept { keys, id }: Kept<'_>,
    (request, untold): (Conditional<'_>, Untold<'_>),
    context: &RequestContext,
    budget: &mut CallBudget<'_>,
) -> Result<Served, Refusal> {
    let sent = budget.begin_write();
    let started = match keys.begin(id, fingerprint(request.write.input), sent.clone()) {
        Begin::Replay(reply, code) => {
            if code.is_none() {
                untold.happened_before();
            }
            return Ok(replayed(reply, code));
        }
        Begin::Started(started) => started,
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
                .retry_after(None)
            });
        }
        Begin::Full => {
            return Err(Refusal::new(
                GatewayProblem::Overloaded,
                "No further Idempotency-Key can be kept: as many requests with one run, or ended in an unknown outcome, as the gateway remembers.",
            )
            .retry_after(None));
        }
    };
    let told = untold.begin(context, budget).await?;
    let result = if started.was_unknown {
        sent.follows_unknown();
        if context.runtime().settings.evidence.is_some() {
            budget.tally.capture().after_unknown = true;
        }
        second(request, budget).await
    } else {
        request.run(budget).await
    };
    let result = result.map(|result| success::served(request.write.runtime, result));
    told.end(&result, context).await;
    keep(context, started, &result);
    result
}

fn replayed(mut reply: Reply, code: Option<Arc<str>>) -> Served {
    let replayed = HeaderValue::from_static("true");
    reply.headers.insert(REPLAYED, replayed);
    Served {
        replayed: code,
        ..Served::from(reply)
    }
}

/// The attempt after one of unknown outcome: what is there already is not made again.
pub async fn second(
    request: Conditional<'_>,
    budget: &mut CallBudget<'_>,
) -> Result<OperationResult, Refusal> {
    match look_first(request.write, budget).await {
        Some(result) => result,
        None => {
            let result = request.run(budget).await;
            ours_after_all(request.write, budget, result).await
        }
    }
}

/// What a look-up says of the first attempt. `None`: nothing is there, so it may be sent.
async fn look_first(
    write: Invocation<'_>,
    budget: &mut CallBudget<'_>,
) -> Option<Result<OperationResult, Refusal>> {
    let vendor = &write.binding().upstream;
    let still = Refusal::outcome_unknown(format!(
        "What became of the first request with this key at {vendor} cannot be found out."
    ));
    let Some(rule) = rule(write) else {
        return Some(Err(still));
    };
    match look_up::check(write, budget, rule).await {
        LookupResult::Shown(there) => Some(look_up::assemble(write, there.as_ref())),
        LookupResult::Other => {
            let unclear = UnclearWrite {
                refusal: still,
                evidence: Evidence::None,
            };
            Some(Err(look_up::taken(rule, &unclear)))
        }
        LookupResult::NotShown => None,
        LookupResult::Unseen(_) => Some(Err(still)),
        LookupResult::CannotTell(why) => Some(Err(still.because(why))),
    }
}

/// The first attempt may still be on its way, so whatever the second ends in says nothing of it; a name
/// that the vendor then calls taken is ours, if what bears it is what was sent.
async fn ours_after_all(
    write: Invocation<'_>,
    budget: &mut CallBudget<'_>,
    result: Result<OperationResult, Refusal>,
) -> Result<OperationResult, Refusal> {
    let refusal = match result {
        Err(refusal) if !refusal.is_unknown() => refusal,
        result => return result,
    };
    let rule = rule(write);
    let found = match rule {
        Some(rule @ Unclear::LookUp { different, .. }) if refusal.code == *different => {
            look_up::check(write, budget, rule).await
        }
        _ => LookupResult::NotShown,
    };
    match found {
        LookupResult::Shown(there) => look_up::assemble(write, there.as_ref()),
        LookupResult::Other => Err(refusal),
        found => {
            // The look-up that let the second attempt go, or the one after it, showed nothing.
            let looks_up = matches!(rule, Some(Unclear::LookUp { .. }));
            let safe_to_repeat = found == LookupResult::NotShown && looks_up;
            Err(Refusal {
                safe_to_repeat,
                hint: safe_to_repeat.then(|| SAFE_TO_REPEAT.to_owned()),
                upstream: refusal.upstream,
                headers: refusal.headers,
                ..Refusal::outcome_unknown(format!(
                    "The second attempt with this key ended in {}, and the first may still come.",
                    refusal.code
                ))
                .because(refusal.detail)
            })
        }
    }
}

fn rule(write: Invocation<'_>) -> Option<&Unclear> {
    write.binding().unclear()
}

/// Kept are done answers and the vendor's refusals of this request; a refusal of ours, or of our
/// credentials, is forgotten, so that the key can be used again.
fn keep(context: &RequestContext, started: Started<'_>, result: &Result<Served, Refusal>) {
    match result {
        Ok(served) => started.end(Ended::Answered(served.reply.clone(), None)),
        Err(refusal) if refusal.is_unknown() => started.end(Ended::Unknown),
        Err(refusal) if refused_by_vendor(refusal) => {
            let (parts, body) = problem::respond(context, refusal).into_parts();
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
    refusal
        .vendor_status()
        .is_some_and(|status| (400..500).contains(&status) && !matches!(status, 401 | 403 | 429))
}

/// Equal for equal requests, whatever the order of their members.
fn fingerprint(input: &Input) -> [u8; 32] {
    let query: serde_json::Map<String, serde_json::Value> =
        input.query.clone().into_iter().collect();
    let body = input.body.as_ref();
    let mut body = body.map_or_else(Default::default, FlatJson::to_value);
    body.sort_all_objects();
    digest::of_parts(&[
        &format!("{:?}", input.path),
        &serde_json::Value::Object(query).to_string(),
        &body.to_string(),
    ])
}
