//! The gateway under test, and how large it is.

use std::fmt;
use std::net::SocketAddr;
use std::process::Command;

use bench::server::{Server, free_address};
use sandbox::{Config, Sandbox};

use bench::http::Connection;

pub struct Gateway {
    server: Server,
    pub api: SocketAddr,
    admin: SocketAddr,
    _folder: tempfile::TempDir,
}

/// What `/proc` says of the process.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    pub memory_kib: u64,
    pub descriptors: usize,
    pub threads: usize,
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:.1} MiB, {} descriptors, {} threads",
            self.memory_kib as f64 / 1024.0,
            self.descriptors,
            self.threads
        )
    }
}

impl Gateway {
    /// Starts the binary over the sandbox, with the contract of the repository.
    ///
    /// # Errors
    /// A binary that does not start or listen.
    pub fn start(binary: &str, sandbox: &Sandbox) -> Result<Self, String> {
        let config = Config::default();
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let (api, admin) = (free_address()?, free_address()?);
        let settings = format!(
            "listen: {api}\nadmin: {admin}\ncontract: contract.yaml\ndeadline: 2s\nlog: {{level: error}}\ncache: {{budget: 1MiB}}\nupstreams:\n\
             \x20 netex: {{base_url: 'http://{}', auth: {{kind: header, name: X-Auth-Token, value: {{env: NETEX_TOKEN}}}}}}\n\
             \x20 ispring: {{base_url: 'http://{}', auth: {{kind: oauth2_client_credentials, token_path: /api/v3/token, client_id: {}, client_secret: {{env: ISPRING_CLIENT_SECRET}}}}}}\n",
            sandbox.netex_addr(),
            sandbox.ispring_addr(),
            config.ispring_client_id,
        );
        let write = |name: &str, text: &str| {
            std::fs::write(folder.path().join(name), text).map_err(|error| error.to_string())
        };
        write("gateway.yaml", &settings)?;
        write(
            "contract.yaml",
            include_str!("../../../../config/contract.yaml"),
        )?;
        let mut command = Command::new(binary);
        command
            .args(["serve", "--config"])
            .arg(folder.path().join("gateway.yaml"))
            .env("NETEX_TOKEN", &config.netex_token)
            .env("ISPRING_CLIENT_SECRET", &config.ispring_client_secret);
        Ok(Self {
            server: Server::start(&mut command, api)?,
            api,
            admin,
            _folder: folder,
        })
    }

    /// # Errors
    /// When the process is gone or `/proc` reads otherwise than proc(5) says.
    pub fn size(&self) -> Result<Size, String> {
        let folder = format!("/proc/{}", self.server.pid());
        let status = std::fs::read_to_string(format!("{folder}/status"))
            .map_err(|error| format!("{folder}: {error}"))?;
        let field = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            line.trim().trim_end_matches(" kB").parse::<u64>().ok()
        };
        let descriptors =
            std::fs::read_dir(format!("{folder}/fd")).map_err(|error| error.to_string())?;
        Ok(Size {
            memory_kib: field("VmRSS:").ok_or("no VmRSS")?,
            descriptors: descriptors.count(),
            threads: field("Threads:")
                .and_then(|count| usize::try_from(count).ok())
                .ok_or("no Threads")?,
        })
    }

    /// Requests that the gateway believes to be answering.
    ///
    /// # Errors
    /// An admin port that does not answer, or without the metric.
    pub fn under_way(&self) -> Result<u64, String> {
        let answer = Connection::open(self.admin)
            .and_then(|mut admin| admin.send("GET", "/metrics", &[], ""))
            .map_err(|error| error.to_string())?;
        let line = answer
            .body
            .lines()
            .find_map(|line| line.strip_prefix("lms_gateway_requests_in_flight "));
        line.and_then(|count| count.trim().parse().ok())
            .ok_or_else(|| "no lms_gateway_requests_in_flight".to_owned())
    }
}
