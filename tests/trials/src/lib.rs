//! What tests and soaks of a fleet share: store servers of their own, and the network in front of them.
//!
//! A trial that cannot be set up has failed, so what goes wrong here panics and says what it was.
#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

pub mod process;
pub mod store;
pub mod tunnel;
