//! Who may call, what, and how often: keys of the gateway's own, never a vendor's.

use contract::GatewayProblem;
use http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use http::request::Parts;
use sha2::{Digest, Sha256};

use tokio::time::Instant;

use super::quota::Quota;
use super::verdict::seconds;
use super::{Exchange, Refusal, Routed, Runtime};
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
    // Of two keys nobody could say which one counts.
    let mut fields = head.headers.get_all(AUTHORIZATION).iter();
    let header = match (fields.next(), fields.next()) {
        (Some(value), None) => value.to_str().ok(),
        _ => None,
    };
    let key = header.and_then(|text| {
        let (scheme, key) = text.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| key.trim())
    });
    // Digests are compared, so the time tells nothing about a key.
    let digest: Option<[u8; 32]> = key.map(|key| Sha256::digest(key.as_bytes()).into());
    let caller = runtime
        .callers
        .iter()
        .find(|caller| Some(caller.digest) == digest);
    let Some(caller) = caller else {
        let detail = if key.is_some() {
            "The key is not one of this gateway's."
        } else {
            "A key is needed: Authorization: Bearer <key>."
        };
        return Err(Refusal::new(GatewayProblem::Unauthenticated, detail)
            .with_header(WWW_AUTHENTICATE, "Bearer"));
    };
    exchange.caller = Some(caller.name.clone());
    let operation = runtime.operation(*index);
    if !caller.may(&operation.id) {
        let detail = format!("This key is not for {}.", operation.id);
        return Err(Refusal::new(GatewayProblem::Forbidden, detail));
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
