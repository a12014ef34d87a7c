//! Puts the process together: configuration, secrets, vendors, ports, and what a signal replaces.

mod admin_port;
mod demo;
mod fleet;
mod load;
mod logging;
mod mistakes;
mod offline;
mod one_request;
mod online;
mod open;
mod reload;
mod replay;
mod services;
mod start_error;
mod watch;
mod worked_example;

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

pub use admin_port::{AdminAnswer, ask};
pub use demo::{Addresses, demo};
pub use load::{effective, load};
pub use mistakes::Mistakes;
pub use offline::{offline_runtime, series};
pub use online::{Examined, Online, Step, Verdict, examine};
pub use replay::{Under, replay};
use services::services;
pub use start_error::StartError;
use watch::Watch;
pub use worked_example::{Exchanged, worked_example};

use crate::edge;
use crate::engine::Engine;
use crate::memory;
use crate::metrics::Metrics;
use crate::reload::Reloader;
use crate::traces::Traces;

/// Runs the gateway of a settings file until a signal ends it. `watch`: it reloads when a file changes.
///
/// # Errors
/// Every mistake of the configuration; every secret that is missing; a port that cannot be had.
pub fn serve(config: &Path, watch: bool) -> Result<(), StartError> {
    let started = Instant::now();
    let watch = watch.then(|| Watch::new(config));
    let loaded = load(config).map_err(StartError::Configuration)?;
    logging::start(&loaded.settings.log);
    for warning in &loaded.warnings {
        tracing::warn!("{warning}");
    }
    if let Err(error) = memory::start() {
        tracing::warn!(%error, "memory is given back under load only");
    }
    let metrics = Arc::new(Metrics::new().map_err(|_| StartError::Metrics)?);
    let traces = Arc::new(Traces::new(metrics.clone()));
    let runtime =
        open::open(loaded.plan, loaded.settings, &metrics, &traces).map_err(StartError::Open)?;
    let (listen, admin) = (runtime.settings.listen, runtime.settings.admin);
    let shared = runtime.settings.shared.as_ref();
    let fleet = shared.map(|shared| fleet::open(shared, &metrics));
    let fleet = fleet.transpose().map_err(StartError::Shared)?;
    let engine = Arc::new(Engine::in_fleet(runtime, metrics.clone(), fleet));
    let reload = reload::reload(
        config.to_owned(),
        engine.clone(),
        metrics.clone(),
        traces.clone(),
    );
    let reloader = Arc::new(Reloader::start(reload));
    if let Some(watch) = watch {
        watch.start(reloader.clone());
    }
    let services = services(engine, metrics, traces, reloader, started);
    let ready = move || {
        let start_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        tracing::info!(%listen, %admin, start_ms, "ready");
    };
    Ok(edge::run(services, ready)?)
}
