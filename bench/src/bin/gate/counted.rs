//! The gateway under callgrind.

use std::fs::File;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use bench::http::Connection;
use bench::server::free_address;

use crate::deployment;

/// Tenths of a second that a start or an end under valgrind may take: some seconds on a quiet machine.
const PATIENCE: usize = 1200;
const TENTH: Duration = Duration::from_millis(100);

pub struct Counted {
    child: Child,
    api: SocketAddr,
    log: PathBuf,
    _folder: tempfile::TempDir,
}

impl Counted {
    /// Starts `serve` under callgrind. One thread, so that no worker steals another's work by chance.
    ///
    /// # Errors
    /// A binary that does not start or listen.
    pub fn start(binary: &Path, vendor: SocketAddr) -> Result<Self, String> {
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let (api, admin) = (free_address()?, free_address()?);
        let settings = deployment::write(folder.path(), api, admin, vendor)?;
        let path = |name: &str| folder.path().join(name);
        let log = path("valgrind.log");
        let file = |name: &str| File::create(path(name)).map_err(|error| error.to_string());
        let child = Command::new("valgrind")
            .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
            // No polling for a debugger: it would be counted.
            .arg("--vgdb=no")
            .arg(format!("--log-file={}", log.display()))
            .arg(binary)
            .args(["serve", "--config"])
            .arg(settings)
            .envs(deployment::ENVIRONMENT)
            .stdout(Stdio::from(file("access.log")?))
            .stderr(Stdio::from(file("stderr.log")?))
            .spawn()
            .map_err(|error| format!("valgrind: {error}"))?;
        let mut counted = Self {
            child,
            api,
            log,
            _folder: folder,
        };
        counted.wait()?;
        Ok(counted)
    }

    /// # Errors
    /// A gateway that is gone.
    pub fn connect(&self) -> Result<Connection, String> {
        Connection::open(self.api).map_err(|error| error.to_string())
    }

    /// Ends the gateway. The result is the number of instructions from its start to its end.
    ///
    /// # Errors
    /// A gateway that does not end well, or a valgrind that tells no count.
    pub fn finish(mut self) -> Result<u64, String> {
        // SIGINT ends without the time that SIGTERM leaves to a load balancer. The standard library can only kill.
        let signal = format!("kill -INT {}", self.child.id());
        let failed = |error: std::io::Error| error.to_string();
        Command::new("sh")
            .args(["-c", &signal])
            .status()
            .map_err(failed)?;
        let status = self.ended()?;
        let text = std::fs::read_to_string(&self.log).map_err(failed)?;
        let count = text
            .lines()
            .find_map(|line| line.split_once("Collected : ")?.1.trim().parse().ok());
        match count {
            Some(count) if status.success() => Ok(count),
            _ => Err(format!("the gateway under valgrind: {status}: {text}")),
        }
    }

    /// How it ended, as soon as it has.
    fn ended(&mut self) -> Result<ExitStatus, String> {
        for _ in 0..PATIENCE {
            if let Some(status) = self.child.try_wait().map_err(|error| error.to_string())? {
                return Ok(status);
            }
            std::thread::sleep(TENTH);
        }
        Err("the gateway under valgrind does not end".to_owned())
    }

    fn wait(&mut self) -> Result<(), String> {
        for _ in 0..PATIENCE {
            if std::net::TcpStream::connect(self.api).is_ok() {
                return Ok(());
            }
            if self.child.try_wait().is_ok_and(|status| status.is_some()) {
                break;
            }
            std::thread::sleep(TENTH);
        }
        let text = std::fs::read_to_string(&self.log).unwrap_or_default();
        Err(format!(
            "the gateway under valgrind does not listen: {text}"
        ))
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
