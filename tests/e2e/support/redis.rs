//! Store servers of a test's own, on ports of this test run.

pub use trials::store::{Kind, Reply, Sentinel, StoreServer};
pub use trials::tunnel::{Network, Tunnel};

use super::ports::free_port;

/// An empty server.
pub fn store(kind: Kind) -> StoreServer {
    StoreServer::start(kind, free_port())
}

/// A way to a server that can be slow, silent, cut, or lead to another one.
pub fn tunnel(store: &StoreServer) -> Tunnel {
    Tunnel::start(free_port(), store.address)
}
