//! A gateway and a sandbox of a test's own, with time limits that a hanging vendor does not stretch.

use sandbox::{Config, Fault, FaultKind, Recorded, Sandbox, When};

use super::gateway::{Gateway, Setup};
use super::sandboxed::{settings, steady};

/// The calls that write, as the sandbox names them.
pub const WRITES: [&str; 5] = [
    "netex.create",
    "netex.replace",
    "netex.status",
    "netex.delete",
    "ispring.update_day",
];
/// The calls that find out.
pub const LOOK_UPS: [&str; 2] = ["netex.get", "ispring.get_day"];

/// An answer that is too large comes soon: ten of 9 MB at once keep two cores busy for longer than a
/// deadline. (The limit that a gateway has by itself is met by the reads of `call/read_faults.rs`.)
const LIMITS: &str = "limits: {answer: 256KiB}\n";

pub struct Lab {
    pub gateway: Gateway,
    pub sandbox: Sandbox,
    _runtime: tokio::runtime::Runtime,
}

/// What a lab differs in from the defaults.
pub struct Plan {
    pub config: Config,
    /// Top-level settings.
    pub settings: String,
    /// Settings of both upstreams, each line indented by four.
    pub upstreams: String,
}

impl Default for Plan {
    /// A breaker that stays closed however often the vendor fails: other tests are about it.
    fn default() -> Self {
        Self {
            config: Config::default(),
            settings: "deadline: 2s\n".to_owned(),
            upstreams:
                "    breaker: {failures: 1000000, failure_percent: 100, minimum_calls: 1000}\n"
                    .to_owned(),
        }
    }
}

impl Plan {
    pub fn settings(mut self, text: &str) -> Self {
        self.settings = text.to_owned();
        self
    }

    pub fn upstreams(mut self, text: &str) -> Self {
        self.upstreams = text.to_owned();
        self
    }

    pub fn config(mut self, change: impl FnOnce(&mut Config)) -> Self {
        change(&mut self.config);
        self
    }

    pub fn start(self) -> Lab {
        self.start_with(|setup| setup)
    }

    pub fn start_with(self, change: impl FnOnce(Setup) -> Setup) -> Lab {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime");
        // A port can be taken by somebody else between choosing and binding it.
        let sandbox = (0..5)
            .find_map(|_| {
                let started = Sandbox::start(steady(self.config.clone()));
                runtime.block_on(started).ok()
            })
            .expect("the sandbox starts");
        let upstreams =
            settings(&sandbox).replace("    auth:", &format!("{}    auth:", self.upstreams));
        let setup = Setup::new(format!("{LIMITS}{}{upstreams}", self.settings))
            .env("NETEX_TOKEN", &self.config.netex_token)
            .env("ISPRING_CLIENT_ID", &self.config.ispring_client_id)
            .env("ISPRING_CLIENT_SECRET", &self.config.ispring_client_secret);
        Lab {
            gateway: change(setup).start(),
            sandbox,
            _runtime: runtime,
        }
    }
}

impl Lab {
    pub fn start() -> Self {
        Plan::default().start()
    }

    /// Every call of these operations is hit until the faults are cleared.
    pub fn break_all(&self, operations: &[&str], when: When, kind: impl Fn(&str) -> FaultKind) {
        for operation in operations {
            self.sandbox
                .add_fault(Fault::every(operation, when, kind(operation)));
        }
    }

    pub fn break_next(&self, operation: &str, when: When, kind: FaultKind) {
        self.sandbox.add_fault(Fault::next(operation, when, kind));
    }

    /// The calls of an operation so far.
    pub fn calls(&self, operation: &str) -> Vec<Recorded> {
        let mut calls = self.sandbox.ledger();
        calls.retain(|seen| seen.operation == operation);
        calls
    }
}
