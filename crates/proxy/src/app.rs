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
use fleet::Sharing;
pub use load::{effective, load};
pub use mistakes::Mistakes;
pub use offline::{offline_runtime, series};
pub use online::{Examined, Online, Step, Verdict, examine};
use open::{Around, OpenError};
pub use replay::{Under, replay};
use services::services;
pub use start_error::StartError;
use watch::Watch;
pub use worked_example::{Exchanged, worked_example};

use crate::edge;
use crate::engine::{Engine, Runtime};
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
    let shared = loaded.settings.shared.as_ref();
    let sharing = shared.map(|shared| fleet::open(shared, &metrics));
    let sharing = sharing.transpose().map_err(OpenError::Shared);
    let rates = sharing.as_ref().ok().and_then(Option::as_ref);
    let rates = rates.map(|sharing| sharing.rates.clone());
    let around = Around {
        metrics: metrics.clone(),
        traces: traces.clone(),
        rates,
    };
    let opened = open::open(loaded.plan, loaded.settings, &around);
    let (runtime, sharing) = both(opened, sharing).map_err(StartError::Open)?;
    let (listen, admin) = (runtime.settings.listen, runtime.settings.admin);
    let fleet = sharing.as_ref().map(|sharing| sharing.fleet.clone());
    let engine = Arc::new(Engine::in_fleet(runtime, metrics.clone(), fleet));
    let reload = reload::reload(config.to_owned(), engine.clone(), around);
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

/// All that is missing at once.
fn both(
    opened: Result<Runtime, Vec<OpenError>>,
    sharing: Result<Option<Sharing>, OpenError>,
) -> Result<(Runtime, Option<Sharing>), Vec<OpenError>> {
    match (opened, sharing) {
        (Ok(runtime), Ok(sharing)) => Ok((runtime, sharing)),
        (Ok(_), Err(error)) => Err(vec![error]),
        (Err(errors), sharing) => Err(errors.into_iter().chain(sharing.err()).collect()),
    }
}
