//! The vendor call behind one trait: `http` types in and out, a deadline, and a truthful account of
//! what happened.

mod call;
mod client;
mod credentials;
mod gauges;
mod recent;
mod redact;
mod resilience;
mod transport;

pub use call::answer_fields::AnswerFields;
pub use call::attempt::{Attempt, VendorAnswer};
pub use call::failure::{Failure, FailureKind};
pub use call::report::{Health, UpstreamReport};
pub use call::request::{CallKind, VendorRequest};
pub use call::send_state::SendState;
pub use call::state::Circuit;
pub use call::{Notice, Upstream};
pub use client::{Client, OpenError, OpenWith, SHORT_WAIT};
pub use recent::WINDOW;
pub use redact::call_credential::CallCredential;
pub use redact::spelled_in;
pub use resilience::retry_after::wait_of;
pub use transport::default_headers::{content_length, default_headers};
pub use transport::trust::{TrustError, check_ca_file};
pub use transport::{Transport, TransportError};
