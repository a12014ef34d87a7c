//! Callers' HTTP: heads, connections, the drain. Pingora runs the ports; the sessions are ours.

mod callers;
mod connection;
mod handler;
mod head;
mod health;
mod server;

pub use handler::{Handler, Rules};
pub use health::Health;
pub use server::reachable::reachable;
pub use server::{Services, StartError, run};
