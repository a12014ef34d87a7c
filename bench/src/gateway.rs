//! The gateway over the vendor of the benchmarks, everything on: validation, metrics, traces, limits, the fence, and
//! the access log into a file.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::http::Connection;
use crate::server::{Server, free_address};

pub struct Gateway {
    pub server: Server,
    folder: tempfile::TempDir,
}

impl Gateway {
    /// Adds `serve` and its settings to `command`, which runs the binary, and starts it. `more` is further
    /// settings (YAML at the top level).
    ///
    /// # Errors
    /// A binary that does not start or listen.
    pub fn start(mut command: Command, vendor: SocketAddr, more: &str) -> Result<Self, String> {
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let (api, admin) = (free_address()?, free_address()?);
        let settings = format!(
            "listen: {api}\nadmin: {admin}\ncontract: contract.yaml\nupstreams:\n\
             \x20 campus: {{base_url: 'http://{vendor}', auth: {{kind: none}}}}\n{more}\n"
        );
        let path = |name: &str| folder.path().join(name);
        let contract = include_str!("../contract.yaml");
        for (name, text) in [
            ("gateway.yaml", settings.as_str()),
            ("contract.yaml", contract),
        ] {
            std::fs::write(path(name), text).map_err(|error| error.to_string())?;
        }
        command
            .args(["serve", "--config"])
            .arg(path("gateway.yaml"));
        let server = Server::start_with_log(&mut command, api, &path("access.log"))?;
        Ok(Self { server, folder })
    }

    /// # Errors
    /// A gateway that is gone.
    pub fn connect(&self) -> Result<Connection, String> {
        Connection::open(self.server.address).map_err(|error| error.to_string())
    }

    /// MiB of RAM that it takes.
    ///
    /// # Errors
    /// A gateway that is gone.
    pub fn mebibytes(&self) -> Result<f64, String> {
        Ok(self.server.memory_kib()? as f64 / 1024.0)
    }

    /// Ten requests a second for ten seconds: as much as memory needs to come back, and no more.
    ///
    /// # Errors
    /// A gateway that is gone.
    pub fn light_traffic(&self) -> Result<(), String> {
        let mut caller = self.connect()?;
        let end = Instant::now() + Duration::from_secs(10);
        while Instant::now() < end {
            caller
                .send("GET", "/v1/rooms/1", &[], "")
                .map_err(|error| error.to_string())?;
            std::thread::sleep(Duration::from_millis(100));
        }
        Ok(())
    }

    /// Where it logs to.
    #[must_use]
    pub fn log(&self) -> PathBuf {
        self.folder.path().join("access.log")
    }
}
