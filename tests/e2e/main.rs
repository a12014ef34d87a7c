//! End to end: the real binary on real sockets, against the sandbox or a scripted vendor.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

#[path = "../promises/all.rs"]
mod promises;

mod accept;
mod access_log;
mod admin;
mod answer;
mod builtin;
mod cache;
mod call;
mod cli;
mod contracts;
mod documents;
mod drift;
mod edge;
mod evidence;
mod fleet;
mod operations;
mod secrets_nowhere;
mod settings;
mod store;
mod traces;
mod upstream;
mod write;
