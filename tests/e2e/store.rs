//! The store that replicas share, against real servers: a Redis 7 and a Valkey 9.

mod away;
mod epochs;
mod opened;
mod promised;
mod refusals;
mod silence;
