//! One HTTP exchange with a vendor, and whether a byte of it left.

mod body;
mod chunked;
mod clock;
mod coding;
mod connection;
pub mod default_headers;
mod dial;
mod exchange;
mod framing;
mod head;
mod message;
mod outgoing;
mod pool;
pub mod trust;

use std::net::SocketAddr;
use std::pin::pin;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use tokio::time::{Instant, sleep_until};
use url::Url;

use crate::phases::{Phase, Phases};
use crate::upstream::call::attempt::{Attempt, VendorAnswer};
use crate::upstream::call::failure::{Failure, FailureKind};
use crate::upstream::call::request::{CallKind, VendorRequest};
use crate::upstream::redact::call_credential::CallCredential;
use body::BodyReader;
use clock::Clock;
use connection::Connection;
use dial::Dialer;
use exchange::Exchange;
use framing::{Persistence, framing, persistence};
use head::Head;
use message::Common;
use outgoing::Outgoing;
use pool::Pool;
use trust::TrustError;

/// Calls one vendor. Knows no credentials.
pub struct Transport {
    base_url: Url,
    common: Common,
    dialer: Dialer,
    pool: Pool,
    /// Largest answer body in bytes, decoded.
    answer_limit: usize,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    #[error("`base_url` has a host that no Host header can carry")]
    Host,
    #[error(transparent)]
    Trust(#[from] TrustError),
}

/// What became of one try on one connection.
enum Tried {
    /// The connection took no byte of the request.
    Untouched(Failure, Outgoing),
    Lost(Failure),
    Head(Exchange, Head),
}

impl Transport {
    /// Connects nowhere yet. `headers` are the settings' for every call; of them those are taken that
    /// replace ours, so that they hold for the token too.
    ///
    /// # Errors
    /// The host of the URL cannot stand in a `Host` header, or there is nobody to trust.
    pub fn new(
        base_url: Url,
        ca_file: Option<&std::path::Path>,
        answer_limit: usize,
        headers: &[(HeaderName, HeaderValue)],
    ) -> Result<Self, TransportError> {
        Ok(Self {
            common: Common::new(&base_url, headers).ok_or(TransportError::Host)?,
            dialer: Dialer::new(&base_url, ca_file)?,
            pool: Pool::default(),
            base_url,
            answer_limit,
        })
    }

    #[must_use]
    pub const fn base_url(&self) -> &Url {
        &self.base_url
    }

    /// The addresses of the host.
    pub async fn resolve(&self, deadline: Instant) -> Result<Vec<SocketAddr>, Failure> {
        self.dialer.resolve(deadline).await
    }

    /// Opens a connection and keeps it for the next call.
    pub async fn connect(&self, deadline: Instant) -> Result<(), Failure> {
        let connection = self.dialer.dial(deadline).await?;
        self.pool.give_back(connection, None);
        Ok(())
    }

    /// Makes the call; `extra` are the credentials. Its phases are those of the connection and of
    /// what goes over it.
    pub async fn call(
        &self,
        request: &VendorRequest,
        extra: &HeaderMap,
        deadline: Instant,
        phases: &Phases,
    ) -> Attempt {
        let mut outgoing = match self.common.write(request, extra) {
            Ok(head) => Outgoing::new(head, request.body.clone()),
            Err(failure) => return Attempt::NotSent(failure),
        };
        let sleep = pin!(sleep_until(deadline));
        let mut clock = Clock::new(sleep);
        let now = Instant::now();
        let pooled = match request.kind {
            CallKind::Read => self.pool.take(false, now),
            // What a look-up finds is the last word on its write, so it is no gamble either.
            CallKind::Write | CallKind::FollowUp => self.pool.take(true, now),
            CallKind::WriteRetry => None,
        };
        // A request that starts now would be cut off at once, and nobody could say how far it got.
        if now >= deadline || request.is_late() {
            return Attempt::NotSent(late());
        }
        if let Some((connection, young)) = pooled {
            phases.enter(Phase::Vendor, now);
            match send(connection, outgoing, request, &mut clock).await {
                // Nothing left, so a fresh connection may go.
                Tried::Untouched(failure, unsent) => {
                    self.learn(&failure, young);
                    tracing::debug!(%failure, "pooled connection could not be used");
                    outgoing = unsent;
                    phases.enter_now(Phase::Connect);
                }
                Tried::Lost(failure) => {
                    self.learn(&failure, young);
                    return Attempt::ResponseLost(failure);
                }
                Tried::Head(exchange, head) => {
                    let answer = self.collect(exchange, head, &request.method, &mut clock);
                    return Attempt::Answered(answer.await);
                }
            }
        } else {
            phases.enter(Phase::Connect, now);
        }
        // Boxed: TCP and TLS make a future of 50 KB, which each call would move about though few dial.
        let connection = match Box::pin(self.dialer.dial(deadline)).await {
            Ok(connection) => connection,
            Err(failure) => return Attempt::NotSent(failure),
        };
        let connected = Instant::now();
        if connected >= deadline || request.is_late() {
            return Attempt::NotSent(late());
        }
        phases.enter(Phase::Vendor, connected);
        match send(connection, outgoing, request, &mut clock).await {
            Tried::Untouched(failure, _) => Attempt::NotSent(failure),
            Tried::Lost(failure) => Attempt::ResponseLost(failure),
            Tried::Head(exchange, head) => {
                let answer = self.collect(exchange, head, &request.method, &mut clock);
                Attempt::Answered(answer.await)
            }
        }
    }

    /// What the end of a pooled connection says of the vendor: our own deadline nothing, nor the end of
    /// one that no write would have had.
    fn learn(&self, failure: &Failure, young: bool) {
        if young && failure.kind == FailureKind::Closed {
            self.pool.was_closed();
        }
    }

    /// Reads the body to its end; only then may the connection serve again.
    async fn collect(
        &self,
        mut exchange: Exchange,
        head: Head,
        method: &Method,
        clock: &mut Clock<'_>,
    ) -> VendorAnswer {
        let read = match framing(&head, method) {
            Ok(framing) => {
                let reader = BodyReader::new(framing, &head.fields, self.answer_limit);
                reader.read(&mut exchange, clock).await
            }
            Err(failure) => Err(failure),
        };
        let persistence = persistence(&head);
        let mut answer = VendorAnswer {
            status: head.status,
            headers: head.fields,
            body: Bytes::new(),
            cut: None,
            credential: CallCredential::default(),
        };
        match read {
            Ok(body) => {
                answer.body = body;
                self.keep(exchange, persistence);
            }
            Err(failure) => answer.cut = Some(failure),
        }
        answer
    }

    /// Keeps the connection of an answer that was read whole, where it can serve again.
    fn keep(&self, exchange: Exchange, persistence: Persistence) {
        let Some(connection) = exchange.into_connection() else {
            return;
        };
        match persistence {
            Persistence::Open => self.pool.give_back(connection, None),
            Persistence::For(time) => self.pool.give_back(connection, Some(time)),
            // Kept, it would look like one that the vendor closed on a whim.
            Persistence::Ends => {}
        }
    }
}

/// Sends one request and waits for the head of its answer.
async fn send(
    connection: Connection,
    outgoing: Outgoing,
    request: &VendorRequest,
    clock: &mut Clock<'_>,
) -> Tried {
    // Whoever drops this future cannot say how much of the request was written.
    request.begin_send();
    let mut exchange = Exchange::new(connection, outgoing);
    match exchange.head(clock).await {
        // An answer to nothing: it was on its way before the request was.
        Ok(_) if exchange.is_untouched() => {
            request.not_executed();
            let failure = Failure::new(FailureKind::Closed, "the vendor spoke unasked");
            Tried::Untouched(failure, exchange.into_outgoing())
        }
        Ok(head) => Tried::Head(exchange, head),
        Err(failure) if exchange.is_untouched() => {
            request.not_executed();
            Tried::Untouched(failure, exchange.into_outgoing())
        }
        // Dropping the exchange closes the connection; what was written stays written.
        Err(failure) => Tried::Lost(failure),
    }
}

fn late() -> Failure {
    Failure::new(
        FailureKind::Timeout,
        "the time was over before the request began",
    )
}

#[cfg(test)]
mod tests;
