//! `Idempotency-Key` on POST: the answer of a key is kept, and an unknown outcome is looked up before
//! anything is sent again. In memory, where a restart forgets; or in the store that replicas share.

mod ended;
mod kept_answer;
mod key;
mod keys;
mod second_attempt;
mod shared_keys;
mod told_at_once;
mod under_shared_key;

use contract::GatewayProblem;
use http::Method;
use http::header::HeaderName;
use serde_json::{Map, Value};
use validate::{At, FlatJson, Violation, Violations};

use super::precondition::Conditional;
use super::told::Untold;
use crate::digest;
use crate::engine::accept::input::Input;
use crate::engine::answer::served::Served;
use crate::engine::answer::success;
use crate::engine::call::budget::CallBudget;
use crate::engine::context::RequestContext;
use crate::engine::refusal::Refusal;
use crate::shared::{Account, Fingerprint, KeyId};
use ended::Ended;
use keys::Begin;
pub use keys::Keys;
pub use second_attempt::second;
use shared_keys::Asked;
pub use shared_keys::SharedKeys;
use told_at_once::{in_progress, replayed, reused};
use under_shared_key::under_shared_key;

const FIELD: HeaderName = HeaderName::from_static("idempotency-key");

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
fn id(context: &RequestContext, key: &str) -> [u8; 32] {
    let caller = context.caller.as_deref().unwrap_or_default();
    digest::of_parts(&[caller, context.label(), key])
}

/// The same where others see it, who may call another account by the same names. The contract is no part of it: while
/// another version of it is rolled out, a repetition can come through either.
fn shared_id(context: &RequestContext, account: &Account, key: &str) -> KeyId {
    let caller = context.caller.as_deref().unwrap_or_default();
    let parts = &[account.as_str(), caller, context.label(), key];
    KeyId(digest::of_parts(parts))
}

/// Where keys are kept.
#[derive(Clone, Copy)]
pub struct KeptIn<'k> {
    pub own: &'k Keys,
    /// Where it is there the own ones are not used.
    pub shared: Option<&'k SharedKeys>,
}

/// Runs a write under its key. Preconditions come after: what was done once has changed what they speak
/// of (RFC 9110 §13.1.1), and gets its answer again.
///
/// The other members are told of what runs, or is looked for, before its answer is kept: a replay is an answer, which
/// nobody waits with.
pub async fn under_key(
    (kept_in, key): (KeptIn<'_>, &str),
    (request, untold): (Conditional<'_>, Untold<'_>),
    context: &RequestContext,
    budget: &mut CallBudget<'_>,
) -> Result<Served, Refusal> {
    let write = request.write;
    if let Some(keys) = kept_in.shared {
        let account = write.runtime.upstream(write.operation()).account();
        let asked = Asked {
            id: shared_id(context, &account, key),
            fingerprint: Fingerprint(fingerprint(write.input)),
            left: budget.left(),
            hold: write.runtime.settings.cache.unknown_hold,
        };
        let run = under_shared_key((keys, asked), (request, untold), context, budget);
        return Box::pin(run).await;
    }
    let (keys, id) = (kept_in.own, id(context, key));
    let sent = budget.begin_write();
    let started = match keys.begin(id, fingerprint(write.input), sent.clone()) {
        Begin::Replay(reply, code) => {
            if code.is_none() {
                untold.happened_before();
            }
            return Ok(replayed(reply, code));
        }
        Begin::Started(started) => started,
        Begin::OtherBody => return Err(reused()),
        Begin::Running => return Err(in_progress(None)),
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
    let result = result.map(|result| success::served(write.runtime, result));
    told.end(&result, context).await;
    started.end(Ended::of(&result, context));
    result
}

/// Equal for equal requests, whatever the order of their members.
fn fingerprint(input: &Input) -> [u8; 32] {
    let path = input.path.iter();
    let path = path.map(|(name, segment)| (name.clone(), Value::from(&**segment)));
    let query: Map<String, Value> = input.query.clone().into_iter().collect();
    let body = input.body.as_ref();
    let mut body = body.map_or_else(Default::default, FlatJson::to_value);
    body.sort_all_objects();
    digest::of_parts(&[
        &Value::Object(path.collect()).to_string(),
        &Value::Object(query).to_string(),
        &body.to_string(),
    ])
}
