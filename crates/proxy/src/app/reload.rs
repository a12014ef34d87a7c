//! SIGHUP: everything is read again and replaced whole, or nothing is.

use std::path::PathBuf;
use std::sync::Arc;

use super::load::load;
use super::open::open;
use crate::engine::Engine;
use crate::metrics::Metrics;
use crate::settings::Settings;

/// What a SIGHUP does. A bad configuration never replaces a good one.
pub fn reload(
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
            Err(mistakes) => return refuse(&mistakes.text()),
        };
        if !same_process(&engine.runtime().settings, &loaded.settings) {
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
            Err(errors) => {
                let lines: Vec<String> = errors.iter().map(|one| format!("error: {one}")).collect();
                refuse(&lines.join("; "));
            }
        }
    })
}

fn refuse(mistakes: &str) {
    tracing::error!(%mistakes, "reload refused; the running configuration stays");
}

/// Whether they agree on what only a restart changes.
fn same_process(old: &Settings, new: &Settings) -> bool {
    old.listen == new.listen
        && old.admin == new.admin
        && old.threads == new.threads
        && old.drain == new.drain
        && old.log == new.log
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
