//! `demo`: the gateway over a sandbox of both vendors, in one process.

use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;

use sandbox::{Config as SandboxConfig, Sandbox};
use url::Url;

use super::example;
use super::serve::open;
use super::{complain, logging, print};
use crate::admin::{Health, Metrics};
use crate::edge::{Services, run as run_edge};
use crate::engine::Engine;
use crate::settings::{
    Auth, Grant, HeaderSource, Limits, Log, LogFormat, Secret, SecretSource, Settings, Timeouts,
    UpstreamSettings,
};

/// The demo serves the contract of the repository it was built from.
const CONTRACT: &str = include_str!("../../../../config/contract.yaml");

pub fn run(listen: SocketAddr, admin: SocketAddr, control: SocketAddr, once: bool) -> ExitCode {
    match start(listen, admin, control, once) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => complain(&format!("error: {message}")),
    }
}

fn start(
    listen: SocketAddr,
    admin: SocketAddr,
    control: SocketAddr,
    once: bool,
) -> Result<(), String> {
    let plan = contract::compile(CONTRACT).map_err(|list| {
        let lines: Vec<String> = list
            .iter()
            .map(|found| found.render("config/contract.yaml", CONTRACT))
            .collect();
        lines.join("\n")
    })?;
    // The sandbox has a runtime of its own: Pingora brings its own for the gateway.
    let vendors = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .thread_name("sandbox")
        .enable_all()
        .build()
        .map_err(|error| error.to_string())?;
    let config = SandboxConfig {
        control: Some(control),
        ..SandboxConfig::default()
    };
    let sandbox = vendors
        .block_on(Sandbox::start(config.clone()))
        .map_err(|error| {
            format!("the sandbox cannot listen on {control} (`--sandbox`): {error}")
        })?;
    let settings = settings(listen, admin, &config, &sandbox)?;
    logging::start(&settings.log);
    let metrics = Arc::new(Metrics::new().map_err(|error| error.to_string())?);
    let runtime = open(plan, settings, &metrics).map_err(|lines| lines.join("\n"))?;
    let services = Services {
        engine: Arc::new(Engine::new(runtime, metrics.clone())),
        metrics,
        health: Arc::new(Health::default()),
        reload: Box::new(|| tracing::info!("the demo has no configuration to reload")),
    };
    let ready = move || {
        let shown = example::run(listen, admin, control, &sandbox);
        let failed = shown.is_err();
        print(&shown.unwrap_or_else(|error| format!("The worked example failed: {error}")));
        if once {
            crate::output::flush(crate::output::LAST_LINES);
            std::process::exit(i32::from(failed));
        }
    };
    run_edge(services, ready).map_err(|error| error.to_string())
}

fn settings(
    listen: SocketAddr,
    admin: SocketAddr,
    config: &SandboxConfig,
    sandbox: &Sandbox,
) -> Result<Settings, String> {
    let url = |address: SocketAddr| {
        Url::parse(&format!("http://{address}")).map_err(|error| error.to_string())
    };
    let secret = |text: &str| SecretSource::Given(Secret::new(text));
    let upstream = |name: &str, base_url: Url, auth: Auth| UpstreamSettings {
        name: name.to_owned(),
        base_url,
        auth,
        headers: Vec::new(),
        send_traceparent: false,
        ca_file: None,
        queue: crate::upstream::QueueSettings::default(),
        breaker: crate::upstream::BreakerSettings::default(),
    };
    let netex = Auth::Header {
        name: http::HeaderName::from_static("x-auth-token"),
        prefix: String::new(),
        value: secret(&config.netex_token),
    };
    let ispring = Auth::OAuth2ClientCredentials(Box::new(Grant::new(
        "/api/v3/token",
        HeaderSource::Literal(config.ispring_client_id.clone()),
        secret(&config.ispring_client_secret),
    )));
    Ok(Settings {
        listen,
        admin,
        contract: "contract.yaml".into(),
        upstreams: vec![
            upstream("netex", url(sandbox.netex_addr())?, netex),
            upstream("ispring", url(sandbox.ispring_addr())?, ispring),
        ],
        deadline: std::time::Duration::from_secs(10),
        limits: Limits::default(),
        timeouts: Timeouts::default(),
        drain: crate::settings::Drain {
            delay: std::time::Duration::ZERO,
            ..crate::settings::Drain::default()
        },
        log: Log {
            format: LogFormat::Text,
            level: "warn".to_owned(),
        },
        callers: Vec::new(),
        cache: crate::settings::CacheSettings::default(),
        threads: 2,
    })
}
