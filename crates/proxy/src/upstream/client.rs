//! A vendor as the engine sees it: transport, credentials and measurement in one.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use http::{HeaderName, HeaderValue};
use rand::Rng;
use tokio::time::Instant;
use translate::judge::understood;
use url::Url;

use crate::metrics::{CallOutcome, CallSeries, Gauged, Metrics, RateOf, RejectedBy, Rejections};
use crate::phases::{Phase, Phases};
use crate::secret::{MissingSecret, Vault};
use crate::settings::{Auth, CredentialValue, Masked, UpstreamSettings};
use crate::shared::{Account, Allowance, Rate, RateName, RateSharing, StoreBudget};
use crate::spans::CallEnd;
use crate::upstream::call::attempt::Attempt;
use crate::upstream::call::failure::{Failure, FailureKind};
use crate::upstream::call::report::UpstreamReport;
use crate::upstream::call::request::{CallKind, VendorRequest};
use crate::upstream::call::state::TokenState;
use crate::upstream::call::{Notice, Upstream};
use crate::upstream::credentials::{Authorization, Credentials};
use crate::upstream::gauges::Gauges;
use crate::upstream::recent::Recent;
use crate::upstream::resilience::gate::{Gate, is_hasty};
use crate::upstream::resilience::retry_after::wait_of;
use crate::upstream::resilience::retry_budget::RetryBudget;
use crate::upstream::transport::{Transport, TransportError};

/// A vendor that asks for no more than this is waited for; otherwise the caller is told at once.
pub const SHORT_WAIT: Duration = Duration::from_secs(2);
const LONGEST_JITTER: Duration = Duration::from_millis(250);
/// What a call that no request causes waits for the store.
const STORE_WAIT: Duration = Duration::from_millis(25);

pub struct Client {
    name: String,
    account: Account,
    gate: Arc<Gate>,
    budget: Mutex<RetryBudget>,
    transport: Arc<Transport>,
    credentials: Arc<Credentials>,
    gauges: Arc<Gauges>,
    headers: Vec<(HeaderName, HeaderValue)>,
    send_traceparent: bool,
    metrics: Arc<Metrics>,
    series: CallSeries,
    rejections: Rejections,
    recent: Recent,
}

/// What an upstream is opened with.
pub struct OpenWith<'o> {
    pub metrics: Arc<Metrics>,
    pub vault: &'o Vault,
    /// `None`: rates are kept alone.
    pub rates: Option<&'o RateSharing>,
}

#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("{0}")]
    Secret(MissingSecret),
    #[error("{0}")]
    Transport(TransportError),
}

impl Client {
    /// Opens one upstream with secrets from the vault: reads nothing, connects nowhere. `operations` are
    /// the ids of those that call it.
    ///
    /// # Errors
    /// Every secret that is missing, by name; a host that cannot be named; nobody to trust.
    pub fn open(
        settings: &UpstreamSettings,
        answer_limit: usize,
        operations: Vec<Arc<str>>,
        with: &OpenWith<'_>,
    ) -> Result<Self, Vec<OpenError>> {
        let transport = Transport::new(
            settings.base_url.clone(),
            settings.ca_file.as_deref(),
            answer_limit,
            &settings.headers,
        )
        .map_err(|error| vec![OpenError::Transport(error)])?;
        let transport = Arc::new(transport);
        let OpenWith {
            metrics,
            vault,
            rates,
        } = with;
        let account = account(settings, vault);
        let rate = settings.rate.map(|rate| {
            let rate = Rate::new(rate.requests, rate.per);
            match rates {
                Some(sharing) => Allowance::shared(
                    rate,
                    RateOf::Upstream,
                    RateName::of_account(&account),
                    (*sharing).clone(),
                ),
                None => Allowance::alone(rate),
            }
        });
        let gate = Gate::new(settings.queue, settings.breaker).paced(rate);
        let gate = Arc::new(gate);
        let rejections = metrics.upstreams.rejections(&settings.name);
        let credentials = Credentials::open(settings, vault, &transport, &gate, &rejections)
            .map_err(|missing| {
                missing
                    .into_iter()
                    .map(OpenError::Secret)
                    .collect::<Vec<_>>()
            })?;
        let credentials = Arc::new(credentials);
        let gauges = Arc::new(Gauges {
            gate: gate.clone(),
            credentials: credentials.clone(),
        });
        let client = Self {
            name: settings.name.clone(),
            account,
            gate,
            budget: Mutex::default(),
            transport,
            credentials,
            gauges,
            rejections,
            headers: settings.headers.clone(),
            send_traceparent: settings.send_traceparent,
            series: metrics.upstreams.calls(&settings.name, operations),
            metrics: metrics.clone(),
            recent: Recent::new(),
        };
        let gauged: Arc<dyn Gauged> = client.gauges.clone();
        client.metrics.upstreams.now.watch(&client.name, &gauged);
        Ok(client)
    }

    /// The addresses of the vendor's host.
    ///
    /// # Errors
    /// The name has none, or nobody said so by `deadline`.
    pub async fn resolve(&self, deadline: Instant) -> Result<Vec<SocketAddr>, Failure> {
        self.transport.resolve(deadline).await
    }

    /// Opens a connection and keeps it for the next call.
    ///
    /// # Errors
    /// Why none of the addresses did, TLS included.
    pub async fn connect(&self, deadline: Instant) -> Result<(), Failure> {
        self.transport.connect(deadline).await
    }

    /// Fetches a token where calls need one and none is there.
    ///
    /// # Errors
    /// Why there is none.
    pub async fn sign_in(&self, deadline: Instant) -> Result<(), Failure> {
        self.credentials.authorize(deadline).await.map(drop)
    }

    /// One call, measured.
    async fn guarded(
        &self,
        request: &VendorRequest,
        deadline: Instant,
        phases: &Phases,
    ) -> Attempt {
        let started = Instant::now();
        let attempt = self.authorized(request, deadline, phases).await;
        if let Attempt::NotSent(failure) = &attempt
            && failure.kind.is_refused_here()
        {
            self.metrics
                .upstreams
                .refused(&self.name, failure.kind.label());
        }
        let elapsed = started.elapsed();
        self.series
            .called(&request.operation, outcome(&attempt), elapsed);
        let given = deadline.saturating_duration_since(started);
        if let Some(end) = end_of(&attempt, given) {
            self.recent.add(elapsed, end.err());
        }
        attempt
    }

    /// With credentials, and with renewed ones after a 401.
    async fn authorized(
        &self,
        request: &VendorRequest,
        deadline: Instant,
        phases: &Phases,
    ) -> Attempt {
        let authorization = match self.authorization(request, deadline, phases).await {
            Ok(authorization) => authorization,
            Err(failure) => return Attempt::NotSent(failure),
        };
        let attempt = self.gated(request, &authorization, deadline, phases).await;
        if !matches!(&attempt, Attempt::Answered(answer) if answer.status == 401) {
            return attempt;
        }
        // A 401 says that nothing was executed, so even a write may go once more.
        request.not_executed();
        let started = Instant::now();
        phases.enter(Phase::Token, started);
        // Boxed, as all that few calls do: each call would carry the room for it.
        let renewed = Box::pin(self.credentials.renew(&authorization, deadline)).await;
        if let Some(renewed) = &renewed {
            waited_for_token(request, started, renewed.as_ref().err());
        }
        match renewed {
            Some(Ok(renewed)) => {
                let mut again = request.clone();
                if again.kind == CallKind::Write {
                    again.kind = CallKind::WriteRetry;
                }
                phases.enter_now(Phase::Queue);
                Box::pin(self.gated(&again, &renewed, deadline, phases)).await
            }
            Some(Err(failure)) => Attempt::NotSent(failure),
            None => attempt,
        }
    }

    /// Who waits for a token takes no place from those who have one.
    async fn authorization(
        &self,
        request: &VendorRequest,
        deadline: Instant,
        phases: &Phases,
    ) -> Result<Authorization, Failure> {
        if let Some(authorization) = self.credentials.cached() {
            return authorization;
        }
        let _waiting = self.gate.wait(request.kind)?;
        let started = Instant::now();
        phases.enter(Phase::Token, started);
        let authorization = Box::pin(self.credentials.authorize(deadline)).await;
        waited_for_token(request, started, authorization.as_ref().err());
        phases.enter_now(Phase::Queue);
        authorization
    }

    /// Waits for the call's turn in the vendor's rate.
    async fn turn(&self, request: &VendorRequest, deadline: Instant) -> Result<(), Failure> {
        match &request.store {
            Some(store) => self.gate.turn(request.kind, deadline, store).await,
            // Nobody's request: it waits as long as one.
            None => {
                let store = StoreBudget::new(STORE_WAIT);
                self.gate.turn(request.kind, deadline, &store).await
            }
        }
    }

    /// Through the gate.
    async fn gated(
        &self,
        request: &VendorRequest,
        authorization: &Authorization,
        deadline: Instant,
        phases: &Phases,
    ) -> Attempt {
        if self.gate.is_paced()
            && let Err(failure) = Box::pin(self.turn(request, deadline)).await
        {
            return Attempt::NotSent(failure);
        }
        let admitted = match self.gate.enter(request.kind, deadline).await {
            Ok(admitted) => admitted,
            Err(failure) => return Attempt::NotSent(failure),
        };
        let given = deadline.saturating_duration_since(admitted.since);
        let fields = authorization.fields();
        let request = fields.apply_to(request);
        let trace = request.trace.as_deref();
        let sending = trace.and_then(|trace| trace.begin(admitted.since.into_std()));
        let mut attempt = self
            .transport
            .call(&request, &fields.headers, deadline, phases)
            .await;
        if let Some((trace, sending)) = trace.zip(sending) {
            trace.end(&sending, end(&request, &attempt));
        }
        attempt.mark_credential(authorization.credential());
        admitted.settle(&attempt, given);
        if let Attempt::Answered(answer) = &attempt {
            if answer.status != 401 {
                authorization.mark_accepted();
            }
            if let Some(by) = RejectedBy::of_status(answer.status) {
                self.rejections.count(by);
            }
        }
        attempt
    }

    /// How long to wait before a read goes once more; `None`: it does not.
    fn retry(&self, attempt: &Attempt) -> Option<Duration> {
        let wait = match attempt {
            // Nothing was sent, so nothing is multiplied.
            Attempt::NotSent(failure) if failure.kind.is_pause() => {
                return failure
                    .retry_after
                    .filter(|wait| *wait <= SHORT_WAIT)
                    .map(|wait| wait + jitter());
            }
            Attempt::Answered(answer) => wait_of(answer),
            _ => None,
        };
        let may = wait.map_or_else(|| is_transient(attempt), |wait| wait <= SHORT_WAIT);
        let taken = may
            && self
                .budget
                .lock()
                .unwrap_or_else(|poison| poison.into_inner())
                .take(Instant::now());
        taken.then(|| wait.unwrap_or_default() + jitter())
    }
}

/// Failures that may be gone a moment later. A timeout is not one: its time is spent.
fn is_transient(attempt: &Attempt) -> bool {
    let passing = |failure: &Failure| {
        matches!(
            failure.kind,
            FailureKind::Connect | FailureKind::Closed | FailureKind::Cut
        )
    };
    match attempt {
        Attempt::NotSent(failure) | Attempt::ResponseLost(failure) => passing(failure),
        Attempt::Answered(answer) => {
            matches!(understood(answer.status), 500 | 502 | 503 | 504)
                || answer.cut.as_ref().is_some_and(passing)
        }
    }
}

/// What the span of a call says.
fn end(request: &VendorRequest, attempt: &Attempt) -> CallEnd {
    let (status, failure) = match attempt {
        Attempt::NotSent(failure) | Attempt::ResponseLost(failure) => (None, Some(failure)),
        Attempt::Answered(answer) => (Some(answer.status), answer.cut.as_ref()),
    };
    CallEnd {
        operation: request.operation.clone(),
        kind: request.kind.label(),
        status,
        failure: failure.map(|failure| failure.kind.label()),
        resends: 0,
    }
}

fn waited_for_token(request: &VendorRequest, started: Instant, failure: Option<&Failure>) {
    let Some(trace) = request.trace.as_deref().filter(|trace| trace.is_recorded()) else {
        return;
    };
    let end = CallEnd {
        operation: request.operation.clone(),
        kind: "token",
        status: None,
        failure: failure.map(|failure| failure.kind.label()),
        resends: 0,
    };
    trace.waited(started.into_std(), end);
}

fn outcome(attempt: &Attempt) -> CallOutcome {
    match attempt {
        Attempt::NotSent(_) => CallOutcome::NotSent,
        Attempt::ResponseLost(_) => CallOutcome::Lost,
        Attempt::Answered(answer) if answer.cut.is_some() => CallOutcome::Cut,
        Attempt::Answered(answer) => CallOutcome::Answered(answer.status),
    }
}

/// Whether the vendor worked, or why not, in words of ours. `None`: the call says nothing of it.
fn end_of(attempt: &Attempt, given: Duration) -> Option<Result<(), String>> {
    if is_hasty(attempt, given) {
        return None;
    }
    let failed = |failure: &Failure| Some(Err(failure.kind.label().to_owned()));
    match attempt {
        Attempt::NotSent(failure) if failure.kind.is_refused_here() => None,
        Attempt::NotSent(failure) | Attempt::ResponseLost(failure) => failed(failure),
        Attempt::Answered(answer) => match &answer.cut {
            Some(cut) if cut.kind != FailureKind::TooLarge => failed(cut),
            _ if answer.status == 401 => Some(Err("our credentials are rejected".to_owned())),
            _ if answer.status >= 500 => Some(Err(format!("answered {}", answer.status))),
            _ => Some(Ok(())),
        },
    }
}

/// Full jitter: callers who failed together do not come back together.
fn jitter() -> Duration {
    rand::thread_rng().gen_range(Duration::ZERO..=LONGEST_JITTER)
}

/// The settings name it, or the client id of the grant does. Its secret was read: all of them were.
fn account(settings: &UpstreamSettings, vault: &Vault) -> Account {
    let client_id = match &settings.auth {
        Auth::OAuth2ClientCredentials(grant) => match &grant.client_id {
            CredentialValue::Literal(id) => Some(id.clone()),
            CredentialValue::Secret(source) => {
                let id = vault.get(source).ok();
                id.map(|id| id.reveal().to_owned())
            }
        },
        _ => None,
    };
    let name = settings.account.clone().or(client_id);
    Account::new(settings.base_url.as_str(), &name.unwrap_or_default())
}

#[async_trait]
impl Upstream for Client {
    fn account(&self) -> Account {
        self.account.clone()
    }

    async fn call(&self, request: &VendorRequest, deadline: Instant, phases: &Phases) -> Attempt {
        if request.kind != CallKind::Read {
            return self.guarded(request, deadline, phases).await;
        }
        self.budget
            .lock()
            .unwrap_or_else(|poison| poison.into_inner())
            .request(Instant::now());
        let attempt = self.guarded(request, deadline, phases).await;
        let in_time = |wait: &Duration| Instant::now() + *wait < deadline;
        let Some(wait) = self.retry(&attempt).filter(in_time) else {
            return attempt;
        };
        // The vendor asked for it, or failed. How it failed is how this time was lost.
        if matches!(&attempt, Attempt::NotSent(failure) if failure.kind.is_pause()) {
            phases.enter_now(Phase::Vendor);
        }
        Box::pin(tokio::time::sleep(wait)).await;
        phases.enter_now(Phase::Queue);
        match Box::pin(self.guarded(request, deadline, phases)).await {
            // Refused by the gate: the first call's answer tells more.
            Attempt::NotSent(failure) if failure.kind.is_refused_here() => attempt,
            second => {
                self.metrics.upstreams.retried(&self.name);
                second
            }
        }
    }

    fn base_url(&self) -> &Url {
        self.transport.base_url()
    }

    fn identity(&self) -> [u8; 32] {
        self.credentials.identity()
    }

    fn masked(&self) -> Masked {
        self.credentials.masked().clone()
    }

    fn form_growth(&self) -> usize {
        self.credentials.form_growth()
    }

    fn fixed_headers(&self) -> &[(HeaderName, HeaderValue)] {
        &self.headers
    }

    fn sends_traceparent(&self) -> bool {
        self.send_traceparent
    }

    fn report(&self) -> Option<UpstreamReport> {
        let (circuit, pause, queue) = self.gate.report();
        Some(UpstreamReport {
            circuit,
            pause,
            queue,
            calls: self.recent.calls(),
            trouble: self.recent.trouble(),
            opened: self.recent.opened(),
            token: match self.credentials.token() {
                TokenState::NotUsed => None,
                TokenState::None => Some(Duration::ZERO),
                TokenState::Until(end) => {
                    Some(end.duration_since(SystemTime::now()).unwrap_or_default())
                }
            },
        })
    }

    fn notice(&self, operation: &str, notice: Notice) {
        let (metrics, name) = (&self.metrics.upstreams, &self.name);
        match notice {
            Notice::UnknownFields(count) => metrics.unknown_fields(name, operation, count),
            Notice::LenientValues(count) => metrics.lenient_values(name, operation, count),
            Notice::UnmappedError => metrics.unmapped_error(name, operation),
            Notice::Drift(kind) => metrics.drifted(operation, kind),
            Notice::DeadLocation => metrics.dead_location(name, operation),
        }
    }
}
