//! Who may call: keys of the gateway's own, never a vendor's.

use contract::GatewayProblem;
use http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use http::request::Parts;
use sha2::{Digest, Sha256};

use super::{Exchange, Refusal, Routed, Runtime};

/// A caller's key, kept as a digest: nothing in memory shows it.
pub struct CallerKey {
    pub name: String,
    digest: [u8; 32],
}

impl CallerKey {
    #[must_use]
    pub fn new(name: String, key: &str) -> Self {
        Self {
            name,
            digest: Sha256::digest(key.as_bytes()).into(),
        }
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
    if runtime.callers.is_empty() || !matches!(routed, Routed::Operation { .. }) {
        return Ok(());
    }
    let header = head
        .headers
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
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
    match caller {
        Some(caller) => {
            exchange.caller = Some(caller.name.clone());
            Ok(())
        }
        None => {
            let detail = if key.is_some() {
                "The key is not one of this gateway's."
            } else {
                "A key is needed: Authorization: Bearer <key>."
            };
            Err(Refusal::new(GatewayProblem::Unauthenticated, detail)
                .with_header(WWW_AUTHENTICATE, "Bearer"))
        }
    }
}
