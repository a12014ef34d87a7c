//! The vendor call behind one trait: `http` types in and out, a deadline, and a truthful account of
//! what happened.

mod breaker;
mod call_credential;
mod client;
mod coding;
mod credential_fields;
mod credentials;
mod default_headers;
mod dial;
mod early;
mod framing;
mod gate;
mod pool;
mod queue;
mod redact;
mod retry_after;
mod retry_budget;
mod secret_set;
mod secret_watch;
mod sent;
mod token;
mod transport;
mod trust;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::{HeaderMap, Method};
use tokio::time::Instant;

use crate::settings::Masked;
pub use call_credential::CallCredential;
pub use client::{Client, OpenError, SHORT_WAIT};
pub use credentials::Credentials;
pub use default_headers::{content_length, default_headers};
pub use gate::wait_of;
pub use sent::SendState;
pub use transport::Transport;
pub use trust::{TrustError, check_ca_file};

/// One call, complete but for credentials and host.
#[derive(Clone)]
pub struct VendorRequest {
    /// The operation that causes it; a metric label.
    pub operation: Arc<str>,
    pub method: Method,
    /// Encoded path and query below the upstream's base URL.
    pub path_and_query: String,
    pub headers: HeaderMap,
    /// Empty: the call has no body.
    pub body: Bytes,
    pub kind: CallKind,
    /// Of a write of a caller's: where it is told that a byte may have left.
    pub sent: Option<SendState>,
}

impl VendorRequest {
    /// From here on a byte can leave.
    fn begin_send(&self) {
        self.sent.iter().for_each(SendState::begin_send);
    }

    /// Nothing left, or nothing was done with it.
    fn not_executed(&self) {
        self.sent.iter().for_each(SendState::not_executed);
    }
}

/// Neither ids nor bodies, nor what is added to them on the way out.
impl fmt::Debug for VendorRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} for {}", self.method, self.operation)
    }
}

/// What may be done with a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallKind {
    /// May be repeated, and is shed first.
    Read,
    /// Goes at most once, on no connection that sat idle for long.
    Write,
    /// A write that goes once more: the contract says that it may, or a 401 that nothing was done. On
    /// a connection of its own, since the one before may be about to end.
    WriteRetry,
    /// A read that finds out what became of a write: never refused by breaker or pause, never
    /// repeated here, since its caller has a schedule of its own.
    FollowUp,
}

/// A vendor's answer. Its head arrived whole; `cut` says why the body did not.
#[derive(Debug, Clone)]
pub struct VendorAnswer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Bytes,
    pub cut: Option<Failure>,
    /// What the call bore: strike it from every text that is made of this answer.
    pub credential: CallCredential,
}

impl VendorAnswer {
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// What became of a call: the only basis for what a caller is told of a write.
#[derive(Debug, Clone)]
pub enum Attempt {
    /// Not one byte left.
    NotSent(Failure),
    /// It may have reached the vendor, and no complete answer head came back.
    ResponseLost(Failure),
    Answered(VendorAnswer),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    pub kind: FailureKind,
    /// For the log; never holds a secret or a vendor's text.
    pub detail: String,
    /// When asking again makes sense.
    pub retry_after: Option<Duration>,
}

impl Failure {
    #[must_use]
    pub fn new(kind: FailureKind, detail: impl Into<String>) -> Self {
        Self {
            kind,
            detail: detail.into(),
            retry_after: None,
        }
    }

    #[must_use]
    pub fn after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait);
        self
    }

    fn shed(detail: &str) -> Self {
        Self::new(FailureKind::Shed, detail).after(Duration::from_secs(1))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind.label(), self.detail)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailureKind {
    /// The name has no address, nothing listens, or the TLS handshake failed.
    Connect,
    /// The connection ended before the answer's head was whole.
    Closed,
    /// The answer's body ended early.
    Cut,
    /// What came back is not HTTP.
    Garbled,
    /// The deadline passed.
    Timeout,
    /// The answer is larger than we take.
    TooLarge,
    /// A coding of the body that we do not know, or data that are not of the coding.
    ContentEncoding,
    /// The token endpoint refuses our credentials.
    CredentialsRejected,
    /// The token endpoint gives no usable token.
    TokenUnavailable,
    /// The circuit of this vendor is open.
    CircuitOpen,
    /// The vendor asked for silence: too many requests.
    Paused,
    /// The same with a server error.
    PausedByError,
    /// Too many calls for this vendor.
    Shed,
}

impl FailureKind {
    /// The gateway itself did not let the call through.
    #[must_use]
    pub const fn is_refused_here(self) -> bool {
        self.is_pause() || matches!(self, Self::CircuitOpen | Self::Shed)
    }

    #[must_use]
    pub const fn is_pause(self) -> bool {
        matches!(self, Self::Paused | Self::PausedByError)
    }

    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Connect => "connect",
            Self::Closed => "closed",
            Self::Cut => "cut",
            Self::Garbled => "garbled",
            Self::Timeout => "timeout",
            Self::TooLarge => "too-large",
            Self::ContentEncoding => "content-encoding",
            Self::CredentialsRejected => "credentials-rejected",
            Self::TokenUnavailable => "token-unavailable",
            Self::CircuitOpen => "circuit-open",
            Self::Paused | Self::PausedByError => "paused",
            Self::Shed => "shed",
        }
    }
}

/// Something of a vendor's that the contract does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    UnknownFields(usize),
    /// Values in another type than the contract's that could mean one thing only.
    LenientValues(usize),
    /// An error status or code without a row.
    UnmappedError,
    /// What should name a new thing in our `Location` and that its own route refuses.
    DeadLocation,
}

/// A vendor that can be called.
#[async_trait]
pub trait Upstream: Send + Sync {
    /// Makes the call and returns by `deadline`.
    async fn call(&self, request: &VendorRequest, deadline: Instant) -> Attempt;

    /// Scheme, host and path prefix: what a `Location` is resolved against.
    fn base_url(&self) -> &url::Url;

    /// A digest of place, fixed headers and credentials: equal only where equal calls get equal
    /// answers. It changes with a rotated secret, though not with a renewed token.
    fn identity(&self) -> [u8; 32];

    /// What every call bears of us, secrets masked: what `explain` shows.
    fn masked(&self) -> Masked {
        Masked::default()
    }

    /// Bytes that a form grows by on its way out.
    fn form_growth(&self) -> usize {
        0
    }

    /// Settings headers; they override ours of the same name.
    fn fixed_headers(&self) -> &[(http::HeaderName, http::HeaderValue)];

    /// Whether the vendor gets our `traceparent`, and the caller's `tracestate` with it.
    fn sends_traceparent(&self) -> bool;

    /// Counts what an answer held that the contract does not know.
    fn notice(&self, _operation: &str, _notice: Notice) {}
}
