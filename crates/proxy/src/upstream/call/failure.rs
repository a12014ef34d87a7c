//! Why a call has no whole answer.

use std::fmt;
use std::time::Duration;

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

    pub(crate) fn shed(detail: &str) -> Self {
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
    const ALL: [Self; 13] = [
        Self::Connect,
        Self::Closed,
        Self::Cut,
        Self::Garbled,
        Self::Timeout,
        Self::TooLarge,
        Self::ContentEncoding,
        Self::CredentialsRejected,
        Self::TokenUnavailable,
        Self::CircuitOpen,
        Self::Paused,
        Self::PausedByError,
        Self::Shed,
    ];

    /// The kind of a label; of several the first.
    #[must_use]
    pub fn of_label(label: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.label() == label)
    }

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
