//! What the benchmarks share: a keep-alive connection, a load of such, a server process, and its CPU time.
//!
//! Times are ratios within one run: the machine is noisy, its noise hits both sides alike.
#![forbid(unsafe_code)]

pub mod cpu;
pub mod http;
pub mod load;
pub mod server;
