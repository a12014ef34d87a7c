//! `If-Match` and `If-None-Match` (RFC 9110 §13): whether what is there is still what the caller knows.
//!
//! A write compares with a fresh read, past the cache, by the GET of the same path. Neither vendor
//! takes a condition itself, so another writer can come between that read and the write. Conditional
//! writes of one path take turns here; where an upsert can do better than that, it does (`upsert.rs`).

mod turns;

use std::sync::Arc;

use contract::{GatewayProblem, OperationIndex};
use http::header::{IF_MATCH, IF_NONE_MATCH};
use http::request::Parts;
use http::{HeaderName, Method, StatusCode};
use tokio::time::Instant;
use validate::{At, Violation, Violations};

use super::look_up::is_absent;
use super::upsert;
use crate::cache::condition::Condition;
use crate::cache::etag::ETag;
use crate::engine::accept::check;
use crate::engine::accept::input::Input;
use crate::engine::accept::route::{self, Routed};
use crate::engine::answer::{reply::Reply, success};
use crate::engine::call::dispatch;
use crate::engine::call::vendor_call::Answered;
use crate::engine::context::Exchange;
use crate::engine::outcome::Outcome;
use crate::engine::refusal::Refusal;
use crate::engine::runtime::Runtime;
use turns::Turn;
pub use turns::Turns;

/// What a write's caller demands of the resource as it is.
pub struct Preconditions<'h> {
    turns: &'h Turns,
    head: &'h Parts,
    if_match: Option<Condition>,
    if_none_match: Option<Condition>,
}

/// The read before a write takes at most this share of the time that is left: a write that is sent too
/// late ends in an unknown outcome.
const READ_SHARE: f64 = 0.5;

/// What the read showed.
enum Current {
    There(Option<ETag>),
    /// With what the caller of the read would be told.
    Absent(Refusal),
}

/// The preconditions of a write; `None` where there are none. `If-Unmodified-Since` and
/// `If-Modified-Since` are none: nothing here has a modification date (RFC 9110 §13.1.3, §13.1.4).
///
/// # Errors
/// A field that cannot be read: 400, since nobody knows what its caller wants to rule out.
pub fn of_write<'h>(
    turns: &'h Turns,
    head: &'h Parts,
) -> Result<Option<Preconditions<'h>>, Refusal> {
    let conditions = Preconditions {
        turns,
        head,
        if_match: read(head, &IF_MATCH, "If-Match")?,
        if_none_match: read(head, &IF_NONE_MATCH, "If-None-Match")?,
    };
    let some = conditions.if_match.is_some() || conditions.if_none_match.is_some();
    Ok(some.then_some(conditions))
}

/// The `If-Match` of a read. Its `If-None-Match` asks for a 304, and one that cannot be read names
/// nothing.
///
/// # Errors
/// As [`of_write`].
pub fn of_read(head: &Parts) -> Result<Option<Condition>, Refusal> {
    read(head, &IF_MATCH, "If-Match")
}

/// 412 where `If-Match` does not name what a read found.
pub fn check_read(if_match: Option<&Condition>, etag: &ETag) -> Result<(), Refusal> {
    match if_match {
        Some(condition) if !condition.names_strongly(etag) => Err(differs()),
        _ => Ok(()),
    }
}

fn read(head: &Parts, field: &HeaderName, name: &str) -> Result<Option<Condition>, Refusal> {
    Condition::read(&head.headers, field).map_err(|malformed| {
        Refusal::violations(Violations::from(Violation {
            at: At::Parameter(name.to_owned()),
            code: "bad-precondition",
            detail: format!(
                "{name} is {malformed}; send the ETag of the answer as it came, with its quotes, or `*`"
            ),
        }))
    })
}

/// Runs a write if its preconditions hold.
pub async fn run(
    runtime: &Arc<Runtime>,
    exchange: &mut Exchange,
    index: OperationIndex,
    input: &Input,
    conditions: Option<&Preconditions<'_>>,
) -> Result<Answered, Refusal> {
    let Some(conditions) = conditions else {
        return dispatch::run(runtime, exchange, index, input).await;
    };
    let Some(read) = conditions.the_read(runtime) else {
        return Err(conditions.cannot_be_shown());
    };
    let Some(_turn) = conditions.turn(runtime, exchange, &read).await else {
        return Err(Refusal::new(
            GatewayProblem::UpstreamTimeout,
            "Another conditional write of this path did not end in time.",
        ));
    };
    let current = current(runtime, exchange, &read).await?;
    conditions.check(&current)?;
    let upserts = runtime.operation(index).binding.create_if_absent.is_some();
    match current {
        Current::There(_) if upserts && conditions.if_match.is_some() => {
            upsert::update(runtime, exchange, index, input).await
        }
        Current::Absent(absent) if upserts && conditions.if_none_match == Some(Condition::Any) => {
            upsert::create(runtime, exchange, index, input, absent).await
        }
        _ => dispatch::run(runtime, exchange, index, input).await,
    }
}

impl Preconditions<'_> {
    /// In the order of RFC 9110 §13.2.2.
    fn check(&self, current: &Current) -> Result<(), Refusal> {
        match (&self.if_match, current) {
            (Some(_), Current::Absent(_)) => {
                return Err(failed("If-Match does not hold: nothing is there."));
            }
            (Some(Condition::Any), Current::There(_)) | (None, _) => {}
            (Some(condition), Current::There(etag)) => {
                let named = etag
                    .as_ref()
                    .is_some_and(|tag| condition.names_strongly(tag));
                if !named {
                    return Err(differs());
                }
            }
        }
        match (&self.if_none_match, current) {
            (Some(Condition::Any), Current::There(_)) => Err(failed(
                "If-None-Match: * does not hold: something is there.",
            )),
            (Some(condition), Current::There(Some(etag))) if condition.names_weakly(etag) => {
                Err(failed(
                    "If-None-Match does not hold: what is there has an entity tag that it names.",
                ))
            }
            _ => Ok(()),
        }
    }

    fn cannot_be_shown(&self) -> Refusal {
        let name = if self.if_match.is_some() {
            "If-Match"
        } else {
            "If-None-Match"
        };
        failed(format!(
            "{name} cannot be shown to hold: there is no GET of this path that would show what is there."
        ))
    }

    /// `None`: it did not come in time.
    async fn turn(
        &self,
        runtime: &Runtime,
        exchange: &Exchange,
        (index, input): &(OperationIndex, Input),
    ) -> Option<Turn<'_>> {
        let operation = &runtime.operation(*index).id;
        let key = format!("{operation} {:?} {:?}", input.path, input.query);
        self.turns.take(key, exchange.deadline).await
    }

    /// The read that a GET of the same target would be.
    fn the_read(&self, runtime: &Arc<Runtime>) -> Option<(OperationIndex, Input)> {
        let mut get = http::Request::new(());
        *get.method_mut() = Method::GET;
        get.uri_mut().clone_from(&self.head.uri);
        let (get, ()) = get.into_parts();
        let Ok(Routed::Operation { index, raw }) = route::route(runtime, &get) else {
            return None;
        };
        let operation = runtime.operation(index);
        let input = check::check(runtime, operation, &raw, get.uri.query(), None).ok()?;
        Some((index, input))
    }
}

/// What a GET of the same target shows now.
async fn current(
    runtime: &Runtime,
    exchange: &mut Exchange,
    (index, input): &(OperationIndex, Input),
) -> Result<Current, Refusal> {
    let deadline = exchange.deadline;
    let left = deadline.saturating_duration_since(Instant::now());
    exchange.deadline = Instant::now() + left.mul_f64(READ_SHARE);
    let result = dispatch::run(runtime, exchange, *index, input).await;
    exchange.deadline = deadline;
    match result.and_then(|answered| success::reply(runtime, answered)) {
        Ok(reply) => Ok(Current::There(etag(&reply))),
        Err(refusal) if is_absent(runtime, &refusal) => Ok(Current::Absent(refusal)),
        // Nothing was written.
        Err(refusal) => Err(Refusal {
            outcome: Some(Outcome::NotDone),
            safe_to_repeat: false,
            ..refusal
        }),
    }
}

/// The entity tag that the answer of a GET bears.
fn etag(reply: &Reply) -> Option<ETag> {
    let body = reply.body.as_ref()?;
    (reply.status == StatusCode::OK).then(|| ETag::of(body))
}

/// A precondition does not hold, and nothing was written.
pub fn failed(detail: impl Into<String>) -> Refusal {
    Refusal::new(GatewayProblem::PreconditionFailed, detail)
}

fn differs() -> Refusal {
    failed("If-Match does not hold: what is there has an entity tag that it does not name.")
}
