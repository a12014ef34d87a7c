//! Whether each vendor can be used from here, step by step: with the secrets, connections, tokens and translation
//! with which the gateway calls it.

mod advice;
mod examined;
mod step_log;
mod steps;
mod store;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::load::Loaded;
use super::offline::Offline;
use super::open::open_upstream;
use crate::engine::Runtime;
use crate::metrics::Metrics;
use crate::secret::Vault;
use crate::settings::{SharedSettings, UpstreamSettings};
use crate::upstream::{Client, OpenError, OpenWith, Upstream};
pub use examined::Examined;
pub use step_log::{Step, Verdict};
use steps::Steps;

/// The longest for all steps of a vendor; the vendors are examined at once. Somebody waits for it, at a terminal or
/// in a job of a pipeline.
const LIMIT: Duration = Duration::from_secs(20);

/// What was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Online {
    pub vendors: Vec<Examined>,
    /// `None`: the settings name none.
    pub store: Option<Examined>,
}

impl Online {
    #[must_use]
    pub fn is_healthy(&self) -> bool {
        self.vendors
            .iter()
            .chain(&self.store)
            .all(Examined::is_healthy)
    }
}

/// Examines the store, where there is one, and every upstream of the settings that an operation uses. Sends nothing that changes
/// anything.
///
/// # Errors
/// What keeps this process from trying at all.
pub fn examine(loaded: Loaded) -> Result<Online, String> {
    let mut settings = loaded.settings;
    settings
        .upstreams
        .retain(|upstream| loaded.plan.upstreams.contains(&upstream.name));
    let metrics = Metrics::new().map_err(|error| error.to_string())?;
    let metrics = Arc::new(metrics);
    let upstreams = settings.upstreams.iter();
    let secrets = upstreams.flat_map(|upstream| upstream.auth.secrets());
    let shared = settings.shared.as_ref();
    let of_store = shared.into_iter().flat_map(SharedSettings::secrets);
    let vault = Vault::read(secrets.chain(of_store));
    let store = shared.map(|shared| store::examine(shared, &vault, &metrics));
    let store = store.transpose()?;
    let with = OpenWith {
        metrics: metrics.clone(),
        vault: &vault,
        rates: None,
    };
    let opened: Vec<_> = settings
        .upstreams
        .iter()
        .map(|upstream| open_upstream(&loaded.plan, upstream, &settings, &with).map(Arc::new))
        .collect();
    let upstreams = settings.upstreams.clone();
    let runtime = runtime(loaded.plan, settings, &opened)?;
    let tokio = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| error.to_string())?;
    let examined = tokio.block_on(all(&upstreams, opened, &runtime));
    // A look-up of a name that hangs would hold up the end of the process.
    tokio.shutdown_background();
    Ok(Online {
        vendors: examined,
        store,
    })
}

type Opened = Result<Arc<Client>, Vec<OpenError>>;

/// A vendor that could not be opened is only described.
fn runtime(
    plan: contract::Plan,
    settings: crate::settings::Settings,
    opened: &[Opened],
) -> Result<Runtime, String> {
    let upstreams = settings.upstreams.iter().zip(opened);
    let upstreams = upstreams.map(|(upstream, opened)| {
        let client: Arc<dyn Upstream> = match opened {
            Ok(client) => client.clone(),
            Err(_) => Arc::new(Offline::new(upstream.clone())),
        };
        (upstream.name.clone(), client)
    });
    let upstreams: BTreeMap<_, _> = upstreams.collect();
    Runtime::new(plan, settings, upstreams, Vec::new()).map_err(|errors| {
        let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
        errors.join("\n")
    })
}

async fn all(
    upstreams: &[UpstreamSettings],
    opened: Vec<Opened>,
    runtime: &Runtime,
) -> Vec<Examined> {
    let until = Instant::now() + LIMIT;
    let each = upstreams
        .iter()
        .zip(opened)
        .map(|(upstream, opened)| async move {
            let mut steps = Steps::new(upstream, until);
            if let Some(client) = steps.secrets(opened) {
                steps.network(&client).await;
                steps.sign_in(&client).await;
                let probe = runtime
                    .plan
                    .probes
                    .iter()
                    .find(|probe| *probe.upstream == *upstream.name);
                steps.read(runtime, probe).await;
            }
            Examined {
                name: upstream.name.clone(),
                base_url: upstream.base_url.to_string(),
                steps: steps.into_all(),
            }
        });
    join_all(each).await
}

/// Runs all at once; what comes is in their order.
async fn join_all<T>(futures: impl Iterator<Item = impl Future<Output = T>>) -> Vec<T> {
    let mut running: Vec<_> = futures.map(|future| (Box::pin(future), None)).collect();
    std::future::poll_fn(|context| {
        let mut pending = false;
        for (future, done) in running.iter_mut().filter(|(_, done)| done.is_none()) {
            match future.as_mut().poll(context) {
                std::task::Poll::Ready(value) => *done = Some(value),
                std::task::Poll::Pending => pending = true,
            }
        }
        if pending {
            std::task::Poll::Pending
        } else {
            std::task::Poll::Ready(())
        }
    })
    .await;
    running.into_iter().filter_map(|(_, done)| done).collect()
}
