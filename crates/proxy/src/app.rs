//! Puts the process together: configuration, secrets, vendors, ports, and what a signal replaces.

mod admin_port;
mod demo;
mod load;
mod logging;
mod mistakes;
mod offline;
mod open;
mod reload;
mod services;

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

pub use admin_port::ask;
pub use demo::{Addresses, demo};
pub use load::{effective, load};
pub use mistakes::Mistakes;
pub use offline::offline_runtime;
use open::OpenError;
use services::services;

use crate::edge;
use crate::engine::Engine;
use crate::metrics::Metrics;

/// Why the gateway does not run, as it is told on standard error.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("{}", .0.text())]
    Configuration(Mistakes),
    #[error("error: the metrics cannot be registered")]
    Metrics,
    #[error("{}", lines(.0))]
    Open(Vec<OpenError>),
    #[error("error: {0}")]
    Edge(#[from] edge::StartError),
    /// Of the demo: what could not be prepared for it.
    #[error("error: {0}")]
    Demo(String),
}

fn lines(errors: &[OpenError]) -> String {
    let lines: Vec<String> = errors.iter().map(|one| format!("error: {one}")).collect();
    lines.join("\n")
}

/// Runs the gateway of a settings file until a signal ends it.
///
/// # Errors
/// Every mistake of the configuration; every secret that is missing; a port that cannot be had.
pub fn serve(config: &Path) -> Result<(), StartError> {
    let started = Instant::now();
    let loaded = load(config).map_err(StartError::Configuration)?;
    logging::start(&loaded.settings.log);
    for warning in &loaded.warnings {
        tracing::warn!("{warning}");
    }
    let metrics = Arc::new(Metrics::new().map_err(|_| StartError::Metrics)?);
    let runtime = open::open(loaded.plan, loaded.settings, &metrics).map_err(StartError::Open)?;
    let (listen, admin) = (runtime.settings.listen, runtime.settings.admin);
    let engine = Arc::new(Engine::new(runtime, metrics.clone()));
    let reload = reload::reload(config.to_owned(), engine.clone(), metrics.clone());
    let services = services(engine, metrics, reload);
    let ready = move || {
        let start_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        tracing::info!(%listen, %admin, start_ms, "ready");
    };
    Ok(edge::run(services, ready)?)
}
