//! Several gateways over one store.

mod away;
mod costs;
mod failover;
mod idempotency;
mod members;
mod oracle;
mod servers;
mod troubles;
