//! A record run again without network or secrets, under any contract.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use contract::Plan;
use url::Url;

use super::load::load;
use crate::engine::{Engine, Replayed, Runtime};
use crate::evidence::{Difference, FORMAT, Record, Script, Scripted};
use crate::metrics::Metrics;
use crate::settings::Settings;
use crate::upstream::Upstream;

/// Under which contract a record is run.
#[derive(Debug, Clone, Copy)]
pub enum Under<'p> {
    /// That of a settings file, with its limits.
    Settings(&'p Path),
    /// A contract alone, with the default settings.
    Contract(&'p Path),
}

/// Runs a record again, and says where that came to something else. First what differs in the vendor calls.
///
/// # Errors
/// As text: the text is no record, the contract is not good, or the one does not go with the other.
pub fn replay(text: &str, under: Under<'_>) -> Result<(Record, Replayed), String> {
    let record = read(text)?;
    let (plan, settings) = match under {
        Under::Settings(path) => {
            let loaded = load(path).map_err(|mistakes| mistakes.text())?;
            (loaded.plan, loaded.settings)
        }
        Under::Contract(path) => (contract(path)?, alone()?),
    };
    let script = Arc::new(Script::of(&record));
    let upstreams = plan.upstreams.iter().map(|name| {
        let called = record.calls.iter().find(|call| call.upstream == *name);
        let base_url = called.map_or("https://vendor.invalid/", |call| call.base_url.as_str());
        let base_url =
            Url::parse(base_url).map_err(|error| format!("error: {base_url}: {error}"))?;
        let scripted: Arc<dyn Upstream> = Arc::new(Scripted {
            base_url,
            script: script.clone(),
        });
        Ok((name.clone(), scripted))
    });
    let upstreams: BTreeMap<_, _> = upstreams.collect::<Result<_, String>>()?;
    let settings = Settings {
        evidence: None,
        ..settings
    };
    let runtime = Runtime::new(plan, settings, upstreams, Vec::new())
        .map_err(|errors| format!("error: {errors:?}"))?;
    let metrics = Metrics::new().map_err(|error| format!("error: {error}"))?;
    let engine = Engine::new(runtime, Arc::new(metrics));
    let tokio = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| format!("error: {error}"))?;
    let replayed = tokio.block_on(engine.replay(&record));
    let mut replayed = replayed.map_err(|error| format!("error: {error}"))?;
    let mut all: Vec<Difference> = script.differences();
    all.append(&mut replayed.differences);
    replayed.differences = all;
    Ok((record, replayed))
}

fn read(text: &str) -> Result<Record, String> {
    let value: serde_json::Value =
        serde_json::from_str(text).map_err(|error| format!("error: this is no record: {error}"))?;
    match value["format"].as_str() {
        Some(FORMAT) => serde_json::from_value(value)
            .map_err(|error| format!("error: this is no whole record: {error}")),
        Some(other) => Err(format!(
            "error: the record is of the format {}; this version reads {FORMAT}",
            other.escape_debug()
        )),
        None => Err("error: this is no record: it has no `format`".to_owned()),
    }
}

fn contract(path: &Path) -> Result<Plan, String> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| format!("error: {} cannot be read: {error}", path.display()))?;
    let name = path.display().to_string();
    contract::compile(&text).map_err(|findings| {
        let findings = findings.iter().map(|one| one.render(&name, &text));
        findings.collect::<Vec<_>>().join("\n")
    })
}

fn alone() -> Result<Settings, String> {
    Settings::parse("upstreams: {}\n", Path::new("")).map_err(|list| format!("error: {list:?}"))
}
