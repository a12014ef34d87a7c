//! A reload: everything is read again and replaced whole, or nothing is.

use std::path::PathBuf;
use std::sync::Arc;

use super::load::load;
use super::mistakes::Mistakes;
use super::open::{Around, OpenError, open};
use crate::engine::Engine;
use crate::metrics::Metrics;
use crate::reload::{Finding, Outcome, Reload, Report};
use crate::settings::Settings;

/// What a reload does. A bad configuration never replaces a good one.
pub fn reload(config: PathBuf, engine: Arc<Engine>, around: Around) -> Reload {
    Box::new(move || {
        let mut counted = Counted {
            metrics: &around.metrics,
            accepted: false,
        };
        let loaded = match load(&config) {
            Ok(loaded) => loaded,
            Err(mistakes) => return refuse_mistakes(&mistakes),
        };
        let mut warnings = loaded.warnings;
        if !same_process(&engine.runtime().settings, &loaded.settings) {
            let text = "`listen`, `admin`, `threads`, `drain`, `log` and `shared` change at a restart only";
            tracing::warn!("{text}");
            warnings.push(text.to_owned());
        }
        let digest = loaded.plan.digest.clone();
        let mut settings = loaded.settings;
        settings
            .shared
            .clone_from(&engine.runtime().settings.shared);
        let outcome = match open(loaded.plan, settings, &around) {
            Ok(runtime) => {
                engine.replace(runtime);
                counted.accepted = true;
                tracing::info!(contract = %digest, "reloaded");
                Report {
                    outcome: Outcome::Accepted,
                    ..Report::refused(Vec::new())
                }
            }
            Err(errors) => refuse_to_open(&errors),
        };
        Report {
            contract_digest: Some(digest),
            warnings,
            ..outcome
        }
    })
}

fn refuse_mistakes(mistakes: &Mistakes) -> Report {
    refuse(&mistakes.text());
    Report::refused(mistakes.findings())
}

fn refuse_to_open(errors: &[OpenError]) -> Report {
    let lines: Vec<String> = errors.iter().map(|one| format!("error: {one}")).collect();
    refuse(&lines.join("; "));
    let findings = errors
        .iter()
        .map(|error| Finding::of_machine(error.to_string()));
    Report::refused(findings.collect())
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
        && old.shared == new.shared
}

/// Counts a reload when it ends, also by a panic.
struct Counted<'m> {
    metrics: &'m Metrics,
    accepted: bool,
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.metrics.reloads.ended(self.accepted);
    }
}
