//! A write under `If-Match` or `If-None-Match`: only if what is there is still what the caller knows.
//!
//! A write compares with a fresh read, past the cache, by the GET of the same path. Neither vendor
//! takes a condition itself, so another writer can come between that read and the write. Conditional
//! writes of one path follow each other; where an upsert can do better than that, it does (`upsert.rs`).

mod keyed_lock;

use contract::{GatewayProblem, OperationIndex};
use http::{Method, StatusCode, Uri};

use super::look_up::is_absent;
use super::upsert;
use crate::cache::{Condition, ETag};
use crate::engine::accept::check::{self, RawRequest};
use crate::engine::accept::conditions::{Conditions, failed, other_tag};
use crate::engine::accept::input::Input;
use crate::engine::accept::invocation::Invocation;
use crate::engine::accept::route::{Routed, route};
use crate::engine::answer::reply::Reply;
use crate::engine::answer::served::Served;
use crate::engine::answer::success;
use crate::engine::call::budget::CallBudget;
use crate::engine::call::dispatch;
use crate::engine::call::result::OperationResult;
use crate::engine::outcome::Outcome;
use crate::engine::refusal::Refusal;
use crate::engine::runtime::Runtime;
use crate::phases::Phase;
pub use keyed_lock::KeyedLock;

/// A write, with what its caller demands of the resource as it is.
#[derive(Clone, Copy)]
pub struct Conditional<'w> {
    pub write: Invocation<'w>,
    /// `None`: it is made in any case.
    pub conditions: Option<&'w Conditions>,
    /// What was asked for, which a GET may show.
    pub uri: &'w Uri,
    pub locks: &'w KeyedLock,
}

/// The read before a write takes at most this share of the time that is left: a write that is sent too
/// late ends in an unknown outcome.
const READ_SHARE: f64 = 0.5;

/// What the read showed.
enum Current {
    There(Option<ETag>),
    /// With what the caller of the read would be told.
    Absent(Box<Refusal>),
}

impl Conditional<'_> {
    /// The answer of a write whose preconditions hold.
    ///
    /// # Errors
    /// As [`Conditional::run`].
    pub async fn serve(self, budget: &mut CallBudget<'_>) -> Result<Served, Refusal> {
        let runtime = self.write.runtime;
        let result = self.run(budget).await?;
        Ok(success::served(runtime, result))
    }

    /// Runs the write if its preconditions hold.
    ///
    /// # Errors
    /// They do not hold, or it is not known whether they do: nothing was written. Or what the write ended in.
    pub async fn run(self, budget: &mut CallBudget<'_>) -> Result<OperationResult, Refusal> {
        match self.conditions {
            None => upsert::run(self.write, budget).await,
            Some(conditions) => Box::pin(self.under(conditions, budget)).await,
        }
    }

    async fn under(
        self,
        conditions: &Conditions,
        budget: &mut CallBudget<'_>,
    ) -> Result<OperationResult, Refusal> {
        let runtime = self.write.runtime;
        let Some((index, input)) = get(runtime, self.uri) else {
            return Err(cannot_be_shown(conditions));
        };
        let read = self.write.of(index, &input);
        budget.phases.enter_now(Phase::Queue);
        let Some(_guard) = self.locks.lock(lock_key(read), budget.deadline).await else {
            return Err(Refusal::new(
                GatewayProblem::UpstreamTimeout,
                "Another conditional write of this path did not end in time.",
            ));
        };
        budget.phases.enter_now(Phase::Other);
        let current = current(read, budget).await?;
        check(conditions, &current)?;
        match current {
            Current::There(_) if conditions.if_match.is_some() => {
                upsert::update(self.write, budget).await
            }
            Current::Absent(absent) if conditions.if_none_match == Some(Condition::Any) => {
                upsert::create(self.write, budget, *absent).await
            }
            _ => upsert::run(self.write, budget).await,
        }
    }
}

/// In the order of RFC 9110 §13.2.2.
fn check(conditions: &Conditions, current: &Current) -> Result<(), Refusal> {
    match (&conditions.if_match, current) {
        (Some(_), Current::Absent(_)) => {
            return Err(failed("If-Match does not hold: nothing is there."));
        }
        (Some(Condition::Any), Current::There(_)) | (None, _) => {}
        (Some(condition), Current::There(etag)) => {
            let named = etag
                .as_ref()
                .is_some_and(|tag| condition.names_strongly(tag));
            if !named {
                return Err(other_tag());
            }
        }
    }
    match (&conditions.if_none_match, current) {
        (Some(Condition::Any), Current::There(_)) => Err(failed(
            "If-None-Match: * does not hold: something is there.",
        )),
        (Some(condition), Current::There(Some(etag))) if condition.names_weakly(etag) => Err(
            failed("If-None-Match does not hold: what is there has an entity tag that it names."),
        ),
        _ => Ok(()),
    }
}

fn cannot_be_shown(conditions: &Conditions) -> Refusal {
    let name = if conditions.if_match.is_some() {
        "If-Match"
    } else {
        "If-None-Match"
    };
    failed(format!(
        "{name} cannot be shown to hold: there is no GET of this path that would show what is there."
    ))
}

/// What conditional writes of one thing have in common.
fn lock_key(read: Invocation<'_>) -> String {
    let input = read.input;
    format!("{} {:?} {:?}", read.operation().id, input.path, input.query)
}

/// The read that a GET of the same target would be.
fn get(runtime: &Runtime, uri: &Uri) -> Option<(OperationIndex, Input)> {
    let Ok(Routed::Operation { index, raw }) = route(runtime, &Method::GET, uri.path()) else {
        return None;
    };
    let raw = RawRequest {
        path: &raw,
        query: uri.query(),
        body: None,
    };
    let input = check::check(runtime, index, raw).ok()?;
    Some((index, input))
}

/// What a GET of the same target shows now.
async fn current(read: Invocation<'_>, budget: &mut CallBudget<'_>) -> Result<Current, Refusal> {
    let result = dispatch::read(read, &mut budget.share(READ_SHARE)).await;
    match result {
        Ok(result) => Ok(Current::There(etag(&success::reply(read.runtime, result)))),
        Err(refusal) if is_absent(read.runtime, &refusal) => Ok(Current::Absent(Box::new(refusal))),
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
