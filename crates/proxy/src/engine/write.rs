//! Writes: each ends in one of three true answers, done, not done or unknown.

pub mod execute;
pub mod idempotency;
mod look_up;
pub mod precondition;
pub mod upsert;
