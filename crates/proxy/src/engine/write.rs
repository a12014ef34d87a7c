//! Writes: each ends in one of three true answers, done, not done or unknown.

mod execute;
pub mod idempotency;
mod look_up;
pub mod precondition;
pub mod told;
mod upsert;
