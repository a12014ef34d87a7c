//! What answers on the two ports.

use std::sync::Arc;

use crate::admin::Admin;
use crate::edge::{Health, Reload, Services};
use crate::engine::Engine;
use crate::metrics::Metrics;

/// Callers' requests go to the engine, operators' to their pages; both know of the drain.
pub fn services(engine: Arc<Engine>, metrics: Arc<Metrics>, reload: Reload) -> Services<Admin> {
    let health: Arc<Health> = Arc::default();
    Services {
        operators: Admin {
            engine: engine.clone(),
            health: health.clone(),
        },
        engine,
        metrics,
        health,
        reload,
    }
}
