//! Some gateways over one store and one sandbox of both vendors.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use sandbox::{Config, Sandbox, Seed};
use tokio::runtime::Runtime;

use crate::gateway::Gateway;
use crate::store::wait;

/// How a fleet is started.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The gateway's.
    pub binary: PathBuf,
    /// Gives addresses that nobody listens on.
    pub address: fn() -> SocketAddr,
    pub members: usize,
    /// Below `shared`, on one line; the URL comes by itself, unless sentinels are named. `None`: nothing is shared.
    pub shared: Option<String>,
    /// Further settings at the top level.
    pub settings: String,
    /// Settings of both upstreams, each line indented by four.
    pub upstreams: String,
    pub sandbox: Config,
}

impl Plan {
    /// Three gateways that refuse writes without a store. What a young epoch may have lost is over after
    /// some seconds here: it lasts as long as a write can be applied.
    #[must_use]
    pub fn new(binary: impl Into<PathBuf>, address: fn() -> SocketAddr) -> Self {
        Self {
            binary: binary.into(),
            address,
            members: 3,
            shared: Some("writes_without_store: refuse".to_owned()),
            settings: "deadline: 4s\ncache: {unknown_hold: 500ms}\n".to_owned(),
            upstreams:
                "    breaker: {failures: 1000000, failure_percent: 100, minimum_calls: 1000}\n"
                    .to_owned(),
            sandbox: Config {
                seed: Seed::Empty,
                ledger_limit: 4_000_000,
                ..Config::default()
            },
        }
    }

    /// Of a fleet over these stores: the first member asks the first URL, and so on, the others the last one.
    ///
    /// # Panics
    /// Without a URL.
    #[must_use]
    pub fn start(&self, urls: &[&str]) -> Fleet {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime");
        let mut config = self.sandbox.clone();
        // Not one of the system's ports: while a vendor refuses connections, somebody else could get it.
        config.netex = (self.address)();
        config.ispring = (self.address)();
        let sandbox = runtime.block_on(Sandbox::start(config));
        let mut fleet = Fleet {
            plan: self.clone(),
            gateways: Vec::new(),
            sandbox: Arc::new(sandbox.expect("the sandbox starts")),
            _runtime: runtime,
        };
        for member in 0..self.members {
            let url = urls
                .get(member)
                .or(urls.last())
                .expect("a fleet has a store");
            fleet.join(url);
        }
        fleet
    }
}

pub struct Fleet {
    plan: Plan,
    pub gateways: Vec<Gateway>,
    pub sandbox: Arc<Sandbox>,
    _runtime: Runtime,
}

impl Fleet {
    /// One more member, over the store of this URL.
    pub fn join(&mut self, url: &str) {
        let Plan {
            binary,
            address,
            shared,
            settings,
            upstreams,
            sandbox: config,
            ..
        } = &self.plan;
        let (netex, ispring) = (self.sandbox.netex_addr(), self.sandbox.ispring_addr());
        let shared = shared.as_ref().map(|shared| {
            let url = "url: {env: REDIS_URL}, ";
            let url = if shared.contains("sentinel:") {
                ""
            } else {
                url
            };
            format!("shared: {{{url}{shared}}}\n")
        });
        let shared = shared.unwrap_or_default();
        let settings = format!(
            "{settings}{shared}upstreams:\n\
             \x20 netex:\n    base_url: http://{netex}\n{upstreams}\
             \x20   auth: {{kind: header, name: X-Auth-Token, value: {{env: NETEX_TOKEN}}}}\n\
             \x20 ispring:\n    base_url: http://{ispring}\n{upstreams}\
             \x20   auth: {{kind: oauth2_client_credentials, token_path: /api/v3/token, client_id: {{env: ISPRING_CLIENT_ID}}, client_secret: {{env: ISPRING_CLIENT_SECRET}}, scheme: Bearer}}\n"
        );
        let env = [
            ("REDIS_URL", url),
            ("NETEX_TOKEN", &config.netex_token),
            ("ISPRING_CLIENT_ID", &config.ispring_client_id),
            ("ISPRING_CLIENT_SECRET", &config.ispring_client_secret),
        ];
        let env = env.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let ports = (address(), address());
        self.gateways
            .push(Gateway::start(binary, ports, &settings, &env));
    }

    /// Waits until each member that runs serves from its cache.
    pub fn settle(&self) {
        if self.plan.shared.is_none() {
            return;
        }
        wait("a lease at each member", || {
            let mut running = self.gateways.iter().filter(|gateway| gateway.is_open());
            running.all(Gateway::has_lease)
        });
    }

    /// The sum of one metric over all members.
    #[must_use]
    pub fn metric(&self, series: &str) -> f64 {
        let values = self.gateways.iter().map(|gateway| gateway.metric(series));
        values.sum()
    }

    /// How often the vendor was asked so.
    #[must_use]
    pub fn calls(&self, operation: &str) -> usize {
        let calls = self.sandbox.ledger().into_iter();
        calls.filter(|call| call.operation == operation).count()
    }
}
