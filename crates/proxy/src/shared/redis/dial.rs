//! Opens connections to servers: TCP, TLS and unix sockets.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use rustls::pki_types::ServerName;
use socket2::{SockRef, TcpKeepalive};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, UnixStream, lookup_host};
use tokio::time::{Instant, timeout_at};
use tokio_rustls::TlsConnector;

use crate::settings::StorePlace;
use crate::shared::store::StoreError;

/// Bytes in both directions.
pub trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// A server in the same network answers in a millisecond; another address of the name may be the one that lives.
const PER_ADDRESS: Duration = Duration::from_millis(500);
/// A peer that is gone without a word (a host that lost its power) is noticed after some seconds, also by a connection
/// on which nothing is asked.
const IDLE: Duration = Duration::from_secs(5);
const PROBE: Duration = Duration::from_secs(2);
const PROBES: u32 = 3;

/// A fresh connection, TLS included, by `until`.
///
/// # Errors
/// Why none of the addresses did.
pub async fn dial(
    place: &StorePlace,
    tls: Option<&TlsConnector>,
    until: Instant,
) -> Result<Box<dyn Stream>, StoreError> {
    let opened = timeout_at(until, open(place, tls, until));
    opened.await.unwrap_or(Err(StoreError::Timeout))
}

async fn open(
    place: &StorePlace,
    tls: Option<&TlsConnector>,
    until: Instant,
) -> Result<Box<dyn Stream>, StoreError> {
    let (host, port) = match place {
        StorePlace::Unix(path) => {
            let stream = UnixStream::connect(path).await;
            return Ok(Box::new(stream.map_err(|error| broken(&error))?));
        }
        StorePlace::Tcp { host, port, .. } => (host, *port),
    };
    let mut last = StoreError::Broken("the name has no address".into());
    let addresses = lookup_host((host.as_str(), port)).await;
    for address in addresses.map_err(|error| broken(&error))? {
        let each = until.min(Instant::now() + PER_ADDRESS);
        match timeout_at(each, tcp(address)).await {
            Ok(Ok(stream)) if place.is_tls() => return encrypted(stream, host, tls).await,
            Ok(Ok(stream)) => return Ok(Box::new(stream)),
            Ok(Err(error)) => last = broken(&error),
            Err(_) => last = StoreError::Timeout,
        }
    }
    Err(last)
}

async fn tcp(address: SocketAddr) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let socket = SockRef::from(&stream);
    let keepalive = TcpKeepalive::new()
        .with_time(IDLE)
        .with_interval(PROBE)
        .with_retries(PROBES);
    socket.set_tcp_keepalive(&keepalive)?;
    // The same for bytes that are never acknowledged, which keepalive does not look at.
    #[cfg(target_os = "linux")]
    socket.set_tcp_user_timeout(Some(IDLE + PROBE * PROBES))?;
    Ok(stream)
}

async fn encrypted(
    stream: TcpStream,
    host: &str,
    tls: Option<&TlsConnector>,
) -> Result<Box<dyn Stream>, StoreError> {
    let connector = tls.ok_or(StoreError::Broken("nobody is trusted".into()))?;
    let name = ServerName::try_from(host.to_owned())
        .map_err(|_| StoreError::Broken("no certificate can be for this host name".into()))?;
    let stream = connector.connect(name, stream).await;
    Ok(Box::new(stream.map_err(|error| broken(&error))?))
}

fn broken(error: &io::Error) -> StoreError {
    StoreError::Broken(error.to_string().into())
}
