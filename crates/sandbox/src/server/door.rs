use std::collections::BTreeMap;
use std::future::poll_fn;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::Poll;

use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::runtime::Handle;
use tokio::sync::Notify;

use crate::server::wire;

/// A listening address that can refuse and listen again, at once and on the same port.
#[derive(Debug)]
pub(crate) struct Door {
    address: SocketAddr,
    /// Bound and never listening: it keeps the port ours while the listener is closed, and a
    /// connection to a port that is bound only is refused.
    _holder: TcpSocket,
    inner: Mutex<Inner>,
    changed: Notify,
    runtime: Handle,
}

#[derive(Debug)]
struct Inner {
    listener: Listening,
    connections: BTreeMap<u64, Weak<TcpStream>>,
}

#[derive(Debug)]
enum Listening {
    Open(TcpListener),
    Refusing,
    Stopped,
}

const BACKLOG: u32 = 1024;

impl Door {
    /// Listens on `address`.
    ///
    /// # Errors
    /// The address cannot be bound; the error names it.
    pub(crate) fn open(address: SocketAddr) -> io::Result<Self> {
        let named = |error: io::Error| io::Error::new(error.kind(), format!("{address}: {error}"));
        let holder = bind(address).map_err(named)?;
        let address = holder.local_addr()?;
        let listener = bind(address)
            .and_then(|socket| socket.listen(BACKLOG))
            .map_err(named)?;
        Ok(Self {
            address,
            _holder: holder,
            inner: Mutex::new(Inner {
                listener: Listening::Open(listener),
                connections: BTreeMap::new(),
            }),
            changed: Notify::new(),
            runtime: Handle::current(),
        })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The next connection, known by `number` from now on; `None` once the door has stopped.
    pub(crate) async fn accept(&self, number: u64) -> Option<Arc<TcpStream>> {
        loop {
            let accepted = poll_fn(|context| match &self.inner().listener {
                Listening::Open(listener) => listener.poll_accept(context).map(Some),
                Listening::Refusing => Poll::Pending,
                Listening::Stopped => Poll::Ready(None),
            });
            tokio::select! {
                accepted = accepted => match accepted? {
                    Ok((stream, _)) => if let Some(stream) = self.admit(number, stream) {
                        return Some(stream);
                    },
                    // Out of descriptors: others must end first, and a tight loop would starve them.
                    Err(_) => tokio::time::sleep(std::time::Duration::from_millis(10)).await,
                },
                () = self.changed.notified() => {}
            }
        }
    }

    /// Forgets a connection that has ended.
    pub(crate) fn left(&self, number: u64) {
        self.inner().connections.remove(&number);
    }

    /// From the return on, connections are refused; those that stand are ended.
    pub(crate) fn refuse(&self) {
        self.shut(Listening::Refusing);
    }

    /// Ends the door and its connections for good.
    pub(crate) fn stop(&self) {
        self.shut(Listening::Stopped);
    }

    /// Listens again, where it refused.
    ///
    /// # Errors
    /// The port cannot be listened on, which the holder prevents as far as one process can.
    pub(crate) fn reopen(&self) -> io::Result<()> {
        let mut inner = self.inner();
        if matches!(inner.listener, Listening::Refusing) {
            let _runtime = self.runtime.enter();
            inner.listener = Listening::Open(bind(self.address)?.listen(BACKLOG)?);
            self.changed.notify_one();
        }
        Ok(())
    }

    fn shut(&self, how: Listening) {
        let mut inner = self.inner();
        if !matches!(inner.listener, Listening::Stopped) {
            inner.listener = how;
        }
        for stream in inner.connections.values().filter_map(Weak::upgrade) {
            wire::end(&stream);
        }
        self.changed.notify_one();
    }

    fn admit(&self, number: u64, stream: TcpStream) -> Option<Arc<TcpStream>> {
        let _batching = stream.set_nodelay(true); // an answer leaves at once, or a little later
        let stream = Arc::new(stream);
        let mut inner = self.inner();
        if !matches!(inner.listener, Listening::Open(_)) {
            return None; // accepted in the moment in which the door shut
        }
        inner.connections.insert(number, Arc::downgrade(&stream));
        Some(stream)
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// With address reuse, so that a port with dying connections, or held by the holder, can be bound.
fn bind(address: SocketAddr) -> io::Result<TcpSocket> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4()?,
        SocketAddr::V6(_) => TcpSocket::new_v6()?,
    };
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    Ok(socket)
}
