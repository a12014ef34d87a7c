use std::net::SocketAddr;
use std::process::Command;
use std::time::Duration;

use tempfile::TempDir;

use super::commands::{Connection, Reply};
use super::server::{StoreServer, wait};
use crate::process::Process;

/// A sentinel that watches one primary and promotes its replica by itself.
pub struct Sentinel {
    pub address: SocketAddr,
    name: String,
    process: Process,
    _folder: TempDir,
}

impl Sentinel {
    /// `name`: what it calls the primary. It is taken for dead after `silence`, if so many sentinels (`quorum`) say so.
    #[must_use]
    pub fn start(
        address: SocketAddr,
        name: &str,
        primary: &StoreServer,
        (quorum, silence): (usize, Duration),
    ) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join("sentinel.conf");
        let (host, port) = (primary.address.ip(), primary.address.port());
        let silence = silence.as_millis();
        let text = format!(
            "port {}\nbind {}\ndir {}\nsentinel monitor {name} {host} {port} {quorum}\n\
             sentinel down-after-milliseconds {name} {silence}\nsentinel failover-timeout {name} 2000\n",
            address.port(),
            address.ip(),
            folder.path().display()
        );
        std::fs::write(&file, text).expect("the folder is writable");
        let mut command = Command::new(primary.kind.binary());
        command.arg(&file).arg("--sentinel");
        let process = Process::start(&mut command, &folder.path().join("sentinel.log"));
        let mut sentinel = Self {
            address,
            name: name.to_owned(),
            process,
            _folder: folder,
        };
        wait("the sentinel", || {
            let process = &mut sentinel.process;
            assert!(
                !process.has_ended(),
                "the sentinel ended: {}",
                process.log()
            );
            sentinel.primary().is_some()
        });
        sentinel
    }

    /// Whom it takes for the primary.
    #[must_use]
    pub fn primary(&self) -> Option<SocketAddr> {
        let mut connection = Connection::open(self.address)?;
        let words = ["SENTINEL", "GET-MASTER-ADDR-BY-NAME", &self.name];
        let Reply::List(list) = connection.ask(&words) else {
            return None;
        };
        match list.as_slice() {
            [Reply::Text(host), Reply::Text(port)] => format!("{host}:{port}").parse().ok(),
            _ => None,
        }
    }

    /// How many replicas of the primary it knows: none can be promoted before it does.
    #[must_use]
    pub fn replicas(&self) -> usize {
        let replicas = Connection::open(self.address)
            .map(|mut connection| connection.ask(&["SENTINEL", "REPLICAS", &self.name]));
        match replicas {
            Some(Reply::List(list)) => list.len(),
            _ => 0,
        }
    }

    #[must_use]
    pub fn log(&self) -> String {
        self.process.log()
    }
}
