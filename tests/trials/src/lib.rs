//! What tests and soaks of a fleet share: store servers of their own and the network in front of them, gateways over
//! them, callers, and the oracle that judges what these were answered.
//!
//! A trial that cannot be set up has failed, so what goes wrong here panics and says what it was.
#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

pub mod caller;
pub mod clock;
pub mod fleet;
pub mod gateway;
pub mod http;
pub mod oracle;
pub mod process;
pub mod record;
pub mod stage;
pub mod store;
pub mod trouble;
pub mod tunnel;
