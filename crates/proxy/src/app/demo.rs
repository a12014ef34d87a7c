//! The gateway over a sandbox of both vendors, in one process.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use sandbox::{Config as SandboxConfig, Sandbox};
use serde_json::json;
use url::Url;

use super::services::services;
use super::{StartError, logging, open};
use crate::edge;
use crate::engine::Engine;
use crate::metrics::Metrics;
use crate::reload::{Finding, Reloader, Report};
use crate::secret::{Secret, SecretSource};
use crate::settings::{
    Auth, CredentialValue, EvidenceSettings, Grant, Log, LogFormat, Settings, UpstreamSettings,
};
use crate::traces::Traces;

/// The demo serves the contract of the repository it was built from.
const CONTRACT: &str = include_str!("../../../../config/contract.yaml");

/// What the demo opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Addresses {
    pub listen: SocketAddr,
    pub admin: SocketAddr,
    /// Where the sandbox takes faults and shows its state.
    pub sandbox: SocketAddr,
}

/// Runs the demo until a signal ends it. `ready` is called when all ports are open. `traces` is a receiver of spans.
///
/// # Errors
/// A port that cannot be had; an endpoint of traces that is none.
pub fn demo(
    addresses: Addresses,
    traces: Option<&str>,
    ready: impl FnOnce(&Sandbox) + Send + 'static,
) -> Result<(), StartError> {
    let started = Instant::now();
    let plan = contract::compile(CONTRACT).map_err(|list| {
        let lines = list
            .iter()
            .map(|found| found.render("config/contract.yaml", CONTRACT));
        StartError::Demo(lines.collect::<Vec<_>>().join("\n"))
    })?;
    // The sandbox has a runtime of its own: Pingora brings its own for the gateway.
    let vendors = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .thread_name("sandbox")
        .enable_all()
        .build()
        .map_err(|error| StartError::Demo(error.to_string()))?;
    let config = SandboxConfig {
        control: Some(addresses.sandbox),
        ..SandboxConfig::default()
    };
    let sandbox = vendors
        .block_on(Sandbox::start(config.clone()))
        .map_err(|error| {
            let control = addresses.sandbox;
            StartError::Demo(format!(
                "the sandbox cannot listen on {control} (`--sandbox`): {error}"
            ))
        })?;
    let settings = settings(addresses, traces, &config, &sandbox).map_err(StartError::Demo)?;
    logging::start(&settings.log);
    let metrics = Arc::new(Metrics::new().map_err(|_| StartError::Metrics)?);
    let traces = Arc::new(Traces::new(metrics.clone()));
    let around = open::Around {
        metrics: metrics.clone(),
        traces: traces.clone(),
        rates: None,
    };
    let runtime = open::open(plan, settings, &around).map_err(StartError::Open)?;
    let engine = Arc::new(Engine::new(runtime, metrics.clone()));
    let reloader = Reloader::start(Box::new(reload));
    let services = services(engine, metrics, traces, Arc::new(reloader), started);
    Ok(edge::run(services, move || ready(&sandbox))?)
}

fn reload() -> Report {
    tracing::info!("the demo has no configuration to reload");
    Report::refused(vec![Finding::of_machine(
        "the demo has no configuration to reload",
    )])
}

/// The defaults, with both vendors of the sandbox.
fn settings(
    addresses: Addresses,
    traces: Option<&str>,
    config: &SandboxConfig,
    sandbox: &Sandbox,
) -> Result<Settings, String> {
    let url = |address: SocketAddr| {
        Url::parse(&format!("http://{address}")).map_err(|error| error.to_string())
    };
    let secret = |text: &str| SecretSource::Given(Secret::new(text));
    let netex = Auth::Header {
        name: http::HeaderName::from_static("x-auth-token"),
        prefix: String::new(),
        value: secret(&config.netex_token),
    };
    let ispring = Auth::OAuth2ClientCredentials(Box::new(Grant::new(
        "/api/v3/token",
        CredentialValue::Literal(config.ispring_client_id.clone()),
        secret(&config.ispring_client_secret),
    )));
    let mut text = "upstreams: {}\ndrain: {delay: 0s}\nthreads: 2\n".to_owned();
    if let Some(endpoint) = traces {
        text.push_str(&format!("traces: {{endpoint: {}}}\n", json!(endpoint)));
    }
    let settings = Settings::parse(&text, Path::new("")).map_err(|list| {
        let found: Vec<String> = list.iter().map(|one| one.message.clone()).collect();
        format!("`--traces`: {}", found.join("; "))
    })?;
    Ok(Settings {
        listen: addresses.listen,
        admin: addresses.admin,
        upstreams: vec![
            UpstreamSettings::new("netex", url(sandbox.netex_addr())?, netex),
            UpstreamSettings::new("ispring", url(sandbox.ispring_addr())?, ispring),
        ],
        evidence: Some(EvidenceSettings::default()),
        log: Log {
            format: LogFormat::Text,
            level: "warn".to_owned(),
        },
        ..settings
    })
}
