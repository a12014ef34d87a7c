//! `serve`: the gateway in front of real vendors.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use contract::Plan;

use super::load::load;
use super::{complain, logging};
use crate::admin::{Health, Metrics};
use crate::edge::{Services, run as run_edge};
use crate::engine::{CallerKey, Engine, Runtime};
use crate::settings::{Settings, Vault};
use crate::upstream::{Client, Upstream};

pub fn run(config: &Path) -> ExitCode {
    let started = Instant::now();
    let loaded = match load(config) {
        Ok(loaded) => loaded,
        Err(mistakes) => return complain(&mistakes.text()),
    };
    logging::start(&loaded.settings.log);
    for warning in &loaded.warnings {
        tracing::warn!("{warning}");
    }
    let Ok(metrics) = Metrics::new().map(Arc::new) else {
        return complain("error: the metrics cannot be registered");
    };
    let runtime = match open(loaded.plan, loaded.settings, &metrics) {
        Ok(runtime) => runtime,
        Err(lines) => return complain(&lines.join("\n")),
    };
    let (listen, admin) = (runtime.settings.listen, runtime.settings.admin);
    let engine = Arc::new(Engine::new(runtime, metrics.clone()));
    let services = Services {
        reload: reload(config.to_owned(), engine.clone(), metrics.clone()),
        engine,
        metrics,
        health: Arc::new(Health::default()),
    };
    let ready = move || tracing::info!(%listen, %admin, start_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX), "ready");
    match run_edge(services, ready) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => complain(&format!("error: {error}")),
    }
}

/// Reads all secrets and makes the runtime.
///
/// # Errors
/// One line for each secret or upstream that is missing.
pub fn open(
    plan: Plan,
    settings: Settings,
    metrics: &Arc<Metrics>,
) -> Result<Runtime, Vec<String>> {
    let mut errors = Vec::new();
    let mut upstreams: BTreeMap<String, Arc<dyn Upstream>> = BTreeMap::new();
    let keys = settings.callers.iter().map(|caller| &caller.key);
    let secrets = settings
        .upstreams
        .iter()
        .flat_map(|upstream| upstream.auth.secrets());
    let vault = Vault::read(secrets.chain(keys));
    for upstream in &settings.upstreams {
        match Client::open(upstream, settings.limits.answer, metrics.clone(), &vault) {
            Ok(client) => {
                upstreams.insert(upstream.name.clone(), Arc::new(client));
            }
            Err(found) => errors.extend(
                found
                    .iter()
                    .map(|error| format!("error: upstreams.{}: {error}", upstream.name)),
            ),
        }
    }
    let mut callers: Vec<CallerKey> = Vec::new();
    for caller in &settings.callers {
        match vault.get(&caller.key) {
            Ok(key) => {
                let other = callers.iter().find(|other| other.is(key.reveal()));
                if let Some(other) = other {
                    errors.push(format!(
                        "error: callers.{}: the key is that of `{}`; give each caller a key of its own",
                        caller.name, other.name
                    ));
                }
                callers.push(CallerKey::new(caller, key.reveal()));
            }
            Err(error) => errors.push(format!("error: callers.{}: {error}", caller.name)),
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    Runtime::new(plan, settings, upstreams, callers).map_err(|missing| {
        missing
            .iter()
            .map(|error| format!("error: {error}"))
            .collect()
    })
}

/// A bad configuration never replaces a good one.
fn reload(
    config: PathBuf,
    engine: Arc<Engine>,
    metrics: Arc<Metrics>,
) -> Box<dyn Fn() + Send + Sync> {
    Box::new(move || {
        let mut counted = Counted {
            metrics: &metrics,
            accepted: false,
        };
        let loaded = match load(&config) {
            Ok(loaded) => loaded,
            Err(mistakes) => {
                tracing::error!(mistakes = %mistakes.text(), "reload refused; the running configuration stays");
                return;
            }
        };
        let old = engine.runtime();
        if loaded.settings.listen != old.settings.listen
            || loaded.settings.admin != old.settings.admin
            || loaded.settings.threads != old.settings.threads
            || loaded.settings.drain != old.settings.drain
            || loaded.settings.log != old.settings.log
        {
            tracing::warn!(
                "`listen`, `admin`, `threads`, `drain` and `log` change at a restart only"
            );
        }
        match open(loaded.plan, loaded.settings, &metrics) {
            Ok(runtime) => {
                let digest = runtime.plan.digest.clone();
                engine.replace(runtime);
                counted.accepted = true;
                tracing::info!(contract = %digest, "reloaded");
            }
            Err(lines) => {
                tracing::error!(mistakes = %lines.join("; "), "reload refused; the running configuration stays");
            }
        }
    })
}

/// Counts a reload when it ends, also by a panic.
struct Counted<'m> {
    metrics: &'m Metrics,
    accepted: bool,
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.metrics.reloaded(self.accepted);
    }
}
