//! A vendor as the engine sees it: transport, credentials and measurement in one.

use std::sync::Arc;

use async_trait::async_trait;
use http::{HeaderName, HeaderValue};
use tokio::time::Instant;
use url::Url;

use super::{Attempt, Credentials, Transport, Upstream, VendorRequest};
use crate::admin::Metrics;
use crate::settings::{MissingSecret, UpstreamSettings};

pub struct Client {
    name: String,
    transport: Arc<Transport>,
    credentials: Credentials,
    headers: Vec<(HeaderName, HeaderValue)>,
    send_traceparent: bool,
    metrics: Arc<Metrics>,
}

#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("upstreams.{upstream}: {missing}")]
    Secret {
        upstream: String,
        missing: MissingSecret,
    },
    #[error("upstreams.{upstream}: `base_url` has a host that no Host header can carry")]
    Host { upstream: String },
}

impl Client {
    /// Opens one upstream: reads its secrets, connects nowhere.
    ///
    /// # Errors
    /// A secret that is missing, by name.
    pub fn open(
        settings: &UpstreamSettings,
        answer_limit: usize,
        metrics: Arc<Metrics>,
    ) -> Result<Self, OpenError> {
        let transport = Transport::new(
            settings.base_url.clone(),
            settings.ca_file.as_deref(),
            answer_limit,
        )
        .ok_or_else(|| OpenError::Host {
            upstream: settings.name.clone(),
        })?;
        let transport = Arc::new(transport);
        let credentials =
            Credentials::open(&settings.auth, &transport).map_err(|missing| OpenError::Secret {
                upstream: settings.name.clone(),
                missing,
            })?;
        Ok(Self {
            name: settings.name.clone(),
            transport,
            credentials,
            headers: settings.headers.clone(),
            send_traceparent: settings.send_traceparent,
            metrics,
        })
    }

    async fn try_call(&self, request: &VendorRequest, deadline: Instant) -> Attempt {
        let proof = match self.credentials.prove(deadline).await {
            Ok(proof) => proof,
            Err(failure) => return Attempt::NotSent(failure),
        };
        let attempt = self.transport.call(request, &proof.headers, deadline).await;
        match &attempt {
            // A 401 says that nothing was executed, so even a write may go once more.
            Attempt::Answered(answer) if answer.status == 401 => {
                match self.credentials.renew(&proof, deadline).await {
                    Some(Ok(renewed)) => {
                        self.transport
                            .call(request, &renewed.headers, deadline)
                            .await
                    }
                    Some(Err(failure)) => Attempt::NotSent(failure),
                    None => attempt,
                }
            }
            _ => attempt,
        }
    }
}

#[async_trait]
impl Upstream for Client {
    async fn call(&self, request: &VendorRequest, deadline: Instant) -> Attempt {
        let started = Instant::now();
        let attempt = self.try_call(request, deadline).await;
        self.metrics
            .vendor_call(&self.name, &request.operation, &attempt, started.elapsed());
        attempt
    }

    fn base_url(&self) -> &Url {
        self.transport.base_url()
    }

    fn masked_headers(&self) -> Vec<(String, String)> {
        self.credentials.masked()
    }

    fn fixed_headers(&self) -> &[(HeaderName, HeaderValue)] {
        &self.headers
    }

    fn sends_traceparent(&self) -> bool {
        self.send_traceparent
    }
}
