//! A vendor call: what is asked, what became of it, and who makes it.

pub mod answer_fields;
pub mod attempt;
pub mod failure;
pub mod report;
pub mod request;
pub mod send_state;
pub mod state;

use async_trait::async_trait;
use tokio::time::Instant;
use translate::judge::FindingKind;

use crate::phases::Phases;
use crate::settings::Masked;
use crate::shared::Account;
use attempt::Attempt;
use report::UpstreamReport;
use request::VendorRequest;

/// Something of a vendor's that the contract does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    UnknownFields(usize),
    /// Values in another type than the contract's that could mean one thing only.
    LenientValues(usize),
    /// An error status or code without a row.
    UnmappedError,
    /// What an answer was looked through for showed a difference to the contract.
    Drift(FindingKind),
    /// What should name a new thing in our `Location` and that its own route refuses.
    DeadLocation,
}

/// A vendor that can be called.
#[async_trait]
pub trait Upstream: Send + Sync {
    /// Makes the call and returns by `deadline`. It begins in [`Phase::Queue`](crate::phases::Phase::Queue), and
    /// enters what follows.
    async fn call(&self, request: &VendorRequest, deadline: Instant, phases: &Phases) -> Attempt;

    /// Scheme, host and path prefix: what a `Location` is resolved against.
    fn base_url(&self) -> &url::Url;

    /// A digest of place, fixed headers and credentials: equal only where equal calls get equal
    /// answers. It changes with a rotated secret, though not with a renewed token.
    fn identity(&self) -> [u8; 32];

    /// The account that calls run under, as the fleet names it. It stays where a secret is rotated.
    fn account(&self) -> Account {
        Account::new(self.base_url().as_str(), "")
    }

    /// The credential fields of every call, secrets masked: what `explain` shows.
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

    /// How the vendor does. `None`: nobody keeps it.
    fn report(&self) -> Option<UpstreamReport> {
        None
    }

    /// Counts what an answer held that the contract does not know.
    fn notice(&self, _operation: &str, _notice: Notice) {}
}
