use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use crate::assumptions::Assumptions;

/// Where the sandbox listens, which credentials it takes and what it holds at the start.
#[derive(Clone, Debug)]
pub struct Config {
    /// Address of the Netex rooms API; port 0 takes any free port.
    pub netex: SocketAddr,
    /// Address of the iSpring Learn API; port 0 takes any free port.
    pub ispring: SocketAddr,
    /// Address of the control port, loopback only; `None` opens none.
    pub control: Option<SocketAddr>,
    /// The one `X-Auth-Token` that Netex takes.
    pub netex_token: String,
    pub ispring_client_id: String,
    pub ispring_client_secret: String,
    /// Email, password and account URL of iSpring's older `X-Auth-*` headers, in this order.
    pub ispring_legacy: (String, String, String),
    /// How long an iSpring token lives; its whole seconds are what `expires_in` says.
    pub token_lifetime: Duration,
    pub seed: Seed,
    pub assumptions: Assumptions,
    /// Both vendors close a connection that was idle for this long; `None` keeps it for ever.
    pub idle_close: Option<Duration>,
    /// Requests and changes kept; older ones are forgotten and counted, so that a demo that runs
    /// for weeks does not fill the memory.
    pub ledger_limit: usize,
}

/// What the state holds after the start and after a reset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seed {
    /// Some 25 rooms and three training days.
    Full,
    /// Nothing.
    Empty,
}

impl Default for Config {
    fn default() -> Self {
        let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        Self {
            netex: any,
            ispring: any,
            control: None,
            netex_token: "sandbox-netex-token".to_owned(),
            ispring_client_id: "sandbox-client".to_owned(),
            ispring_client_secret: "sandbox-secret".to_owned(),
            ispring_legacy: (
                "email@email.com".to_owned(),
                "password".to_owned(),
                "https://myaccount.ispringlearn.ru".to_owned(),
            ),
            token_lifetime: Duration::from_secs(1800),
            seed: Seed::Full,
            assumptions: Assumptions::default(),
            idle_close: None,
            ledger_limit: 20_000,
        }
    }
}
