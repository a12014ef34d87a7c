//! Opens connections: names resolved by tokio, TCP and TLS by Pingora's transport.

use std::net::SocketAddr;
use std::time::Duration;

use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use pingora::connectors::{ConnectorOptions, TransportConnector};
use pingora::upstreams::peer::{ALPN, HttpPeer};
use tokio::time::{Instant, timeout_at};
use url::Url;

use super::pool::Sender;
use super::{Failure, FailureKind};

/// One address gets at most this long, so that a dead one leaves time for the next.
const PER_ADDRESS: Duration = Duration::from_secs(3);
/// A vendor's answer head: enough for anything sane, too little to hurt.
const MAX_HEAD: usize = 64 * 1024;
const MAX_HEADERS: usize = 100;

pub struct Dialer {
    connector: TransportConnector,
    host: String,
    port: u16,
    tls: bool,
}

impl Dialer {
    /// `base_url` was checked by the settings: http or https, with a host.
    pub fn new(base_url: &Url, ca_file: Option<&std::path::Path>) -> Self {
        let mut options = ConnectorOptions::new(1);
        options.ca_file = ca_file.map(|path| path.display().to_string());
        let host = base_url.host_str().unwrap_or_default();
        Self {
            connector: TransportConnector::new(Some(options)),
            host: host.trim_matches(['[', ']']).to_owned(),
            port: base_url.port_or_known_default().unwrap_or(443),
            tls: base_url.scheme() == "https",
        }
    }

    /// A fresh connection, ready for one request.
    pub async fn dial(&self, deadline: Instant) -> Result<Sender, Failure> {
        let mut last = Failure::new(FailureKind::Connect, "the name has no address");
        for address in self.resolve(deadline).await? {
            let until = deadline.min(Instant::now() + PER_ADDRESS);
            match timeout_at(until, self.connect(address)).await {
                Ok(Ok(sender)) => return Ok(sender),
                Ok(Err(failure)) => last = failure,
                Err(_) => last = Failure::new(FailureKind::Timeout, "connecting took too long"),
            }
        }
        Err(last)
    }

    async fn resolve(&self, deadline: Instant) -> Result<Vec<SocketAddr>, Failure> {
        let lookup = tokio::net::lookup_host((self.host.as_str(), self.port));
        match timeout_at(deadline, lookup).await {
            Ok(Ok(addresses)) => Ok(addresses.collect()),
            Ok(Err(error)) => Err(Failure::new(
                FailureKind::Connect,
                format!("name resolution failed: {error}"),
            )),
            Err(_) => Err(Failure::new(
                FailureKind::Timeout,
                "name resolution took too long",
            )),
        }
    }

    async fn connect(&self, address: SocketAddr) -> Result<Sender, Failure> {
        let mut peer = HttpPeer::new(address, self.tls, self.host.clone());
        peer.options.alpn = ALPN::H1;
        peer.options.connection_timeout = Some(PER_ADDRESS);
        peer.options.total_connection_timeout = Some(PER_ADDRESS);
        let stream = self.connector.new_stream(&peer).await.map_err(|error| {
            Failure::new(FailureKind::Connect, error.etype().as_str().to_owned())
        })?;
        let (mut sender, connection) = http1::Builder::new()
            .max_header_size(MAX_HEAD)
            .max_headers(MAX_HEADERS)
            .handshake(TokioIo::new(stream))
            .await
            .map_err(|error| Failure::new(FailureKind::Connect, error.to_string()))?;
        // The task ends with the connection: dropping the sender closes it.
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "vendor connection ended");
            }
        });
        sender
            .ready()
            .await
            .map_err(|error| Failure::new(FailureKind::Connect, error.to_string()))?;
        Ok(sender)
    }
}
