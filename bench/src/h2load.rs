//! Load by h2load (nghttp2): one loop over all connections, which writes the next request of each as soon as it can,
//! so that a proxy on a processor of its own always has work.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::exchange::Exchange;

const CONNECTIONS: u32 = 32;

/// One exchange with one proxy, as h2load's arguments.
pub struct Load {
    arguments: Vec<String>,
    /// Of the statuses that must come, the first digit.
    class: u16,
}

impl Load {
    /// Its files go into `folder`.
    ///
    /// # Errors
    /// Files that cannot be written.
    pub fn new(folder: &Path, proxy: SocketAddr, exchange: &Exchange) -> Result<Self, String> {
        let name = format!("{:?}-{}", exchange.task, proxy.port());
        let file = |kind: &str, text: &str| {
            let path = folder.join(format!("{name}.{kind}"));
            std::fs::write(&path, text).map_err(|error| error.to_string())?;
            Ok::<String, String>(path.display().to_string())
        };
        let mut addresses = String::new();
        for target in &exchange.targets {
            let _ = writeln!(addresses, "http://{proxy}{target}");
        }
        let mut arguments = vec![
            "--h1".to_owned(),
            "--threads=1".to_owned(),
            format!("--clients={CONNECTIONS}"),
            format!("--input-file={}", file("targets", &addresses)?),
        ];
        for (field, value) in &exchange.headers {
            arguments.push(format!("--header={field}: {value}"));
        }
        if !exchange.body.is_empty() {
            arguments.push("--header=content-type: application/json".to_owned());
            arguments.push(format!("--data={}", file("body", exchange.body)?));
        }
        Ok(Self {
            arguments,
            class: exchange.status / 100,
        })
    }

    /// Makes so many requests. The result is how many there were in a second.
    ///
    /// # Errors
    /// When not every answer has a status of the class that is due.
    pub fn run(&self, requests: u64) -> Result<f64, String> {
        let output = Command::new("h2load")
            .args(&self.arguments)
            .arg(format!("--requests={requests}"))
            .stdin(Stdio::null())
            .output()
            .map_err(|error| format!("h2load: {error}"))?;
        let text = String::from_utf8_lossy(&output.stdout);
        let due = format!("{requests} {}xx", self.class);
        let all = text
            .lines()
            .filter_map(|line| line.strip_prefix("status codes: "))
            .any(|codes| codes.split(", ").any(|code| code == due));
        let rate = text.lines().find_map(|line| {
            let rest = line.strip_prefix("finished in ")?.split(", ").nth(1)?;
            rest.strip_suffix(" req/s")?.parse().ok()
        });
        rate.filter(|_| all).ok_or_else(|| {
            let told =
                |line: &&str| line.starts_with("status codes") || line.starts_with("requests:");
            let lines: Vec<&str> = text.lines().filter(told).collect();
            format!("not every answer is {due}: {}", lines.join(" | "))
        })
    }

    /// At least one request for each connection: h2load takes no fewer.
    #[must_use]
    pub fn at_least(requests: u64) -> u64 {
        requests.max(u64::from(CONNECTIONS))
    }
}
