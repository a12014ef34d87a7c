//! Callers' HTTP: listeners, connections, the drain. Pingora runs the ports; the sessions are ours.

mod app;
mod body;
mod chunked;
mod connection;
mod drain;
mod head;
mod health;
mod linger;
mod listener;
mod reachable;
mod reloader;
mod request_line;
mod server;
mod wire;
mod write;

pub use app::Edge;
pub use connection::{App, Rules};
pub use drain::Reload;
pub use health::Health;
pub use reachable::reachable;
pub use server::{Services, StartError, run};
