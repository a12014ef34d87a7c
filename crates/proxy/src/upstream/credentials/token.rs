//! OAuth 2.0 client credentials (RFC 6749 §4.4): one fetch for all who wait, renewed early.

mod answer;
mod request;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use arc_swap::ArcSwapOption;
use http::HeaderMap;
use tokio::sync::{Mutex, OwnedMutexGuard};
use tokio::time::{Instant, timeout_at};

use super::fields::CredentialFields;
use super::secret_set::SecretSet;
use super::secrets::Secrets;
use crate::metrics::{RejectedBy, Rejections};
use crate::phases::Phases;
use crate::secret::Secret;
use crate::settings::Grant;
use crate::upstream::call::attempt::Attempt;
use crate::upstream::call::failure::{Failure, FailureKind};
use crate::upstream::redact::call_credential::CallCredential;
use crate::upstream::resilience::gate::Gate;
use crate::upstream::transport::Transport;

/// A credential that stays rejected is not hammered.
const BETWEEN_ATTEMPTS: Duration = Duration::from_secs(1);
/// The fetch goes on when its first caller left, but not for ever: while it hangs nobody else asks, so it
/// takes half of a usual deadline at most.
const FETCH_LIMIT: Duration = Duration::from_secs(5);

pub struct Token {
    value: Secret,
    pub fields: CredentialFields,
    /// Whose token it is: another credential ends it.
    pub credential: CallCredential,
    /// From here on a new one is fetched beside the old: 80 % of its life.
    renew_at: Instant,
    expires_at: Instant,
    /// The vendor took it once, so a 401 means that it was revoked.
    accepted: AtomicBool,
}

impl Token {
    pub fn mark_accepted(&self) {
        self.accepted.store(true, Ordering::Relaxed);
    }
}

pub struct TokenKeeper {
    shared: Arc<Shared>,
    /// Learns of fetches that calls wait for.
    gate: Arc<Gate>,
}

struct Shared {
    transport: Arc<Transport>,
    grant: Grant,
    secrets: Arc<SecretSet>,
    rejections: Rejections,
    current: ArcSwapOption<Token>,
    /// Held during a fetch.
    last: Arc<Mutex<Last>>,
}

#[derive(Default)]
struct Last {
    /// Before this no other attempt goes: a second after the last, or as the endpoint said.
    next: Option<Instant>,
    /// The token before was rejected at its first use.
    never_accepted: bool,
    failure: Option<Failure>,
}

impl Last {
    /// How long no attempt may go.
    fn rest(&self) -> Duration {
        self.next.map_or(Duration::ZERO, |next| {
            next.saturating_duration_since(Instant::now())
        })
    }

    fn is_recent(&self) -> bool {
        !self.rest().is_zero()
    }

    /// What the last attempt failed of, while no other may go, and how long that is.
    fn recent_failure(&self) -> Option<Failure> {
        let failure = self.failure.clone().filter(|_| self.is_recent())?;
        // Without a wait of the endpoint's own the caller is told the usual second.
        Some(match failure.retry_after {
            Some(_) => failure.after(self.rest()),
            None => failure,
        })
    }
}

impl TokenKeeper {
    pub fn new(
        transport: Arc<Transport>,
        gate: Arc<Gate>,
        grant: Grant,
        secrets: Arc<SecretSet>,
        rejections: Rejections,
    ) -> Self {
        Self {
            gate,
            shared: Arc::new(Shared {
                transport,
                grant,
                secrets,
                rejections,
                current: ArcSwapOption::empty(),
                last: Arc::default(),
            }),
        }
    }

    /// The token that is valid now, if there is one. Late in its life its successor is fetched beside it.
    pub fn cached(&self) -> Option<Arc<Token>> {
        let now = Instant::now();
        let token = self.shared.valid(now)?;
        // One renewal at a time; while it runs the old token goes on.
        if now >= token.renew_at
            && let Ok(last) = self.shared.last.clone().try_lock_owned()
            && !last.is_recent()
        {
            self.gate.count();
            tokio::spawn(self.shared.clone().fetch(last));
        }
        Some(token)
    }

    /// When the token ends that calls bear now, if there is one.
    pub fn expires_at(&self) -> Option<SystemTime> {
        let now = Instant::now();
        let token = self.shared.valid(now)?;
        Some(SystemTime::now() + token.expires_at.saturating_duration_since(now))
    }

    /// A token that is valid now, fetched if need be.
    pub async fn token(&self, deadline: Instant) -> Result<Arc<Token>, Failure> {
        if let Some(token) = self.cached() {
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
        if let Some(failure) = last.recent_failure() {
            return Err(failure);
        }
        self.fetch_by(last, deadline).await
    }

    /// A token other than `rejected`. One that was accepted before has been revoked, and its successor is waited for; so is
    /// that of one that never was, once. If the second was never accepted either, it is not replaced within a
    /// second (`None`): the account is the cause.
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
        let accepted = rejected.accepted.load(Ordering::Relaxed);
        let again = last.never_accepted && !accepted;
        if last.is_recent() {
            if again {
                return None;
            }
            let next = Instant::now() + last.rest();
            if next >= deadline {
                // The endpoint said when: that is more than the vendor's 401 tells.
                let paused = last
                    .recent_failure()
                    .filter(|failure| failure.kind.is_pause());
                return paused.map(Err);
            }
            tokio::time::sleep_until(next).await;
        }
        last.never_accepted = !accepted;
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
        let same = token.credential.identity() == self.secrets.identity();
        (now < token.expires_at && same).then_some(token)
    }

    async fn fetch(
        self: Arc<Self>,
        mut last: OwnedMutexGuard<Last>,
    ) -> Result<Arc<Token>, Failure> {
        last.next = Some(Instant::now() + BETWEEN_ATTEMPTS);
        let result = self.ask().await.map(Arc::new);
        match &result {
            Ok(token) => {
                self.current.store(Some(token.clone()));
                last.failure = None;
            }
            Err(failure) => {
                if let Some(wait) = failure.retry_after {
                    last.next = last.next.max(Some(Instant::now() + wait));
                }
                if failure.kind == FailureKind::CredentialsRejected {
                    self.rejections.count(RejectedBy::TokenEndpoint);
                }
                tracing::warn!(%failure, "no token");
                last.failure = Some(failure.clone());
            }
        }
        result
    }

    async fn ask(&self) -> Result<Token, Failure> {
        let secrets = self.secrets.now();
        let request = request::of(&self.grant, &secrets.values);
        let asked = Instant::now();
        // For those who wait it is one phase, whatever it consists of.
        let phases = Phases::starting(asked);
        let mut attempt = self
            .transport
            .call(&request, &HeaderMap::new(), asked + FETCH_LIMIT, &phases)
            .await;
        attempt.mark_credential(&secrets.credential);
        let answer = match attempt {
            Attempt::NotSent(failure) | Attempt::ResponseLost(failure) => return Err(failure),
            Attempt::Answered(answer) => answer,
        };
        let granted = answer::read(&answer, &self.grant.scheme)?;
        let (before, value) = (self.grant.before_token(), granted.value);
        Ok(Token {
            fields: CredentialFields::token(&before, value.reveal()),
            credential: self.credential(&secrets, &value),
            value,
            renew_at: asked + granted.life.mul_f64(0.8),
            expires_at: asked + granted.life,
            accepted: AtomicBool::new(false),
        })
    }

    /// A vendor may speak of the token before, of which it has just been told.
    fn credential(&self, secrets: &Secrets, token: &Secret) -> CallCredential {
        let before = self.current.load();
        let before = before.as_ref().map(|before| before.value.clone());
        let tokens = [token.clone()].into_iter().chain(before);
        let redactor = Arc::new(secrets.redactor.with(tokens));
        CallCredential::new(secrets.credential.identity(), redactor)
    }
}
