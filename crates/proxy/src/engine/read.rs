//! Reads: from the cache, from a call that somebody waits for already, or from a call of their own.

mod cached_read;
mod fetch;
mod fetch_result;
pub mod hit;
pub mod invalidation;
pub mod purge;
pub mod read_cache;
mod respond;
pub mod run;
mod second_level;
mod shared_call;
mod tags;
