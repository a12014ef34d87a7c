//! Who may call, what, and how often: keys of the gateway's own, never a vendor's.

use std::fmt::Write;
use std::sync::Arc;
use std::time::Duration;

use contract::{GatewayProblem, Operation};
use http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderValue};
use tokio::time::Instant;

use crate::engine::context::RequestContext;
use crate::engine::refusal::Refusal;
use crate::engine::runtime::{CallerKey, Runtime};
use crate::phases::Phase;
use crate::shared::{Allowance, StoreBudget};

/// Who sends a request. With no callers configured the gateway is open, on loopback only (the settings see to
/// that), and nobody is asked.
///
/// # Errors
/// No key, or none of this gateway's.
pub fn identify<'r>(
    runtime: &'r Runtime,
    headers: &HeaderMap,
) -> Result<Option<&'r CallerKey>, Refusal> {
    if runtime.callers.is_empty() {
        return Ok(None);
    }
    let key = key(headers).map_err(|detail| unauthenticated(detail, ""))?;
    match runtime.caller(key) {
        Some(caller) => Ok(Some(caller)),
        None => Err(unauthenticated(
            "The key in Authorization is not one of this gateway's.",
            "invalid_token",
        )),
    }
}

/// Whether a caller may make this request now; it counts towards the quota, or says whom to ask ([`ask`]).
///
/// # Errors
/// The key is not for the operation, or its quota is used up.
pub fn authorize<'c>(
    caller: &'c CallerKey,
    operation: &Operation,
) -> Result<Option<&'c Arc<Allowance>>, Refusal> {
    if !caller.may_call(&operation.id) {
        let detail = format!("This key is not for {}.", operation.id);
        return Err(Refusal::new(GatewayProblem::Forbidden, detail)
            .with_header(WWW_AUTHENTICATE, &challenge("insufficient_scope")));
    }
    caller.take(Instant::now()).map_err(used_up)
}

/// Counts a request of which [`authorize`] could not say at once whether it may be made.
///
/// # Errors
/// The quota is used up.
pub async fn ask(quota: &Arc<Allowance>, context: &RequestContext) -> Result<(), Refusal> {
    // Without a time for the store its own share counts.
    let none = StoreBudget::new(Duration::ZERO);
    let budget = context.store.as_deref().unwrap_or(&none);
    context.phases.enter_now(Phase::Store);
    let taken = quota.take(budget).await;
    context.phases.enter_now(Phase::Other);
    taken.map_err(used_up)
}

fn used_up(wait: Duration) -> Refusal {
    let detail = "This key has used up its quota for now.";
    Refusal::new(GatewayProblem::RateLimited, detail).retry_after(Some(wait))
}

/// The key that a request shows.
///
/// # Errors
/// Why there is none that counts.
pub fn key(headers: &HeaderMap) -> Result<&str, &'static str> {
    let mut fields = headers.get_all(AUTHORIZATION).iter();
    let field = match (fields.next(), fields.next()) {
        (Some(field), None) => field,
        (None, _) => return Err("A key is needed: Authorization: Bearer <key>."),
        // Nobody could say which of two counts.
        (Some(_), Some(_)) => return Err("Authorization is there twice; send it once."),
    };
    let text = field.to_str().ok();
    text.and_then(bearer)
        .ok_or("Authorization must be `Bearer <key>`.")
}

/// The key in a field `Authorization`.
fn bearer(field: &str) -> Option<&str> {
    let (scheme, key) = field.split_once(' ')?;
    let key = key.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !key.is_empty()).then_some(key)
}

/// Who sends a request with at most this one `Authorization`, as [`identify`] has it; `None` where that would
/// refuse it.
#[must_use]
pub fn identify_plain<'r>(
    runtime: &'r Runtime,
    authorization: Option<&[u8]>,
) -> Option<Option<&'r CallerKey>> {
    if runtime.callers.is_empty() {
        return Some(None);
    }
    let field = HeaderValue::from_bytes(authorization?).ok()?;
    let key = field.to_str().ok().and_then(bearer)?;
    runtime.caller(key).map(Some)
}

fn unauthenticated(detail: &str, error: &str) -> Refusal {
    Refusal::new(GatewayProblem::Unauthenticated, detail)
        .with_header(WWW_AUTHENTICATE, &challenge(error))
}

/// RFC 6750 §3: the scheme is followed by a parameter, and a key that was shown gets to know what is
/// wrong with it; who showed none gets no error.
fn challenge(error: &str) -> String {
    let mut challenge = r#"Bearer realm="lms-gateway""#.to_owned();
    if !error.is_empty() {
        let _ = write!(challenge, r#", error="{error}""#);
    }
    challenge
}
