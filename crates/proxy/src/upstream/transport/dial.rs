//! Opens connections: names resolved by tokio, TCP and TLS by Pingora's transport.

use std::net::SocketAddr;
use std::time::Duration;

use pingora::ErrorType::TLSHandshakeFailure;
use pingora::connectors::TransportConnector;
use pingora::upstreams::peer::{ALPN, HttpPeer};
use tokio::time::{Instant, timeout_at};
use url::Url;

use super::connection::Connection;
use super::trust::{self, TrustError};
use crate::upstream::call::failure::{Failure, FailureKind};

/// One address gets at most this long, so that a dead one leaves time for the next.
const PER_ADDRESS: Duration = Duration::from_secs(3);

pub struct Dialer {
    connector: TransportConnector,
    host: String,
    port: u16,
    tls: bool,
}

impl Dialer {
    /// `base_url` was checked by the settings: http or https, with a host.
    ///
    /// # Errors
    /// There is nobody whom a TLS connection could trust.
    pub fn new(base_url: &Url, ca_file: Option<&std::path::Path>) -> Result<Self, TrustError> {
        let host = base_url.host_str().unwrap_or_default();
        let tls = base_url.scheme() == "https";
        Ok(Self {
            connector: trust::connector(tls, ca_file)?,
            host: host.trim_matches(['[', ']']).to_owned(),
            port: base_url.port_or_known_default().unwrap_or(443),
            tls,
        })
    }

    /// A fresh connection, ready for one request.
    pub async fn dial(&self, deadline: Instant) -> Result<Connection, Failure> {
        let mut last = Failure::new(FailureKind::Connect, "the name has no address");
        // An address that refuses must not hide why the one before did not do.
        let mut details = Vec::new();
        for address in self.resolve(deadline).await? {
            let until = deadline.min(Instant::now() + PER_ADDRESS);
            match timeout_at(until, self.connect(address)).await {
                Ok(Ok(connection)) => return Ok(connection),
                Ok(Err(failure)) => last = failure,
                Err(_) => last = Failure::new(FailureKind::Timeout, "connecting took too long"),
            }
            details.push(format!("{address}: {}", last.detail));
            // The next address would be blamed for the time that this one took.
            if Instant::now() >= deadline {
                break;
            }
        }
        if !details.is_empty() {
            last.detail = details.join("; ");
        }
        Err(last)
    }

    /// The addresses of the host.
    pub async fn resolve(&self, deadline: Instant) -> Result<Vec<SocketAddr>, Failure> {
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

    async fn connect(&self, address: SocketAddr) -> Result<Connection, Failure> {
        let mut peer = HttpPeer::new(address, self.tls, self.host.clone());
        peer.options.alpn = ALPN::H1;
        // `dial` bounds TCP and TLS together. A second clock here would race with that one for the word.
        let stream = self
            .connector
            .new_stream(&peer)
            .await
            .map_err(|error| Failure::new(FailureKind::Connect, why(&error)))?;
        let mut connection = Connection {
            stream,
            tls: self.tls,
        };
        // Some balancers take a connection for a vendor that is away, and end it at once.
        if connection.is_idle() {
            Ok(connection)
        } else {
            Err(Failure::new(
                FailureKind::Connect,
                "the connection was closed at once",
            ))
        }
    }
}

/// What rustls says of a handshake, and what an operator can do something with. Its own texts hold
/// names out of the vendor's certificate.
const HANDSHAKE: [(&str, &str); 8] = [
    (
        "UnknownIssuer",
        "the certificate comes from a CA that is not trusted here",
    ),
    (
        "BadSignature",
        "the certificate comes from a CA with the name of a trusted one and another key",
    ),
    (
        "not valid for name",
        "the certificate is for another host name",
    ),
    ("certificate expired", "the certificate has expired"),
    ("not valid yet", "the certificate is not valid yet"),
    ("InvalidContentType", "the port does not speak TLS"),
    ("fatal alert", "the vendor refused the TLS handshake"),
    ("eof", "the vendor hung up during the TLS handshake"),
];

/// For the log. Pingora keeps the cause of a failed handshake as text only.
fn why(error: &pingora::Error) -> String {
    let kind = error.etype().as_str();
    let text = error.context.as_ref().map_or("", |text| text.as_str());
    let known = HANDSHAKE
        .iter()
        .find(|(word, _)| *error.etype() == TLSHandshakeFailure && text.contains(word));
    match known {
        Some((_, sentence)) => format!("{kind}, {sentence}"),
        None => kind.to_owned(),
    }
}
