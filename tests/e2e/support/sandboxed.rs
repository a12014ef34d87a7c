//! A gateway in front of the sandbox.

use std::ops::Deref;

use sandbox::{Config, Sandbox};

use super::gateway::{Gateway, Setup};

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

    /// With a sandbox and settings of the test's own.
    pub fn with(config: Config, change: impl FnOnce(Setup) -> Setup) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .expect("a runtime");
        let sandbox = runtime
            .block_on(Sandbox::start(config.clone()))
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
