//! From a good configuration to what runs: all secrets read, all vendors opened.

use std::collections::BTreeMap;
use std::sync::Arc;

use contract::Plan;

use crate::engine::{CallerKey, Runtime, RuntimeError};
use crate::metrics::Metrics;
use crate::secret::{MissingSecret, Vault};
use crate::settings::Settings;
use crate::upstream::{self, Client, Upstream};

/// What a configuration that is good on paper lacks on this machine.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("upstreams.{name}: {error}")]
    Upstream {
        name: String,
        error: upstream::OpenError,
    },
    #[error("callers.{name}: {error}")]
    CallerKey { name: String, error: MissingSecret },
    #[error("callers.{name}: the key is that of `{other}`; give each caller a key of its own")]
    SharedKey { name: String, other: String },
    #[error("{0}")]
    Runtime(RuntimeError),
}

/// Reads all secrets and makes the runtime.
///
/// # Errors
/// Each secret or upstream that is missing.
pub fn open(
    plan: Plan,
    settings: Settings,
    metrics: &Arc<Metrics>,
) -> Result<Runtime, Vec<OpenError>> {
    let keys = settings.callers.iter().map(|caller| &caller.key);
    let secrets = settings
        .upstreams
        .iter()
        .flat_map(|upstream| upstream.auth.secrets());
    let vault = Vault::read(secrets.chain(keys));
    let mut errors = Vec::new();
    let upstreams = upstreams(&plan, &settings, metrics, &vault, &mut errors);
    let callers = callers(&settings, &vault, &mut errors);
    if !errors.is_empty() {
        return Err(errors);
    }
    Runtime::new(plan, settings, upstreams, callers)
        .map_err(|missing| missing.into_iter().map(OpenError::Runtime).collect())
}

fn upstreams(
    plan: &Plan,
    settings: &Settings,
    metrics: &Arc<Metrics>,
    vault: &Vault,
    errors: &mut Vec<OpenError>,
) -> BTreeMap<String, Arc<dyn Upstream>> {
    let mut upstreams: BTreeMap<String, Arc<dyn Upstream>> = BTreeMap::new();
    for upstream in &settings.upstreams {
        let name = upstream.name.clone();
        let callers = plan
            .operations
            .iter()
            .filter(|operation| *operation.binding.upstream == *name);
        let operations = callers.map(|operation| operation.id.shared()).collect();
        let (limit, metrics) = (settings.limits.answer, metrics.clone());
        match Client::open(upstream, limit, operations, metrics, vault) {
            Ok(client) => {
                upstreams.insert(name, Arc::new(client));
            }
            Err(found) => errors.extend(found.into_iter().map(|error| OpenError::Upstream {
                name: name.clone(),
                error,
            })),
        }
    }
    upstreams
}

fn callers(settings: &Settings, vault: &Vault, errors: &mut Vec<OpenError>) -> Vec<CallerKey> {
    let mut callers: Vec<CallerKey> = Vec::new();
    for caller in &settings.callers {
        let name = caller.name.clone();
        let key = vault.get(&caller.key);
        match key.and_then(|key| caller.key.fit_for_header(key)) {
            Ok(key) => {
                let other = callers.iter().find(|other| other.is(key.reveal()));
                errors.extend(other.map(|other| OpenError::SharedKey {
                    name,
                    other: other.name.to_string(),
                }));
                callers.push(CallerKey::new(caller, key.reveal()));
            }
            Err(error) => errors.push(OpenError::CallerKey { name, error }),
        }
    }
    callers
}
