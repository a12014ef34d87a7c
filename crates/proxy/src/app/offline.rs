//! A vendor that is only described: for commands that send nothing and need no secrets.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use http::{HeaderName, HeaderValue};
use tokio::time::Instant;
use url::Url;

use super::load::load;
use crate::engine::Runtime;
use crate::phases::Phases;
use crate::settings::{Masked, UpstreamSettings};
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
    let upstreams = loaded.settings.upstreams.iter().map(|upstream| {
        let offline: Arc<dyn Upstream> = Arc::new(Offline(upstream.clone()));
        (upstream.name.clone(), offline)
    });
    let upstreams: BTreeMap<_, _> = upstreams.collect();
    Runtime::new(loaded.plan, loaded.settings, upstreams, Vec::new()).map_err(|errors| {
        errors
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join("\n")
    })
}
