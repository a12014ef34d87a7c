//! One gateway, a process of its own that can be killed and started again on the same ports.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tempfile::TempDir;

use crate::http::{Answer, Connection};
use crate::process::{Process, signal};
use crate::store::wait;

/// The contract of the repository.
pub const CONTRACT: &str = include_str!("../../../config/contract.yaml");

pub struct Gateway {
    pub api: SocketAddr,
    pub admin: SocketAddr,
    binary: PathBuf,
    env: Vec<(String, String)>,
    folder: TempDir,
    /// `None`: it was killed.
    process: Option<Process>,
    open: Arc<AtomicBool>,
}

/// Where a gateway listens, and whether callers may go there; the same for all lives of the gateway.
#[derive(Debug, Clone)]
pub struct Door {
    pub address: SocketAddr,
    open: Arc<AtomicBool>,
}

impl Door {
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.open.load(Ordering::SeqCst)
    }
}

impl Gateway {
    /// `settings`: all of `gateway.yaml` but `listen`, `admin` and `contract`. Waits until it is ready.
    #[must_use]
    pub fn start(
        binary: &Path,
        (api, admin): (SocketAddr, SocketAddr),
        settings: &str,
        env: &[(String, String)],
    ) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let settings =
            format!("listen: {api}\nadmin: {admin}\ncontract: contract.yaml\n{settings}");
        let file = |name: &str| folder.path().join(name);
        std::fs::write(file("gateway.yaml"), settings).expect("the folder is writable");
        std::fs::write(file("contract.yaml"), CONTRACT).expect("the folder is writable");
        let mut gateway = Self {
            api,
            admin,
            binary: binary.to_owned(),
            env: env.to_vec(),
            folder,
            process: None,
            open: Arc::default(),
        };
        gateway.restart();
        gateway
    }

    /// Starts it, killed before if it runs, and waits until it is ready.
    pub fn restart(&mut self) {
        self.kill();
        let mut command = Command::new(&self.binary);
        command
            .args(["serve", "--config"])
            .arg(self.folder.path().join("gateway.yaml"))
            .envs(self.env.iter().cloned());
        let process = Process::start(&mut command, &self.folder.path().join("gateway.log"));
        self.process = Some(process);
        wait("readiness", || {
            let process = self.process.as_mut().expect("just started");
            assert!(!process.has_ended(), "the gateway ended: {}", process.log());
            self.admin_get("/readyz")
                .is_some_and(|answer| answer.status == 200)
        });
        self.set_open(true);
    }

    /// SIGKILL.
    pub fn kill(&mut self) {
        self.set_open(false);
        self.process = None;
    }

    /// SIGSTOP. Callers that ask it already wait.
    pub fn stop(&self) {
        self.set_open(false);
        self.running().stop();
    }

    /// SIGCONT.
    pub fn go_on(&self) {
        self.running().go_on();
        self.set_open(true);
    }

    /// SIGTERM, and waits for the end.
    pub fn leave(&mut self) {
        self.set_open(false);
        signal(self.running().id(), rustix::process::Signal::TERM);
        let process = self.process.as_mut().expect("it runs");
        wait("the end of a gateway that leaves", || process.has_ended());
        self.process = None;
    }

    /// Goes on with another contract text (SIGHUP); waits until it is taken.
    pub fn reload(&self, contract: &str) {
        std::fs::write(self.folder.path().join("contract.yaml"), contract)
            .expect("the folder is writable");
        let before = self.log().matches("reloaded").count();
        signal(self.running().id(), rustix::process::Signal::HUP);
        wait("the reload", || {
            self.log().matches("reloaded").count() > before
        });
    }

    fn running(&self) -> &Process {
        self.process.as_ref().expect("it was not killed")
    }

    #[must_use]
    pub fn door(&self) -> Door {
        Door {
            address: self.api,
            open: Arc::clone(&self.open),
        }
    }

    #[must_use]
    pub fn is_open(&self) -> bool {
        self.open.load(Ordering::SeqCst)
    }

    /// Callers leave a closed one alone.
    pub fn set_open(&self, open: bool) {
        self.open.store(open, Ordering::SeqCst);
    }

    #[must_use]
    pub fn id(&self) -> u32 {
        self.running().id()
    }

    /// All that it has written, in all its lives.
    #[must_use]
    pub fn log(&self) -> String {
        let bytes = std::fs::read(self.folder.path().join("gateway.log")).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// One request on a connection of its own.
    #[must_use]
    #[track_caller]
    pub fn request(&self, method: &str, target: &str, body: &str) -> Answer {
        let sent = Connection::open(self.api)
            .and_then(|mut connection| connection.send(method, target, &[], body));
        sent.unwrap_or_else(|error| panic!("{method} {target}: {error}"))
    }

    /// `None` where it does not listen.
    #[must_use]
    pub fn admin_get(&self, target: &str) -> Option<Answer> {
        let mut connection = Connection::open(self.admin).ok()?;
        connection.send("GET", target, &[], "").ok()
    }

    /// The value of one metric line, 0 if it is not there. `series` is the name with its labels.
    #[must_use]
    pub fn metric(&self, series: &str) -> f64 {
        let text = self.admin_get("/metrics").map(|answer| answer.body);
        let text = text.unwrap_or_default();
        let line = text.lines().find_map(|line| {
            let rest = line.strip_prefix(series)?;
            rest.strip_prefix(' ')
        });
        line.map_or(0.0, |figure| figure.parse().expect("a number"))
    }

    /// Whether the cache may be served from, for the upstream of rooms.
    #[must_use]
    pub fn has_lease(&self) -> bool {
        self.metric(r#"lms_gateway_shared_lease_held{upstream="netex"}"#) > 0.0
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let log = self.log();
            let told = log.lines().filter(|line| !line.contains("\"status\":"));
            let last: Vec<&str> = told.rev().take(15).collect();
            eprintln!("the last lines of the gateway on {}:", self.api);
            for line in last.iter().rev() {
                eprintln!("  {line}");
            }
        }
    }
}
