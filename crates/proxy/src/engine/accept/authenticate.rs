//! Who may call, what, and how often: keys of the gateway's own, never a vendor's.

use std::fmt::Write;

use contract::GatewayProblem;
use http::HeaderMap;
use http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use http::request::Parts;
use sha2::{Digest, Sha256};

use tokio::time::Instant;

use super::quota::Quota;
use super::route::Routed;
use crate::engine::call::verdict::seconds;
use crate::engine::context::Exchange;
use crate::engine::refusal::Refusal;
use crate::engine::runtime::Runtime;
use crate::settings::Caller;

/// Somebody who may call, by a key that is kept as a digest: nothing in memory shows it.
pub struct CallerKey {
    pub name: String,
    digest: [u8; 32],
    operations: Option<Vec<String>>,
    quota: Option<Quota>,
}

impl CallerKey {
    #[must_use]
    pub fn new(caller: &Caller, key: &str) -> Self {
        Self {
            name: caller.name.clone(),
            digest: Sha256::digest(key.as_bytes()).into(),
            operations: caller.operations.clone(),
            quota: caller.quota.map(Quota::new),
        }
    }

    /// Whether the key is this one.
    #[must_use]
    pub fn is(&self, key: &str) -> bool {
        self.digest == <[u8; 32]>::from(Sha256::digest(key.as_bytes()))
    }

    fn may(&self, operation: &str) -> bool {
        self.operations
            .as_ref()
            .is_none_or(|known| known.iter().any(|id| id == operation))
    }
}

/// With no callers configured the gateway is open, on loopback only (the settings see to that).
/// The documentation pages need no key.
pub fn check(
    runtime: &Runtime,
    exchange: &mut Exchange,
    head: &Parts,
    routed: &Routed,
) -> Result<(), Refusal> {
    let Routed::Operation { index, .. } = routed else {
        return Ok(());
    };
    if runtime.callers.is_empty() {
        return Ok(());
    }
    let key = key(&head.headers).map_err(|detail| unauthenticated(detail, ""))?;
    // Digests are compared, so the time tells nothing about a key.
    let digest: [u8; 32] = Sha256::digest(key.as_bytes()).into();
    let caller = runtime
        .callers
        .iter()
        .find(|caller| caller.digest == digest);
    let Some(caller) = caller else {
        return Err(unauthenticated(
            "The key in Authorization is not one of this gateway's.",
            "invalid_token",
        ));
    };
    exchange.caller = Some(caller.name.clone());
    let operation = runtime.operation(*index);
    if !caller.may(&operation.id) {
        let detail = format!("This key is not for {}.", operation.id);
        return Err(Refusal::new(GatewayProblem::Forbidden, detail)
            .with_header(WWW_AUTHENTICATE, &challenge("insufficient_scope")));
    }
    match caller
        .quota
        .as_ref()
        .map(|quota| quota.take(Instant::now()))
    {
        Some(Err(wait)) => {
            let refusal = Refusal::new(
                GatewayProblem::RateLimited,
                "This key has used up its quota for now.",
            );
            Err(refusal.retry_after(seconds(Some(wait))))
        }
        _ => Ok(()),
    }
}

/// The key that a request shows, or why there is none that counts.
fn key(headers: &HeaderMap) -> Result<&str, &'static str> {
    let mut fields = headers.get_all(AUTHORIZATION).iter();
    let field = match (fields.next(), fields.next()) {
        (Some(field), None) => field,
        (None, _) => return Err("A key is needed: Authorization: Bearer <key>."),
        // Nobody could say which of two counts.
        (Some(_), Some(_)) => return Err("Authorization is there twice; send it once."),
    };
    let credentials = field.to_str().ok().and_then(|text| text.split_once(' '));
    match credentials {
        Some((scheme, key)) if scheme.eq_ignore_ascii_case("bearer") && !key.trim().is_empty() => {
            Ok(key.trim())
        }
        _ => Err("Authorization must be `Bearer <key>`."),
    }
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
