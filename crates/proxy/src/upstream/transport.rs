//! One HTTP exchange with a vendor, and whether a byte of it left.

mod coding;
pub mod default_headers;
mod dial;
mod early_answer;
mod framing;
mod pool;
pub mod trust;

use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, HOST};
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::Incoming;
use tokio::time::{Instant, timeout_at};
use url::Url;

use crate::upstream::call::attempt::{Attempt, VendorAnswer};
use crate::upstream::call::failure::{Failure, FailureKind};
use crate::upstream::call::request::{CallKind, VendorRequest};
use crate::upstream::redact::call_credential::CallCredential;
use default_headers::{content_length, default_headers};
use dial::Dialer;
use framing::{Persistence, persistence};
use pool::{Pool, Sender};
use trust::TrustError;

/// Calls one vendor. Knows no credentials.
pub struct Transport {
    base_url: Url,
    host: HeaderValue,
    prefix: String,
    dialer: Dialer,
    pool: Pool,
    /// Header fields of every call that has none of their names.
    defaults: HeaderMap,
    /// Largest answer body in bytes, decoded.
    answer_limit: usize,
}

/// A pooled connection becomes ready at once, unless it is still busy with a request that was answered
/// before the vendor had read it all.
const POOLED_READY: Duration = Duration::from_millis(100);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    #[error("`base_url` has a host that no Host header can carry")]
    Host,
    #[error(transparent)]
    Trust(#[from] TrustError),
}

/// What became of one try on one connection.
enum Tried {
    /// The connection never started on the request.
    Untouched(Failure),
    Lost(Failure),
    Head(Response<Incoming>),
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
        let host = base_url.host_str().ok_or(TransportError::Host)?;
        let authority = match base_url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        };
        Ok(Self {
            host: HeaderValue::from_str(&authority).map_err(|_| TransportError::Host)?,
            prefix: base_url.path().trim_end_matches('/').to_owned(),
            dialer: Dialer::new(&base_url, ca_file)?,
            pool: Pool::default(),
            defaults: default_headers(headers),
            base_url,
            answer_limit,
        })
    }

    #[must_use]
    pub const fn base_url(&self) -> &Url {
        &self.base_url
    }

    /// Makes the call; `extra` are the credentials.
    pub async fn call(
        &self,
        request: &VendorRequest,
        extra: &HeaderMap,
        deadline: Instant,
    ) -> Attempt {
        let message = match self.message(request, extra) {
            Ok(message) => message,
            Err(error) => {
                return Attempt::NotSent(Failure::new(FailureKind::Connect, error.to_string()));
            }
        };
        let pooled = match request.kind {
            CallKind::Read | CallKind::FollowUp => self.pool.take(false),
            CallKind::Write => self.pool.take(true),
            CallKind::WriteRetry => None,
        };
        if let Some((mut sender, young)) = pooled {
            let ready = deadline.min(Instant::now() + POOLED_READY);
            match send(&mut sender, request, message.clone(), ready, deadline).await {
                // Nothing was started, so a fresh connection may go.
                Tried::Untouched(failure) => {
                    self.learn(&failure, young);
                    tracing::debug!(%failure, "pooled connection could not be used");
                    if Instant::now() >= deadline {
                        return Attempt::NotSent(failure);
                    }
                }
                Tried::Lost(failure) => {
                    self.learn(&failure, young);
                    return Attempt::ResponseLost(failure);
                }
                Tried::Head(head) => {
                    return Attempt::Answered(self.collect(sender, head, deadline).await);
                }
            }
        }
        // Boxed: TCP and TLS make a future of 50 KB, which each call would move about though few dial.
        let mut sender = match Box::pin(self.dialer.dial(deadline)).await {
            Ok(sender) => sender,
            Err(failure) => return Attempt::NotSent(failure),
        };
        match send(&mut sender, request, message, deadline, deadline).await {
            Tried::Untouched(failure) => Attempt::NotSent(failure),
            Tried::Lost(failure) => Attempt::ResponseLost(failure),
            Tried::Head(head) => Attempt::Answered(self.collect(sender, head, deadline).await),
        }
    }

    /// What the end of a pooled connection says of the vendor: our own deadline nothing, nor the end of
    /// one that no write would have had.
    fn learn(&self, failure: &Failure, young: bool) {
        if young && failure.kind == FailureKind::Closed {
            self.pool.was_closed();
        }
    }

    fn message(
        &self,
        request: &VendorRequest,
        extra: &HeaderMap,
    ) -> Result<Request<Full<Bytes>>, http::Error> {
        let mut message = Request::builder()
            .method(request.method.clone())
            .uri(format!("{}{}", self.prefix, request.path_and_query))
            .body(Full::new(request.body.clone()))?;
        let headers = message.headers_mut();
        headers.insert(HOST, self.host.clone());
        headers.extend(request.headers.clone());
        headers.extend(extra.clone());
        for (name, value) in &self.defaults {
            if !headers.contains_key(name) {
                headers.insert(name.clone(), value.clone());
            }
        }
        // hyper writes that of a body, and none without one.
        if let Some(0) = content_length(&request.method, request.body.len()) {
            headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
        Ok(message)
    }

    /// Reads the body to its end; only then may the connection serve again.
    async fn collect(
        &self,
        sender: Sender,
        head: Response<Incoming>,
        deadline: Instant,
    ) -> VendorAnswer {
        let (parts, body) = head.into_parts();
        let persistence = persistence(&parts);
        let mut answer = VendorAnswer {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body: Bytes::new(),
            cut: None,
            credential: CallCredential::default(),
        };
        let body = framing::read(body, &answer.headers, self.answer_limit);
        match timeout_at(deadline, body).await {
            Ok(Ok(body)) => {
                answer.body = body;
                match persistence {
                    Persistence::Open => self.pool.give_back(sender, None),
                    Persistence::For(time) => self.pool.give_back(sender, Some(time)),
                    // Kept, it would look like one that the vendor closed on a whim.
                    Persistence::Ends => {}
                }
            }
            Ok(Err(failure)) => answer.cut = Some(failure),
            Err(_) => {
                answer.cut = Some(Failure::new(
                    FailureKind::Timeout,
                    "the body did not end in time",
                ))
            }
        }
        answer
    }
}

/// Sends one request, if the connection takes it by `ready`.
async fn send(
    sender: &mut Sender,
    request: &VendorRequest,
    message: Request<Full<Bytes>>,
    ready: Instant,
    deadline: Instant,
) -> Tried {
    match timeout_at(ready, sender.ready()).await {
        // A request that starts now would be cut off at once, and nobody could say how far it got.
        Ok(Ok(())) if Instant::now() >= deadline => {
            return Tried::Untouched(Failure::new(
                FailureKind::Timeout,
                "the time was over before the request began",
            ));
        }
        Ok(Ok(())) => {}
        Ok(Err(_)) => {
            return Tried::Untouched(Failure::new(
                FailureKind::Closed,
                "the connection was closed",
            ));
        }
        Err(_) => {
            return Tried::Untouched(Failure::new(
                FailureKind::Timeout,
                "the connection was not ready in time",
            ));
        }
    }
    // Whoever drops this future cannot say how much of the request was written.
    request.begin_send();
    match timeout_at(deadline, sender.try_send_request(message)).await {
        // Nobody asked for another protocol (RFC 9110 §15.2.2), and no answer can follow in this one.
        Ok(Ok(head)) if head.status() == StatusCode::SWITCHING_PROTOCOLS => {
            Tried::Lost(Failure::new(
                FailureKind::Garbled,
                "the vendor switches to another protocol",
            ))
        }
        Ok(Ok(head)) => Tried::Head(head),
        Ok(Err(mut error)) => {
            let untouched = error.take_message().is_some();
            let error = error.into_error();
            let kind = if error.is_parse() {
                FailureKind::Garbled
            } else {
                FailureKind::Closed
            };
            let failure = Failure::new(kind, error.to_string());
            if untouched {
                request.not_executed();
                Tried::Untouched(failure)
            } else {
                Tried::Lost(failure)
            }
        }
        // Dropping the request closes the connection; what was written stays written.
        Err(_) => Tried::Lost(Failure::new(FailureKind::Timeout, "no answer in time")),
    }
}

#[cfg(test)]
mod tests;
