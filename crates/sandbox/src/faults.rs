//! Faults on request: which call they hit, and whether the write is applied first.

mod book;
mod distort;
mod fault;

pub(crate) use book::{Book, Hit};
pub(crate) use distort::{Delivery, distort};
pub use fault::{Fault, FaultKind, FaultRefused, When};
