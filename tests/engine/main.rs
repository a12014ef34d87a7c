//! The engine alone: a scripted vendor instead of sockets, and a clock that stands still until nobody has
//! anything left to do. So times are exact and hours pass in none.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod stage;
mod store;
mod vendor;

mod endings;
mod fleet;
mod keys;
mod look_ups;
mod missing_location;
mod phases;
mod preconditions;
mod rates;
mod repetitions;
mod shared_reads;
mod stale;
mod unknown_hold;
mod upserts;
mod writes;
