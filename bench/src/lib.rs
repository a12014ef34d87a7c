//! What the benchmarks share: a load of keep-alive requests, and the CPU time of a process.
//!
//! Figures are ratios within one run: the machine is noisy, its noise hits both sides alike.
#![forbid(unsafe_code)]

pub mod cpu;
pub mod load;
pub mod server;
