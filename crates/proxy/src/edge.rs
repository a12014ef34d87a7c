//! Callers' HTTP, by Pingora: listeners, sessions, the drain.

mod app;
mod body;
mod drain;
mod linger;
mod reachable;
mod reloader;
mod server;

pub use app::Edge;
pub use reachable::reachable;
pub use server::{Services, StartError, run};
