//! lms-gateway: one JSON interface in front of two learning-management systems.
//!
//! `edge` speaks HTTP with callers (Pingora), `engine` holds the stages of a request, `upstream`
//! calls the vendors, `admin` is for operators, `settings` is `gateway.yaml`, `app` puts them together, `cli`
//! holds the commands.
#![forbid(unsafe_code)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod access_log;
pub mod admin;
mod app;
pub mod build_info;
pub mod cache;
pub mod cli;
mod colours;
mod digest;
mod drift;
pub mod edge;
pub mod engine;
mod evidence;
mod memory;
pub mod metrics;
mod output;
mod panics;
pub mod phases;
mod reload;
pub mod secret;
pub mod settings;
pub mod shared;
mod spans;
mod text_log;
mod time_of_day;
pub mod traces;
pub mod upstream;
