//! OAuth 2.0 client credentials (RFC 6749 §4.4): one fetch for all who wait, renewed early.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use arc_swap::ArcSwapOption;
use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Method};
use serde_json::Value;
use tokio::sync::{Mutex, OwnedMutexGuard};
use tokio::time::{Instant, timeout_at};

use super::gate::Gate;
use super::secret_cell::SecretCell;
use super::{Attempt, CallKind, Failure, FailureKind, Transport, VendorAnswer, VendorRequest};
use crate::digest;
use crate::settings::Secret;

/// A token without a usable `expires_in` is trusted this long; a 401 ends it earlier.
const UNKNOWN_LIFE: Duration = Duration::from_secs(300);
/// `expires_in` of 0 or below would otherwise fetch a token for each request.
const SHORTEST_LIFE: Duration = Duration::from_secs(1);
const LONGEST_LIFE: Duration = Duration::from_secs(86_400);
/// A credential that stays rejected is not hammered.
const BETWEEN_ATTEMPTS: Duration = Duration::from_secs(1);
/// The fetch goes on when its first caller left, but not for ever: while it hangs nobody else asks, so it
/// takes half of a usual deadline at most.
const FETCH_LIMIT: Duration = Duration::from_secs(5);

pub struct Token {
    pub value: Secret,
    /// From here on a new one is fetched beside the old: 80 % of its life.
    renew_at: Instant,
    expires_at: Instant,
    /// Digest of the id and secret that it was fetched with: a rotated secret ends it.
    credential: [u8; 32],
    /// The vendor took it once, so a 401 means that it was revoked.
    worked: AtomicBool,
}

impl Token {
    pub fn worked(&self) {
        self.worked.store(true, Ordering::Relaxed);
    }
}

pub struct TokenKeeper {
    shared: Arc<Shared>,
    /// Learns of fetches that calls wait for.
    gate: Arc<Gate>,
}

struct Shared {
    transport: Arc<Transport>,
    path: String,
    client_id: SecretCell,
    client_secret: SecretCell,
    current: ArcSwapOption<Token>,
    /// Held during a fetch.
    last: Arc<Mutex<Last>>,
}

#[derive(Default)]
struct Last {
    at: Option<Instant>,
    /// The token before was rejected at its first use.
    never_worked: bool,
    failure: Option<Failure>,
}

impl Last {
    fn is_recent(&self) -> bool {
        self.at.is_some_and(|at| at.elapsed() < BETWEEN_ATTEMPTS)
    }

    /// When the next attempt may go.
    fn next(&self) -> Instant {
        self.at
            .map_or_else(Instant::now, |at| at + BETWEEN_ATTEMPTS)
    }
}

impl TokenKeeper {
    pub fn new(
        transport: Arc<Transport>,
        gate: Arc<Gate>,
        path: String,
        client_id: SecretCell,
        client_secret: SecretCell,
    ) -> Self {
        Self {
            gate,
            shared: Arc::new(Shared {
                transport,
                path,
                client_id,
                client_secret,
                current: ArcSwapOption::empty(),
                last: Arc::default(),
            }),
        }
    }

    /// Whether what stands behind the tokens can be another one later.
    pub fn may_change(&self) -> bool {
        self.shared.client_id.may_change() || self.shared.client_secret.may_change()
    }

    /// What must not be shown to anybody.
    pub fn secrets(&self) -> Vec<Secret> {
        let cells = [&self.shared.client_id, &self.shared.client_secret];
        let token = self.shared.current.load_full();
        cells
            .into_iter()
            .filter_map(SecretCell::secret)
            .chain(token.map(|token| token.value.clone()))
            .collect()
    }

    /// Feeds what stands behind every token into a digest.
    pub fn identify(&self, feed: &mut dyn FnMut(&[u8])) {
        feed(self.shared.path.as_bytes());
        feed(self.shared.client_id.current().reveal().as_bytes());
        feed(self.shared.client_secret.current().reveal().as_bytes());
    }

    /// The token that is valid now, if there is one. Late in its life its successor is fetched beside it.
    pub fn at_hand(&self) -> Option<Arc<Token>> {
        let now = Instant::now();
        let token = self.shared.valid(now)?;
        // One renewal at a time; while it runs the old token goes on.
        if now >= token.renew_at
            && let Ok(last) = self.shared.last.clone().try_lock_owned()
            && !last.is_recent()
        {
            tokio::spawn(self.shared.clone().fetch(last));
        }
        Some(token)
    }

    /// A token that is valid now, fetched if need be.
    pub async fn token(&self, deadline: Instant) -> Result<Arc<Token>, Failure> {
        if let Some(token) = self.at_hand() {
            return Ok(token);
        }
        let Ok(last) = timeout_at(deadline, self.shared.last.clone().lock_owned()).await else {
            return Err(Failure::new(
                FailureKind::Timeout,
                "waiting for a token took too long",
            ));
        };
        if let Some(token) = self.shared.valid(Instant::now()) {
            return Ok(token);
        }
        if let Some(failure) = last.failure.clone()
            && last.is_recent()
        {
            return Err(failure);
        }
        self.fetch_by(last, deadline).await
    }

    /// A token other than `rejected`. One that worked was revoked, and its successor is waited for; so is
    /// that of one that never did, once. If the second never worked either, it is not replaced within a
    /// second (`None`): the account is the trouble.
    pub async fn renew(
        &self,
        rejected: &Arc<Token>,
        deadline: Instant,
    ) -> Option<Result<Arc<Token>, Failure>> {
        let Ok(mut last) = timeout_at(deadline, self.shared.last.clone().lock_owned()).await else {
            return Some(Err(Failure::new(
                FailureKind::Timeout,
                "waiting for a token took too long",
            )));
        };
        let current = self.shared.current.load_full();
        if let Some(current) = current
            && !Arc::ptr_eq(&current, rejected)
        {
            return Some(Ok(current));
        }
        let worked = rejected.worked.load(Ordering::Relaxed);
        let again = last.never_worked && !worked;
        if last.is_recent() {
            if again || last.next() >= deadline {
                return None;
            }
            tokio::time::sleep_until(last.next()).await;
        }
        last.never_worked = !worked;
        Some(self.fetch_by(last, deadline).await)
    }

    /// Runs the fetch in a task of its own, so that a caller who leaves cancels nobody.
    async fn fetch_by(
        &self,
        last: OwnedMutexGuard<Last>,
        deadline: Instant,
    ) -> Result<Arc<Token>, Failure> {
        let (gate, fetch) = (self.gate.clone(), self.shared.clone().fetch(last));
        let task = tokio::spawn(async move { gate.fetching(fetch).await });
        match timeout_at(deadline, task).await {
            Ok(Ok(result)) => result,
            Ok(Err(_)) => Err(Failure::new(
                FailureKind::TokenUnavailable,
                "the token fetch was aborted",
            )),
            Err(_) => Err(Failure::new(
                FailureKind::Timeout,
                "the token endpoint gave no answer in time",
            )),
        }
    }
}

impl Shared {
    fn valid(&self, now: Instant) -> Option<Arc<Token>> {
        let token = self.current.load_full()?;
        let changed = (self.client_id.may_change() || self.client_secret.may_change())
            && token.credential != digest(&self.client_id.current(), &self.client_secret.current());
        (now < token.expires_at && !changed).then_some(token)
    }

    async fn fetch(
        self: Arc<Self>,
        mut last: OwnedMutexGuard<Last>,
    ) -> Result<Arc<Token>, Failure> {
        last.at = Some(Instant::now());
        let result = self.ask().await.map(Arc::new);
        match &result {
            Ok(token) => {
                self.current.store(Some(token.clone()));
                last.failure = None;
            }
            Err(failure) => {
                tracing::warn!(%failure, "no token");
                last.failure = Some(failure.clone());
            }
        }
        result
    }

    async fn ask(&self) -> Result<Token, Failure> {
        let (client_id, client_secret) = (self.client_id.current(), self.client_secret.current());
        let form = serde_urlencoded::to_string([
            ("client_id", client_id.reveal()),
            ("client_secret", client_secret.reveal()),
            ("grant_type", "client_credentials"),
        ])
        .map_err(|_| {
            Failure::new(
                FailureKind::TokenUnavailable,
                "the token request cannot be written",
            )
        })?;
        let mut headers = HeaderMap::new();
        headers.insert(
            CONTENT_TYPE,
            HeaderValue::from_static("application/x-www-form-urlencoded"),
        );
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        let request = VendorRequest {
            operation: "token".into(),
            method: Method::POST,
            path_and_query: self.path.clone(),
            headers,
            body: Bytes::from(form),
            kind: CallKind::Write,
            sent: None,
        };
        let asked = Instant::now();
        match self
            .transport
            .call(&request, &HeaderMap::new(), asked + FETCH_LIMIT)
            .await
        {
            Attempt::NotSent(failure) | Attempt::Sent(failure) => Err(failure),
            Attempt::Answered(answer) => read(&answer, asked, digest(&client_id, &client_secret)),
        }
    }
}

fn digest(client_id: &Secret, client_secret: &Secret) -> [u8; 32] {
    digest::of_parts(&[client_id.reveal(), client_secret.reveal()])
}

fn read(answer: &VendorAnswer, asked: Instant, credential: [u8; 32]) -> Result<Token, Failure> {
    match answer.status {
        200 => {}
        400 | 401 | 403 => {
            return Err(Failure::new(
                FailureKind::CredentialsRejected,
                format!("the token endpoint answered {}", answer.status),
            ));
        }
        status => {
            return Err(Failure::new(
                FailureKind::TokenUnavailable,
                format!("the token endpoint answered {status}"),
            ));
        }
    }
    let unusable = |what: &str| {
        Failure::new(
            FailureKind::TokenUnavailable,
            format!("the token endpoint answered 200 with {what}"),
        )
    };
    if answer.cut.is_some() {
        return Err(unusable("a body that was cut"));
    }
    let document: Value =
        serde_json::from_slice(&answer.body).map_err(|_| unusable("something that is not JSON"))?;
    let value = document
        .get("access_token")
        .and_then(Value::as_str)
        .map(str::trim)
        .unwrap_or_default();
    if value.is_empty() || !value.bytes().all(|byte| (0x21..0x7f).contains(&byte)) {
        return Err(unusable("no usable access_token"));
    }
    let life = life(document.get("expires_in"));
    Ok(Token {
        value: Secret::new(value),
        renew_at: asked + life.mul_f64(0.8),
        expires_at: asked + life,
        credential,
        worked: AtomicBool::new(false),
    })
}

/// Seconds as the vendor gives them: a number, or a number in a string.
fn life(expires_in: Option<&Value>) -> Duration {
    let seconds = match expires_in {
        Some(Value::Number(number)) => number.as_f64(),
        Some(Value::String(text)) => text.trim().parse().ok(),
        _ => None,
    };
    match seconds.filter(|seconds| seconds.is_finite()) {
        Some(seconds) => Duration::from_secs_f64(
            seconds.clamp(SHORTEST_LIFE.as_secs_f64(), LONGEST_LIFE.as_secs_f64()),
        ),
        None => UNKNOWN_LIFE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_expires_in_gives_a_sane_life() {
        assert_eq!(life(Some(&json!(1800))), Duration::from_secs(1800));
        assert_eq!(life(Some(&json!("1800"))), Duration::from_secs(1800));
        assert_eq!(life(Some(&json!(0))), SHORTEST_LIFE);
        assert_eq!(life(Some(&json!(-5))), SHORTEST_LIFE);
        assert_eq!(life(Some(&json!(1e30))), LONGEST_LIFE);
        for odd in [json!("soon"), json!(null), json!({}), json!("NaN")] {
            assert_eq!(life(Some(&odd)), UNKNOWN_LIFE, "{odd}");
        }
        assert_eq!(life(None), UNKNOWN_LIFE);
    }
}
