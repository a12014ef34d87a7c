//! Several gateways over one store.

mod away;
mod costs;
mod failover;
mod idempotency;
mod members;
mod one_account;
mod oracle;
mod servers;
mod troubles;
