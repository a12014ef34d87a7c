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
use crate::settings::{Auth, UpstreamSettings};
use crate::upstream::{Attempt, Failure, FailureKind, Upstream, VendorRequest};

struct Offline(UpstreamSettings);

#[async_trait]
impl Upstream for Offline {
    async fn call(&self, _request: &VendorRequest, _deadline: Instant) -> Attempt {
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

    fn masked_headers(&self) -> Vec<(String, String)> {
        let masked = |name: &HeaderName| (name.to_string(), "***".to_owned());
        match &self.0.auth {
            Auth::None => Vec::new(),
            Auth::Header { name, .. } => vec![masked(name)],
            Auth::Headers(headers) => headers.iter().map(|(name, _)| masked(name)).collect(),
            Auth::OAuth2ClientCredentials { scheme, .. } => {
                vec![(
                    "authorization".to_owned(),
                    format!("{scheme} ***").trim_start().to_owned(),
                )]
            }
        }
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
pub fn runtime(config: &Path) -> Result<Runtime, String> {
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
