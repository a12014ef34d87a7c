//! The steps to a vendor, each with its verdict. After one that failed the others are not tried.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use contract::Probe;
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout_at};

use super::advice::{self, Trouble};
use super::step_log::{Step, StepLog, Verdict};
use crate::engine::{Healthy, Runtime, probe};
use crate::settings::{Auth, UpstreamSettings};
use crate::upstream::{Client, OpenError};

/// One address gets at most this long, as in the calls themselves.
const PER_ADDRESS: Duration = Duration::from_secs(3);

/// In the order in which a call takes them.
const NAMES: [&str; 6] = ["secrets", "dns", "connect", "tls", "token", "read"];

pub struct Steps<'s> {
    upstream: &'s UpstreamSettings,
    until: Instant,
    log: StepLog,
}

impl<'s> Steps<'s> {
    pub fn new(upstream: &'s UpstreamSettings, until: Instant) -> Self {
        Self {
            upstream,
            until,
            log: StepLog::new(&NAMES),
        }
    }

    /// All steps in their order.
    pub fn into_all(self) -> Vec<Step> {
        self.log.into_all()
    }

    pub fn secrets(&mut self, opened: Result<Arc<Client>, Vec<OpenError>>) -> Option<Arc<Client>> {
        let count = self.upstream.auth.secrets().len();
        let found = match count {
            0 => "none are needed".to_owned(),
            1 => "1 was found".to_owned(),
            count => format!("{count} were found"),
        };
        let opened = opened.map(|client| (client, found)).map_err(|errors| {
            let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
            Trouble {
                detail: errors.join("; "),
                fix: advice::secrets(&self.upstream.name),
            }
        });
        self.log.end("secrets", opened)
    }

    /// Name, TCP and TLS. The last connection is kept for the calls that follow.
    pub async fn network(&mut self, client: &Client) {
        let resolved = client.resolve(self.until).await;
        let resolved = resolved.map_err(|failure| advice::dns(self.upstream, &failure));
        let resolved = resolved.map(|addresses| {
            let shown = listed(&addresses);
            (addresses, shown)
        });
        let Some(addresses) = self.log.end("dns", resolved) else {
            return;
        };
        let connected = tcp(&addresses, self.until).await;
        let connected = connected.map_err(|detail| advice::connect(self.upstream, detail));
        if self
            .log
            .end("connect", connected.map(|detail| ((), detail)))
            .is_none()
        {
            return;
        }
        if self.upstream.base_url.scheme() == "http" {
            self.log.put(
                "tls",
                Verdict::Skipped,
                "http to this machine".to_owned(),
                None,
            );
            return;
        }
        let shaken = client.connect(self.until).await;
        let shaken = shaken.map_err(|failure| advice::tls(self.upstream, &failure));
        let trusted = if self.upstream.ca_file.is_some() {
            "the certificate is good by `ca_file`"
        } else {
            "the certificate is good by the system's CAs"
        };
        self.log
            .end("tls", shaken.map(|()| ((), trusted.to_owned())));
    }

    pub async fn sign_in(&mut self, client: &Client) {
        if !self.log.goes_on() {
            return;
        }
        if !matches!(self.upstream.auth, Auth::OAuth2ClientCredentials(_)) {
            let detail = "no token is fetched; the read shows whether the credential is taken";
            self.log
                .put("token", Verdict::Skipped, detail.to_owned(), None);
            return;
        }
        let granted = client.sign_in(self.until).await;
        let granted = granted.map_err(|failure| advice::token(self.upstream, &failure));
        self.log
            .end("token", granted.map(|()| ((), "granted".to_owned())));
    }

    pub async fn read(&mut self, runtime: &Runtime, named: Option<&Probe>) {
        if !self.log.goes_on() {
            return;
        }
        let Some(named) = named else {
            let detail = format!(
                "the contract names no read: `x-vendors.{}.probe`",
                self.upstream.name
            );
            self.log.put("read", Verdict::Skipped, detail, None);
            return;
        };
        let left = self.until.saturating_duration_since(Instant::now());
        let limit = left.min(runtime.settings.deadline);
        let id = &runtime.operation(named.operation).id;
        let answered = match probe(runtime, named, limit).await {
            Ok(Healthy::Success(status)) => Ok(((), format!("{}: {status}", &**id))),
            Ok(Healthy::NotThere(code)) => Ok((
                (),
                format!("{}: {code}, which the contract calls healthy", &**id),
            )),
            Err(refusal) => Err(advice::read(self.upstream, id, &refusal)),
        };
        self.log.end("read", answered);
    }
}

/// Tries one address after the other, as a call does.
async fn tcp(addresses: &[SocketAddr], until: Instant) -> Result<String, String> {
    let mut failed = Vec::new();
    for address in addresses {
        let limit = until.min(Instant::now() + PER_ADDRESS);
        match timeout_at(limit, TcpStream::connect(address)).await {
            Ok(Ok(_)) => {
                failed.push(format!("{address} took the connection"));
                return Ok(failed.join("; "));
            }
            Ok(Err(error)) => failed.push(format!("{address}: {error}")),
            Err(_) => failed.push(format!("{address}: no answer")),
        }
    }
    Err(failed.join("; "))
}

fn listed(addresses: &[SocketAddr]) -> String {
    let addresses: Vec<String> = addresses.iter().map(|one| one.ip().to_string()).collect();
    addresses.join(", ")
}
