//! Reads: from the cache, from a call that somebody waits for already, or from a call of their own.

mod asked;
pub mod cached_read;
mod fetch;
pub mod invalidation;
pub mod purge;
pub mod rule;
mod serve;
mod tags;
