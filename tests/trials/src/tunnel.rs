//! The network in front of a server: slow, cut, silent, or leading to another server.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;
use std::time::Duration;

/// How bytes pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Network {
    Open,
    /// Each piece is on the way for so long, in both directions.
    Slow(Duration),
    /// Connections are taken and stand, nothing passes. What was sent meanwhile passes afterwards.
    Silent,
    /// No connection is taken: the port refuses. Those that stand go on.
    Refused,
}

/// A port that leads to a server.
pub struct Tunnel {
    pub address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    state: Mutex<State>,
    changed: Condvar,
    over: AtomicBool,
}

struct State {
    network: Network,
    target: SocketAddr,
    /// Both ends of each connection.
    streams: Vec<TcpStream>,
}

impl Tunnel {
    /// `address`: one that nobody listens on.
    #[must_use]
    pub fn start(address: SocketAddr, target: SocketAddr) -> Self {
        let shared = Arc::new(Shared {
            state: Mutex::new(State {
                network: Network::Open,
                target,
                streams: Vec::new(),
            }),
            changed: Condvar::new(),
            over: AtomicBool::new(false),
        });
        let listener = listen(address).expect("the port is free");
        let mine = Arc::clone(&shared);
        thread::spawn(move || mine.accept(address, listener));
        Self { address, shared }
    }

    pub fn set(&self, network: Network) {
        self.shared.state().network = network;
        self.shared.changed.notify_all();
    }

    /// All connections end, in both directions.
    pub fn cut(&self) {
        self.shared.cut();
    }

    /// From now on it leads there; connections that stand are cut.
    pub fn lead_to(&self, target: SocketAddr) {
        self.shared.state().target = target;
        self.cut();
    }

    /// What the settings call it.
    #[must_use]
    pub fn url(&self) -> String {
        format!("redis://{}", self.address)
    }
}

impl Drop for Tunnel {
    fn drop(&mut self) {
        self.shared.over.store(true, Ordering::SeqCst);
        self.shared.changed.notify_all();
        self.cut();
    }
}

fn listen(address: SocketAddr) -> std::io::Result<TcpListener> {
    let listener = TcpListener::bind(address)?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("nobody panics with the state")
    }

    fn is_over(&self) -> bool {
        self.over.load(Ordering::SeqCst)
    }

    fn cut(&self) {
        for stream in self.state().streams.drain(..) {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    fn accept(self: Arc<Self>, address: SocketAddr, listener: TcpListener) {
        let mut listener = Some(listener);
        while !self.is_over() {
            if self.state().network == Network::Refused {
                listener = None;
            } else if listener.is_none() {
                listener = listen(address).ok();
            }
            match listener.as_ref().map(TcpListener::accept) {
                Some(Ok((caller, _))) => self.join(caller),
                _ => thread::sleep(Duration::from_millis(1)),
            }
        }
    }

    fn join(self: &Arc<Self>, caller: TcpStream) {
        let target = self.state().target;
        // A server that refuses is met by the caller as a connection that ends.
        let Ok(server) = TcpStream::connect(target) else {
            return;
        };
        for stream in [&caller, &server] {
            stream.set_nonblocking(false).expect("a socket option");
            stream.set_nodelay(true).expect("a socket option");
        }
        let twice = |stream: &TcpStream| stream.try_clone().expect("a socket can be had twice");
        self.state()
            .streams
            .extend([twice(&caller), twice(&server)]);
        for (from, to) in [(twice(&caller), twice(&server)), (server, caller)] {
            let mine = Arc::clone(self);
            thread::spawn(move || mine.pass(from, to));
        }
    }

    fn pass(&self, mut from: TcpStream, mut to: TcpStream) {
        let mut bytes = [0; 16 * 1024];
        loop {
            let count = match from.read(&mut bytes) {
                Ok(0) => break,
                Ok(count) => count,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(_) => break,
            };
            self.wait();
            if to.write_all(&bytes[..count]).is_err() {
                break;
            }
        }
        let _ = from.shutdown(Shutdown::Both);
        let _ = to.shutdown(Shutdown::Both);
    }

    /// As long as bytes do not pass.
    fn wait(&self) {
        let mut state = self.state();
        while state.network == Network::Silent && !self.is_over() {
            state = self.changed.wait(state).expect("nobody panics with it");
        }
        if let Network::Slow(time) = state.network {
            drop(state);
            thread::sleep(time);
        }
    }
}
