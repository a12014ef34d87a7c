//! The operator's port: metrics, health, status.

mod cache_metrics;
mod health;
mod metrics;
mod purge;
mod server;

pub use health::Health;
pub use metrics::{Gauged, Metrics};
pub use server::Admin;
