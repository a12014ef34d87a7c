//! A server process that is ended when the benchmark is.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

pub struct Server {
    child: Child,
    pub address: SocketAddr,
}

impl Server {
    /// Starts a command and waits until it listens on `address`. What it prints is dropped.
    ///
    /// # Errors
    /// When the command does not start or does not listen within ten seconds.
    pub fn start(command: &mut Command, address: SocketAddr) -> Result<Self, String> {
        Self::wait(command.stdout(Stdio::null()), address)
    }

    /// As `start`, but what it prints goes into the file `log`; the end of it explains a start that fails.
    ///
    /// # Errors
    /// As `start`.
    pub fn start_with_log(
        command: &mut Command,
        address: SocketAddr,
        log: &Path,
    ) -> Result<Self, String> {
        let file = std::fs::File::create(log).map_err(|error| error.to_string())?;
        let both = file.try_clone().map_err(|error| error.to_string())?;
        Self::wait(command.stdout(file).stderr(both), address).map_err(|error| {
            let text = std::fs::read_to_string(log).unwrap_or_default();
            let last = text.lines().rev().take(3).collect::<Vec<_>>().join(" | ");
            format!("{error}: {last}")
        })
    }

    fn wait(command: &mut Command, address: SocketAddr) -> Result<Self, String> {
        let child = command
            .stdin(Stdio::null())
            .spawn()
            .map_err(|error| format!("{}: {error}", command.get_program().display()))?;
        let mut server = Self { child, address };
        for _ in 0..1000 {
            if TcpStream::connect(address).is_ok() {
                return Ok(server);
            }
            if let Ok(Some(status)) = server.child.try_wait() {
                return Err(format!("it ended at its start ({status})"));
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Err(format!("nothing listens on {address}"))
    }

    #[must_use]
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// What of its memory is in RAM (`VmRSS`), in KiB.
    ///
    /// # Errors
    /// When the process is gone.
    pub fn memory_kib(&self) -> Result<u64, String> {
        let file = format!("/proc/{}/status", self.pid());
        let text = std::fs::read_to_string(&file).map_err(|error| format!("{file}: {error}"))?;
        text.lines()
            .find_map(|line| {
                let rest = line.strip_prefix("VmRSS:")?;
                rest.trim().strip_suffix(" kB")?.parse().ok()
            })
            .ok_or_else(|| format!("{file} has no VmRSS"))
    }
}

impl Drop for Server {
    /// Asks it to end, since a master that is killed leaves its workers behind, and kills it if it does not.
    fn drop(&mut self) {
        let ask = format!("kill -INT {}", self.child.id());
        let _ = Command::new("sh").args(["-c", &ask]).status();
        for _ in 0..200 {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An address that was free a moment ago. Its port lies below those that Linux gives to outgoing connections and to
/// listeners without a wish (from 32768 on): until a server is up, which takes seconds under valgrind, they would take it.
///
/// # Errors
/// When loopback has no free port.
pub fn free_address() -> Result<SocketAddr, String> {
    const PORTS: std::ops::Range<u32> = 12_000..32_000;
    // Processes that measure at the same time begin at different places.
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let start = std::process::id().wrapping_mul(97);
    for _ in PORTS {
        let place = start.wrapping_add(NEXT.fetch_add(1, Ordering::Relaxed));
        let port = PORTS.start + place % (PORTS.end - PORTS.start);
        let address = SocketAddr::from(([127, 0, 0, 1], port as u16));
        if TcpListener::bind(address).is_ok() {
            return Ok(address);
        }
    }
    Err("no port is free".to_owned())
}
