//! A port that ends TLS, hands the bytes to a vendor that speaks plain text, and remembers who came.

use std::net::SocketAddr;
use std::sync::Arc;

use rustls::crypto::ring;
use rustls::{ServerConfig, SupportedProtocolVersion};
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::Identity;
use super::guest::{Book, Farewell, Guest, Kind, Tls, Visit, lock};
use crate::support::eventually;

/// A port of `localhost`; dropped, it is closed.
pub struct Door {
    pub port: u16,
    visits: Book,
    farewell: watch::Sender<Option<Farewell>>,
    _runtime: tokio::runtime::Runtime,
}

impl Door {
    /// Before `vendor`, with TLS 1.3 and 1.2.
    pub fn before(vendor: SocketAddr, identity: &Identity) -> Self {
        Self::with(vendor, identity, rustls::ALL_VERSIONS, Farewell::Polite)
    }

    /// As [`Door::before`]; `cut` is said when the vendor ends a connection.
    pub fn with(
        vendor: SocketAddr,
        identity: &Identity,
        versions: &[&'static SupportedProtocolVersion],
        cut: Farewell,
    ) -> Self {
        let provider = Arc::new(ring::default_provider());
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(versions)
            .expect("ring speaks both versions")
            .with_no_client_auth()
            .with_single_cert(identity.chain.clone(), identity.key())
            .expect("the key fits");
        // h2 first: who offers it gets it.
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let config = Arc::new(config);
        Self::open(Kind::Tls(Tls {
            config,
            vendor,
            cut,
        }))
    }

    pub fn plain() -> Self {
        Self::open(Kind::Plain)
    }

    pub fn silent() -> Self {
        Self::open(Kind::Silent)
    }

    fn open(kind: Kind) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime");
        let listener = runtime
            .block_on(TcpListener::bind("127.0.0.1:0"))
            .expect("loopback has a free port");
        let port = listener.local_addr().expect("it is bound").port();
        let visits = Book::default();
        let (farewell, told) = watch::channel(None);
        let book = visits.clone();
        runtime.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let guest = Guest::enter(&book);
                tokio::spawn(guest.serve(stream, kind.clone(), told.clone()));
            }
        });
        Self {
            port,
            visits,
            farewell,
            _runtime: runtime,
        }
    }

    pub fn visits(&self) -> Vec<Visit> {
        lock(&self.visits).clone()
    }

    /// All bytes that came, on whatever connection.
    pub fn bytes(&self) -> Vec<u8> {
        let visits = self.visits();
        visits.into_iter().flat_map(|visit| visit.bytes).collect()
    }

    /// Ends the connections that are there, and waits until the client has ended them too.
    pub fn hang_up(&self, farewell: Farewell) {
        self.farewell.send_replace(Some(farewell));
        self.wait_until("the client to give up dead connections", || {
            self.visits().iter().all(|visit| visit.over)
        });
    }

    pub fn wait_until(&self, what: &str, done: impl Fn() -> bool) {
        eventually(what, || if done() { Ok(()) } else { Err(self.visits()) });
    }
}
