//! The store that replicas share, against real servers: a Redis 7 and a Valkey 9.

mod away;
mod epochs;
mod keys;
mod login;
mod opened;
mod promised;
mod rates;
mod refusals;
mod running;
mod silence;
mod values;
