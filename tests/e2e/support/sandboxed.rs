//! A gateway in front of the sandbox.

use std::ops::{Deref, DerefMut};

use sandbox::{Config, Fault, FaultKind, Sandbox, When};

use super::gateway::{Gateway, Setup, free_port};

/// Both, and the runtime that the sandbox runs on.
pub struct Sandboxed {
    gateway: Gateway,
    pub sandbox: Sandbox,
    _runtime: tokio::runtime::Runtime,
}

impl Sandboxed {
    pub fn start() -> Self {
        Self::with(Config::default(), |setup| setup)
    }

    /// Without what comes between a caller and the vendor: no cache, and a breaker that stays closed
    /// however often the vendor fails.
    pub fn plain() -> Self {
        Self::plain_with(Config::default(), |setup| setup)
    }

    /// As [`Sandboxed::plain`], with a sandbox and settings of the test's own.
    pub fn plain_with(config: Config, change: impl FnOnce(Setup) -> Setup) -> Self {
        Self::with(config, |mut setup| {
            setup.contract = uncached(&setup.contract);
            let breaker = "    breaker: {failures: 1000000, failure_percent: 100, minimum_calls: 1000}\n    auth:";
            setup.settings = setup.settings.replace("    auth:", breaker);
            change(setup)
        })
    }

    /// What `run` gets while every call of a vendor's operation is hit by a fault. (A single fault
    /// would be healed by a retry.)
    pub fn while_failing<T>(&self, operation: &str, kind: FaultKind, run: impl FnOnce() -> T) -> T {
        self.sandbox
            .add_fault(Fault::every(operation, When::Before, kind));
        let result = run();
        self.sandbox.clear_faults();
        result
    }

    /// With a sandbox and settings of the test's own.
    pub fn with(config: Config, change: impl FnOnce(Setup) -> Setup) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .expect("a runtime");
        let sandbox = runtime
            .block_on(Sandbox::start(steady(config.clone())))
            .expect("the sandbox starts");
        let setup = Setup::new(settings(&sandbox))
            .env("NETEX_TOKEN", &config.netex_token)
            .env("ISPRING_CLIENT_ID", &config.ispring_client_id)
            .env("ISPRING_CLIENT_SECRET", &config.ispring_client_secret);
        Self {
            gateway: change(setup).start(),
            sandbox,
            _runtime: runtime,
        }
    }
}

/// With vendors on ports that the system gives to nobody: while a vendor refuses connections its port is
/// free, and the next outgoing connection of anybody could take one of the system's.
pub fn steady(mut config: Config) -> Config {
    for address in [&mut config.netex, &mut config.ispring] {
        if address.port() == 0 {
            *address = free_port();
        }
    }
    config
}

/// A contract without its `cache` and `invalidates` entries.
fn uncached(contract: &str) -> String {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let mut kept = Vec::new();
    let mut cut: Option<usize> = None;
    for line in contract.lines() {
        if cut.is_some_and(|outer| indent(line) > outer) {
            continue;
        }
        let word = line.trim_start();
        cut =
            (word.starts_with("cache:") || word.starts_with("invalidates:")).then(|| indent(line));
        if cut.is_none() {
            kept.push(line);
        }
    }
    kept.join("\n")
}

/// `upstreams` of the sandbox, last in the text so that a test can put more before it.
pub fn settings(sandbox: &Sandbox) -> String {
    format!(
        "upstreams:\n\
         \x20 netex:\n\
         \x20   base_url: http://{}\n\
         \x20   auth: {{kind: header, name: X-Auth-Token, value: {{env: NETEX_TOKEN}}}}\n\
         \x20 ispring:\n\
         \x20   base_url: http://{}\n\
         \x20   auth: {{kind: oauth2_client_credentials, token_path: /api/v3/token, client_id: {{env: ISPRING_CLIENT_ID}}, client_secret: {{env: ISPRING_CLIENT_SECRET}}, scheme: Bearer}}\n",
        sandbox.netex_addr(),
        sandbox.ispring_addr()
    )
}

impl Deref for Sandboxed {
    type Target = Gateway;

    fn deref(&self) -> &Gateway {
        &self.gateway
    }
}

impl DerefMut for Sandboxed {
    fn deref_mut(&mut self) -> &mut Gateway {
        &mut self.gateway
    }
}
