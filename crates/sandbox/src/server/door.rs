use std::collections::BTreeMap;
use std::future::poll_fn;
use std::io;
use std::net::{Shutdown, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::Poll;

use socket2::SockRef;
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
        if let Listening::Open(listener) = &inner.listener {
            // Closing is not enough: a child process that another thread is starting holds a copy of
            // the descriptor until it executes its program, and the port would go on listening.
            let _listening_no_more = SockRef::from(listener).shutdown(Shutdown::Read);
        }
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

#[cfg(test)]
mod tests {
    use std::io::ErrorKind;
    use std::os::fd::AsFd;

    use super::*;

    /// As a child process does between its fork and the program that it executes.
    fn copy_of_the_descriptor(door: &Door) -> std::os::fd::OwnedFd {
        match &door.inner().listener {
            Listening::Open(listener) => listener.as_fd().try_clone_to_owned().expect("a copy"),
            other => panic!("{other:?}"),
        }
    }

    #[tokio::test]
    async fn a_copy_of_the_descriptor_keeps_nothing_open() {
        let door = Door::open(SocketAddr::from(([127, 0, 0, 1], 0))).expect("a door");
        for number in 0..3 {
            let _copy = copy_of_the_descriptor(&door);
            door.refuse();
            let refused = TcpStream::connect(door.address()).await;
            assert_eq!(
                refused.map_err(|error| error.kind()).err(),
                Some(ErrorKind::ConnectionRefused)
            );
            door.reopen().expect("the port is still ours");
            let _caller = TcpStream::connect(door.address()).await.expect("accepted");
            assert!(door.accept(number).await.is_some());
        }
    }
}
