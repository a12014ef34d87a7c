//! Both vendors, simulated on their real paths and encodings, with faults on request.
//!
//! The sandbox is an oracle: it keeps the true state and a ledger of every request that it saw, so
//! that a test can compare what a client was told with what really happened. Therefore it depends
//! on no other crate of this workspace and decodes forms, paths and XML by itself.
//!
//! Where the vendors' pages are silent, an [`Assumptions`] switch shows both sides; which behaviour
//! is documented, inferred or assumed stands in `docs/sandbox.md`.
//!
//! ```no_run
//! # async fn demo() -> std::io::Result<()> {
//! use sandbox::{Config, Fault, FaultKind, Sandbox, When};
//!
//! let sandbox = Sandbox::start(Config::default()).await?;
//! sandbox.add_fault(Fault::next("netex.create", When::After, FaultKind::Reset));
//! // … point a client at `sandbox.netex_addr()` …
//! assert!(sandbox.ledger().iter().all(|request| !request.escaped));
//! # Ok(())
//! # }
//! ```
#![forbid(unsafe_code)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod assumptions;
mod backend;
mod config;
mod connection;
mod control;
mod day;
mod faults;
mod handled;
mod ispring;
mod ledger;
mod netex;
mod operation;
mod room;
mod sandbox;
mod seed;
mod server;
mod start;
mod state;
mod world;

pub use assumptions::{
    AbsentFields, Assumptions, Authorization, BlockedRaise, Charset, DayWrapping, EmailOnPhysical,
    EmptyFields, EmptyUrl, ErrorBody, EscapedSlash, IdSlash, LegacyHeaders, LocationForm, PastEnd,
    Permission, PutAbsent, RoomIdForm, UpdateAnswer, WriteAnswer,
};
pub use config::{Config, Seed};
pub use day::Day;
pub use faults::{Fault, FaultKind, FaultRefused, When};
pub use ledger::{Recorded, Vendor};
pub use operation::OPERATIONS;
pub use room::{Room, RoomType};
pub use sandbox::Sandbox;
pub use state::{Change, Subject};
