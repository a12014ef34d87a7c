//! End to end: the real binary on real sockets, against the sandbox or a scripted vendor.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

mod admin_port;
mod assumptions;
mod bodies;
mod cache;
mod callers;
mod command_line;
mod configuration;
mod conformance;
mod connections;
mod credentials;
mod demo;
mod doors;
mod drain;
mod expect;
mod explain;
mod first_path;
mod foreign_contracts;
mod foreign_writes;
mod framing;
mod idempotency;
mod identifiers;
mod isolation;
mod limits;
mod manners;
mod operations;
mod pages;
mod paging;
mod precedence;
mod read_faults;
mod readme;
mod secrets;
mod signals;
mod slow_callers;
mod tls;
mod token_endpoint;
mod tokens;
mod tracing;
mod unread_logs;
mod unsent;
mod upstreams;
mod vendor_answers;
mod vendor_codes;
mod writes;
