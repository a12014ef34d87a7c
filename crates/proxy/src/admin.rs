//! The operator's port: metrics, health, status.

mod health;
mod metrics;
mod server;

pub use health::Health;
pub use metrics::Metrics;
pub use server::Admin;
