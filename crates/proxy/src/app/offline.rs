//! A vendor that is only described: for commands that send nothing and need no secrets.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use contract::Plan;
use http::{HeaderName, HeaderValue};
use tokio::time::Instant;
use url::Url;

use super::load::{Loaded, load};
use crate::engine::{Runtime, stand};
use crate::metrics::Metrics;
use crate::phases::Phases;
use crate::settings::{Masked, Settings, UpstreamSettings};
use crate::upstream::{Attempt, Failure, FailureKind, Upstream, VendorRequest};

pub(super) struct Offline(UpstreamSettings);

impl Offline {
    pub(super) const fn new(settings: UpstreamSettings) -> Self {
        Self(settings)
    }
}

#[async_trait]
impl Upstream for Offline {
    async fn call(&self, _request: &VendorRequest, _deadline: Instant, _: &Phases) -> Attempt {
        Attempt::NotSent(Failure::new(
            FailureKind::Connect,
            "this command sends nothing",
        ))
    }

    fn base_url(&self) -> &Url {
        &self.0.base_url
    }

    fn identity(&self) -> [u8; 32] {
        [0; 32]
    }

    fn masked(&self) -> Masked {
        self.0.auth.masked()
    }

    fn fixed_headers(&self) -> &[(HeaderName, HeaderValue)] {
        &self.0.headers
    }

    fn sends_traceparent(&self) -> bool {
        self.0.send_traceparent
    }
}

/// The runtime of a configuration, without its secrets.
///
/// # Errors
/// Everything that is wrong with the files, as text.
pub fn offline_runtime(config: &Path) -> Result<Runtime, String> {
    let loaded = load(config).map_err(|mistakes| mistakes.text())?;
    offline(loaded.plan, loaded.settings)
}

/// How many series of metrics a configuration makes, which stand there from the start; and the configuration.
///
/// # Errors
/// The contract and the settings do not fit, or two metrics have one name.
pub fn series(loaded: Loaded) -> Result<(usize, Loaded), String> {
    let metrics = Metrics::new().map_err(|error| error.to_string())?;
    let runtime = offline(loaded.plan, loaded.settings)?;
    stand(&runtime, &metrics);
    let loaded = Loaded {
        plan: runtime.plan,
        settings: runtime.settings,
        warnings: loaded.warnings,
    };
    Ok((metrics.series(), loaded))
}

fn offline(plan: Plan, settings: Settings) -> Result<Runtime, String> {
    let upstreams = settings.upstreams.iter().map(|upstream| {
        let offline: Arc<dyn Upstream> = Arc::new(Offline::new(upstream.clone()));
        (upstream.name.clone(), offline)
    });
    let upstreams: BTreeMap<_, _> = upstreams.collect();
    Runtime::new(plan, settings, upstreams, Vec::new()).map_err(|errors| {
        errors
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join("\n")
    })
}
