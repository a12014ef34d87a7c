//! The steps to a vendor, each with its verdict. After one that failed the others are not tried.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use contract::Probe;
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout_at};

use super::advice::{self, Trouble};
use crate::engine::{Healthy, Runtime, probe};
use crate::settings::{Auth, UpstreamSettings};
use crate::upstream::{Client, OpenError};

/// One address gets at most this long, as in the calls themselves.
const PER_ADDRESS: Duration = Duration::from_secs(3);

/// What came of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Ok,
    Failed,
    /// There is nothing to do in this step, or one before it failed.
    Skipped,
}

/// One step to one vendor.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// `secrets`, `dns`, `connect`, `tls`, `token` or `read`.
    pub name: &'static str,
    pub verdict: Verdict,
    pub time: Duration,
    /// What was found; never a secret.
    pub detail: String,
    /// Of one that failed: what to do.
    pub fix: Option<String>,
}

/// In the order in which a call takes them.
const NAMES: [&str; 6] = ["secrets", "dns", "connect", "tls", "token", "read"];

pub struct Steps<'s> {
    upstream: &'s UpstreamSettings,
    until: Instant,
    done: Vec<Step>,
    begun: Instant,
}

impl<'s> Steps<'s> {
    pub fn new(upstream: &'s UpstreamSettings, until: Instant) -> Self {
        Self {
            upstream,
            until,
            done: Vec::new(),
            begun: Instant::now(),
        }
    }

    /// All steps in their order.
    pub fn into_all(self) -> Vec<Step> {
        let mut done = self.done;
        for name in NAMES {
            if !done.iter().any(|step| step.name == name) {
                done.push(Step {
                    name,
                    verdict: Verdict::Skipped,
                    time: Duration::ZERO,
                    detail: "not tried".to_owned(),
                    fix: None,
                });
            }
        }
        done
    }

    /// Whether none failed so far.
    fn goes_on(&self) -> bool {
        self.done.iter().all(|step| step.verdict != Verdict::Failed)
    }

    fn put(&mut self, name: &'static str, verdict: Verdict, detail: String, fix: Option<String>) {
        let now = Instant::now();
        self.done.push(Step {
            name,
            verdict,
            time: now - self.begun,
            detail,
            fix,
        });
        self.begun = now;
    }

    fn end<T>(&mut self, name: &'static str, result: Result<(T, String), Trouble>) -> Option<T> {
        match result {
            Ok((value, detail)) => {
                self.put(name, Verdict::Ok, detail, None);
                Some(value)
            }
            Err(Trouble { detail, fix }) => {
                self.put(name, Verdict::Failed, detail, Some(fix));
                None
            }
        }
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
        self.end("secrets", opened)
    }

    /// Name, TCP and TLS. The last connection is kept for the calls that follow.
    pub async fn network(&mut self, client: &Client) {
        let resolved = client.resolve(self.until).await;
        let resolved = resolved.map_err(|failure| advice::dns(self.upstream, &failure));
        let resolved = resolved.map(|addresses| {
            let shown = listed(&addresses);
            (addresses, shown)
        });
        let Some(addresses) = self.end("dns", resolved) else {
            return;
        };
        let connected = tcp(&addresses, self.until).await;
        let connected = connected.map_err(|detail| advice::connect(self.upstream, detail));
        if self
            .end("connect", connected.map(|detail| ((), detail)))
            .is_none()
        {
            return;
        }
        if self.upstream.base_url.scheme() == "http" {
            self.put(
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
        self.end("tls", shaken.map(|()| ((), trusted.to_owned())));
    }

    pub async fn sign_in(&mut self, client: &Client) {
        if !self.goes_on() {
            return;
        }
        if !matches!(self.upstream.auth, Auth::OAuth2ClientCredentials(_)) {
            let detail = "no token is fetched; the read shows whether the credential is taken";
            self.put("token", Verdict::Skipped, detail.to_owned(), None);
            return;
        }
        let granted = client.sign_in(self.until).await;
        let granted = granted.map_err(|failure| advice::token(self.upstream, &failure));
        self.end("token", granted.map(|()| ((), "granted".to_owned())));
    }

    pub async fn read(&mut self, runtime: &Runtime, named: Option<&Probe>) {
        if !self.goes_on() {
            return;
        }
        let Some(named) = named else {
            let detail = format!(
                "the contract names no read: `x-vendors.{}.probe`",
                self.upstream.name
            );
            self.put("read", Verdict::Skipped, detail, None);
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
        self.end("read", answered);
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
