//! What the benchmarks share: the vendor, the gateway over it, load, and what a process used.
//!
//! Times are ratios within one run: the machine is noisy, its noise hits both sides alike.
#![forbid(unsafe_code)]
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod alone;
pub mod counting;
pub mod cpu;
pub mod exchange;
pub mod gateway;
pub mod h2load;
pub mod load;
pub mod rooms;
pub mod server;
pub mod statistics;
pub mod vendor;

pub use trials::http;
