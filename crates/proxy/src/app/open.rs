//! From a good configuration to what runs: all secrets read, all vendors opened.

use std::collections::BTreeMap;
use std::sync::Arc;

use contract::Plan;

use crate::engine::{CallerKey, OperatorKey, Runtime, RuntimeError};
use crate::metrics::Metrics;
use crate::secret::{MissingSecret, Vault};
use crate::settings::{Settings, UpstreamSettings};
use crate::shared::{RateSharing, redis};
use crate::traces::{self, Traces};
use crate::upstream::{self, Client, OpenWith, Upstream};

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
    #[error("admin_keys.{name}: {error}")]
    AdminKey { name: String, error: MissingSecret },
    #[error("admin_keys.{name}: the key is that of `{other}`; give each a key of its own")]
    SharedAdminKey { name: String, other: String },
    #[error("shared: {0}")]
    Shared(redis::OpenError),
    #[error("traces: {0}")]
    Traces(traces::OpenError),
    #[error("{0}")]
    Runtime(RuntimeError),
}

/// What the process has, whatever its configuration is.
pub struct Around {
    pub metrics: Arc<Metrics>,
    pub traces: Arc<Traces>,
    /// `None`: rates are kept alone.
    pub rates: Option<RateSharing>,
}

/// Reads all secrets and makes the runtime.
///
/// # Errors
/// Each secret or upstream that is missing.
pub fn open(plan: Plan, settings: Settings, around: &Around) -> Result<Runtime, Vec<OpenError>> {
    let keys = settings.callers.iter().map(|caller| &caller.key);
    let secrets = settings
        .upstreams
        .iter()
        .flat_map(|upstream| upstream.auth.secrets());
    let admin_keys = settings.admin_keys.iter().map(|one| &one.key);
    let receivers = settings.traces.iter().flat_map(|traces| traces.secrets());
    let vault = Vault::read(secrets.chain(keys).chain(admin_keys).chain(receivers));
    let mut errors = Vec::new();
    let with = OpenWith {
        metrics: around.metrics.clone(),
        vault: &vault,
        rates: around.rates.as_ref(),
    };
    let upstreams = upstreams(&plan, &settings, &with, &mut errors);
    let callers = callers(&settings, &with, &mut errors);
    let operators = operators(&settings, &vault, &callers, &mut errors);
    let recording = around
        .traces
        .open(&settings, &plan, &vault)
        .unwrap_or_else(|found| {
            errors.extend(found.into_iter().map(OpenError::Traces));
            None
        });
    if !errors.is_empty() {
        return Err(errors);
    }
    let mut runtime = Runtime::new(plan, settings, upstreams, callers).map_err(|missing| {
        missing
            .into_iter()
            .map(OpenError::Runtime)
            .collect::<Vec<_>>()
    })?;
    runtime.operators = operators;
    runtime.recording = recording;
    Ok(runtime)
}

fn upstreams(
    plan: &Plan,
    settings: &Settings,
    with: &OpenWith<'_>,
    errors: &mut Vec<OpenError>,
) -> BTreeMap<String, Arc<dyn Upstream>> {
    let mut upstreams: BTreeMap<String, Arc<dyn Upstream>> = BTreeMap::new();
    for upstream in &settings.upstreams {
        let name = upstream.name.clone();
        match open_upstream(plan, upstream, settings, with) {
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

/// One upstream of the settings.
pub fn open_upstream(
    plan: &Plan,
    upstream: &UpstreamSettings,
    settings: &Settings,
    with: &OpenWith<'_>,
) -> Result<Client, Vec<upstream::OpenError>> {
    let operations = plan.operations.iter();
    let callers = operations.filter(|one| *one.binding.upstream == *upstream.name);
    let ids = callers.map(|operation| operation.id.shared()).collect();
    Client::open(upstream, settings.limits.answer, ids, with)
}

fn callers(
    settings: &Settings,
    with: &OpenWith<'_>,
    errors: &mut Vec<OpenError>,
) -> Vec<CallerKey> {
    let mut callers: Vec<CallerKey> = Vec::new();
    for caller in &settings.callers {
        let name = caller.name.clone();
        let key = with.vault.get(&caller.key);
        match key.and_then(|key| caller.key.fit_for_header(key)) {
            Ok(key) => {
                let other = callers.iter().find(|other| other.is(key.reveal()));
                errors.extend(other.map(|other| OpenError::SharedKey {
                    name,
                    other: other.name.to_string(),
                }));
                callers.push(CallerKey::new(caller, key.reveal(), with.rates));
            }
            Err(error) => errors.push(OpenError::CallerKey { name, error }),
        }
    }
    callers
}

/// An operator's key is none of a caller's: who may call could read what is for operators.
fn operators(
    settings: &Settings,
    vault: &Vault,
    callers: &[CallerKey],
    errors: &mut Vec<OpenError>,
) -> Vec<OperatorKey> {
    let mut operators: Vec<OperatorKey> = Vec::new();
    for admin_key in &settings.admin_keys {
        let name = admin_key.name.clone();
        let key = vault.get(&admin_key.key);
        match key.and_then(|key| admin_key.key.fit_for_header(key)) {
            Ok(key) => {
                let caller = callers.iter().find(|one| one.is(key.reveal()));
                let operator = operators.iter().find(|one| one.is(key.reveal()));
                let other = caller.map(|one| format!("callers.{}", one.name));
                let other = other.or_else(|| operator.map(|one| one.name.clone()));
                operators.push(OperatorKey::new(&name, &key));
                errors.extend(other.map(|other| OpenError::SharedAdminKey { name, other }));
            }
            Err(error) => errors.push(OpenError::AdminKey { name, error }),
        }
    }
    operators
}
