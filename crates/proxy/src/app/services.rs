//! What answers on the two ports.

use std::sync::Arc;
use std::time::Instant;

use crate::admin::{Admin, Running};
use crate::edge::{Health, Services};
use crate::engine::Engine;
use crate::metrics::Metrics;
use crate::reload::Reloader;
use crate::traces::Traces;

/// Callers' requests go to the engine, operators' to their pages; both know of the drain.
pub fn services(
    engine: Arc<Engine>,
    metrics: Arc<Metrics>,
    traces: Arc<Traces>,
    reloader: Arc<Reloader>,
    started: Instant,
) -> Services<Admin> {
    let health: Arc<Health> = Arc::default();
    Services {
        operators: Admin(Running {
            engine: engine.clone(),
            health: health.clone(),
            reloader: reloader.clone(),
            traces: traces.clone(),
            started,
        }),
        engine,
        metrics,
        traces,
        health,
        reloader,
    }
}
