//! Where this machine reaches its own listeners.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::time::{Duration, Instant};

/// An address to connect to from here, for one to listen on: all addresses are loopback's of the same
/// family, since `[::]` need not take IPv4, and a machine need not have it.
#[must_use]
pub fn reachable(mut address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        address.set_ip(match address {
            SocketAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
            SocketAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
        });
    }
    address
}

/// Listeners that did not open.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not open after {} s: {}", .within.as_secs(), .closed.join(", "))]
pub struct NotOpen {
    within: Duration,
    /// Each with its key and address.
    closed: Vec<String>,
}

/// One try to connect. A listener answers at once; a packet that is dropped must not hold the others up.
const ONE_TRY: Duration = Duration::from_millis(500);

/// Pingora tells nobody when its listeners are open; a connection does.
///
/// # Errors
/// The listeners, by the keys of the settings, that take none within that time.
pub fn wait_until_open(ports: &[(&str, SocketAddr)], within: Duration) -> Result<(), NotOpen> {
    let until = Instant::now() + within;
    let mut closed: Vec<_> = ports.iter().collect();
    loop {
        closed.retain(|(_, address)| {
            TcpStream::connect_timeout(&reachable(*address), ONE_TRY).is_err()
        });
        if closed.is_empty() {
            return Ok(());
        }
        if Instant::now() >= until {
            let closed = closed.iter();
            return Err(NotOpen {
                within,
                closed: closed
                    .map(|(key, address)| format!("`{key}` {address}"))
                    .collect(),
            });
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    #[test]
    fn all_addresses_are_reached_by_their_own_family() {
        for (listen, reached) in [
            ("0.0.0.0:80", "127.0.0.1:80"),
            ("[::]:80", "[::1]:80"),
            ("127.0.0.2:80", "127.0.0.2:80"),
            ("[2001:db8::1]:80", "[2001:db8::1]:80"),
        ] {
            assert_eq!(reachable(listen.parse().unwrap()).to_string(), reached);
        }
    }

    #[test]
    fn the_listener_that_does_not_open_is_named() {
        let open = TcpListener::bind("127.0.0.1:0").unwrap();
        let ports = [
            ("listen", open.local_addr().unwrap()),
            ("admin", "127.0.0.1:0".parse().unwrap()),
        ];
        assert_eq!(wait_until_open(&ports[..1], Duration::ZERO), Ok(()));
        let error = wait_until_open(&ports, Duration::ZERO).unwrap_err();
        assert_eq!(error.to_string(), "not open after 0 s: `admin` 127.0.0.1:0");
    }
}
