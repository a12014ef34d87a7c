//! Callers' HTTP, by Pingora: listeners, sessions, the drain.

mod app;
mod body;
mod drain;
mod linger;
mod server;

pub use app::Edge;
pub use server::{Services, StartError, run};
