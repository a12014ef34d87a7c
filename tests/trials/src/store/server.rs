use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::sync::{Mutex, MutexGuard};
use std::thread::sleep;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::commands::{Connection, Reply};
use super::kind::Kind;
use crate::process::Process;

/// As long as a busy machine may need.
const LONGEST: Duration = Duration::from_secs(60);

/// A running server. It keeps nothing on the disk unless asked, and evicts nothing.
pub struct StoreServer {
    pub kind: Kind,
    pub address: SocketAddr,
    arguments: Mutex<Vec<String>>,
    /// `None`: it was killed.
    pub(super) process: Option<Process>,
    folder: TempDir,
}

impl StoreServer {
    /// `address`: one that nobody listens on, of loopback.
    #[must_use]
    pub fn start(kind: Kind, address: SocketAddr) -> Self {
        Self::with(kind, address, &[])
    }

    /// With further settings of the server, as `["--requirepass", "…"]`.
    #[must_use]
    pub fn with(kind: Kind, address: SocketAddr, arguments: &[&str]) -> Self {
        let mut server = Self {
            kind,
            address,
            arguments: Mutex::new(arguments.iter().map(|text| (*text).to_owned()).collect()),
            process: None,
            folder: tempfile::tempdir().expect("a temporary folder"),
        };
        server.run();
        server
    }

    /// A replica that has all that this one has.
    #[must_use]
    pub fn replica(&self, address: SocketAddr) -> Self {
        let (host, port) = (self.address.ip().to_string(), self.address.port());
        let replica = Self::with(
            self.kind,
            address,
            &["--replicaof", &format!("{host} {port}")],
        );
        wait("the replica", || {
            replica
                .info("replication")
                .contains("master_link_status:up")
        });
        // Before that it counts for no `WAIT`.
        let mut connection = self.connect();
        wait("the replica's first word", || {
            connection.ask(&["SET", "trial", "x"]);
            connection.ask(&["DEL", "trial"]);
            connection.ask(&["WAIT", "1", "100"]).number() > 0
        });
        replica
    }

    /// Returns when a replica has all that this one has.
    pub fn until_copied_to(&self, replica: &Self) {
        let mine = self.figure("replication", "master_repl_offset");
        wait("the replica to have it all", || {
            replica.figure("replication", "slave_repl_offset") >= mine
        });
    }

    pub(super) fn run(&mut self) {
        let mut command = Command::new(self.kind.binary());
        let (port, folder) = (self.address.port().to_string(), self.folder.path());
        command
            .args(["--port", &port, "--bind", &self.address.ip().to_string()])
            .args(["--save", "", "--appendonly", "no"])
            .args(["--maxmemory-policy", "noeviction"])
            .args(["--repl-diskless-sync-delay", "0"])
            .args(["--dir", &folder.display().to_string()]);
        // One value that has several words is several arguments.
        for argument in self.arguments().iter() {
            command.args(argument.split(' '));
        }
        self.process = Some(Process::start(&mut command, &self.log_file()));
        wait("the server", || {
            let process = self.process.as_mut().expect("just started");
            assert!(!process.has_ended(), "the server ended: {}", process.log());
            let ping = Connection::open(self.address).map(|mut server| server.ask(&["PING"]));
            // One that wants a password is there too.
            matches!(ping, Some(Reply::Text(_) | Reply::Error(_)))
                && !matches!(ping, Some(Reply::Error(text)) if text.starts_with("LOADING"))
        });
    }

    /// Started again, it follows nobody.
    pub(super) fn forget_primary(&self) {
        let mut arguments = self.arguments();
        if let Some(place) = arguments.iter().position(|one| one == "--replicaof") {
            arguments.drain(place..place + 2);
        }
    }

    fn arguments(&self) -> MutexGuard<'_, Vec<String>> {
        self.arguments.lock().expect("nobody panics with them")
    }

    fn log_file(&self) -> std::path::PathBuf {
        self.folder.path().join("server.log")
    }

    /// What the settings call it, database 0.
    #[must_use]
    pub fn url(&self) -> String {
        format!("redis://{}", self.address)
    }

    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// What it has written.
    #[must_use]
    pub fn log(&self) -> String {
        let bytes = std::fs::read(self.log_file()).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// A connection of the trial's own.
    #[must_use]
    pub fn connect(&self) -> Connection {
        Connection::open(self.address).expect("the server listens")
    }

    /// What a command is answered; an error of the server fails the trial.
    pub fn command(&self, words: &[&str]) -> Reply {
        match self.connect().ask(words) {
            Reply::Error(text) => panic!("{words:?}: {text}"),
            reply => reply,
        }
    }

    /// A section of `INFO`.
    #[must_use]
    pub fn info(&self, section: &str) -> String {
        self.command(&["INFO", section]).text()
    }

    /// The figure behind `name:` in a section of `INFO`.
    #[must_use]
    pub fn figure(&self, section: &str, name: &str) -> f64 {
        let info = self.info(section);
        let line = info.lines().find_map(|line| line.strip_prefix(name));
        let figure = line.and_then(|rest| rest.strip_prefix(':'));
        let figure = figure.and_then(|text| text.trim().parse().ok());
        figure.unwrap_or_else(|| panic!("no {name} in {info}"))
    }

    /// How often clients had a command executed, scripts' own commands too; all of them for `None`. What the trial
    /// asks for itself (`INFO`) is not counted.
    #[must_use]
    pub fn calls(&self, command: Option<&str>) -> u64 {
        let info = self.info("commandstats");
        let lines = info.lines().filter_map(|line| {
            let (name, figures) = line.strip_prefix("cmdstat_")?.split_once(':')?;
            let calls = figures.strip_prefix("calls=")?.split(',').next()?;
            Some((name, calls.parse::<u64>().ok()?))
        });
        let wanted = lines.filter(|(name, _)| match command {
            Some(command) => *name == command,
            None => *name != "info",
        });
        wanted.map(|(_, calls)| calls).sum()
    }

    /// Seconds of CPU that it has used.
    #[must_use]
    pub fn cpu(&self) -> f64 {
        self.figure("cpu", "used_cpu_user") + self.figure("cpu", "used_cpu_sys")
    }
}

impl Drop for StoreServer {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let log = self.log();
            let last: Vec<&str> = log.lines().rev().take(20).collect();
            eprintln!("the last lines of {:?} on {}:", self.kind, self.address);
            for line in last.iter().rev() {
                eprintln!("  {line}");
            }
        }
    }
}

/// Looks until it is so.
#[track_caller]
pub fn wait(what: &str, mut look: impl FnMut() -> bool) {
    let end = Instant::now() + LONGEST;
    while !look() {
        assert!(
            Instant::now() < end,
            "waited {LONGEST:?} in vain for {what}"
        );
        sleep(Duration::from_millis(5));
    }
}
