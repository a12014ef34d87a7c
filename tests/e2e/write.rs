//! Every write ends in one of three true answers, and no vendor sees it twice (docs/writes.md).

mod answers;
mod faults;
mod idempotency;
mod leaving;
mod matrix;
mod preconditions;
pub mod ways;
