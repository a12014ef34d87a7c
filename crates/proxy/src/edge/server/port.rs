//! A port: its listening socket from the first bind to the last connection that it let in.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use pingora::server::{ListenFds, ShutdownWatch};
use pingora::services::Service;
use socket2::{Domain, SockFilter, SockRef, Socket, Type};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout_at};

use crate::edge::connection::serve;
use crate::edge::handler::Handler;

/// The system takes less where it allows less.
const BACKLOG: i32 = 65_535;

/// How much of an answer may lie unsent in the system. It is the grain of progress: a caller who takes
/// less than twice this in `timeouts.write`, about, cannot be told from one who takes nothing. Without it
/// the grain is the system's buffer, which grows to megabytes.
const UNSENT: u32 = 64 * 1024;

/// How long a handshake that began may take to end when the port closes.
const LAST_HANDSHAKES: Duration = Duration::from_millis(200);

/// Without descriptors a new try makes no sense at once.
const PAUSE: Duration = Duration::from_millis(50);

/// How often the log says that there are none.
const REPORT_AGAIN: Duration = Duration::from_secs(60);

/// Opens a listening socket.
///
/// # Errors
/// The address cannot be had.
pub fn bind(address: SocketAddr) -> io::Result<std::net::TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, None)?;
    // Connections of a process that ended do not keep us from its port; one that listens does.
    socket.set_reuse_address(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}

/// A port of the process, run by Pingora's server on a runtime of its own.
pub struct Port<H> {
    pub name: &'static str,
    /// `None`: as many as the server has.
    pub threads: Option<usize>,
    /// Connections at once; for a further one the one that has waited longest gives way. `None`: as many
    /// as the system has.
    pub most: Option<usize>,
    pub handler: Arc<H>,
    /// Taken at the start.
    pub socket: Option<std::net::TcpListener>,
}

#[async_trait]
impl<H: Handler> Service for Port<H> {
    async fn start_service(
        &mut self,
        _fds: Option<ListenFds>,
        shutdown: ShutdownWatch,
        _listeners: usize,
    ) {
        let Some(socket) = self.socket.take() else {
            return;
        };
        match TcpListener::from_std(socket) {
            Ok(socket) => {
                let listener = Listener {
                    name: self.name,
                    socket,
                    handler: self.handler.clone(),
                    places: self.most.map(Places::new),
                    next: None,
                    reported: Mutex::new(None),
                };
                listener.serve(shutdown).await;
            }
            Err(error) => tracing::error!(%error, port = self.name, "a port cannot be served"),
        }
    }

    fn name(&self) -> &str {
        self.name
    }

    fn threads(&self) -> Option<usize> {
        self.threads
    }
}

struct Listener<H> {
    name: &'static str,
    socket: TcpListener,
    handler: Arc<H>,
    places: Option<Places>,
    /// Accepted, and without a place yet.
    next: Option<(TcpStream, SocketAddr)>,
    /// When the log last said that the system gives no connections.
    reported: Mutex<Option<Instant>>,
}

impl<H: Handler> Listener<H> {
    async fn serve(mut self, mut shutdown: ShutdownWatch) {
        loop {
            tokio::select! {
                biased;
                changed = shutdown.changed() => {
                    if changed.is_err() || *shutdown.borrow() {
                        break;
                    }
                }
                () = self.let_one_in() => {}
            }
        }
        // Who is connected already is answered.
        if let Err(error) = ignore_new(&self.socket) {
            tracing::debug!(%error, "new connections cannot be held off");
        }
        let until = Instant::now() + LAST_HANDSHAKES;
        while timeout_at(until, self.let_one_in()).await.is_ok() {}
        drop(self.socket);
        self.handler.closed();
    }

    /// Waits for a connection and gives it a task. Dropped while it waits, it loses none.
    async fn let_one_in(&mut self) {
        if self.next.is_none() {
            self.accept().await;
        }
        if self.next.is_none() {
            return;
        }
        let permit = match &self.places {
            None => None,
            Some(places) => places.take().await,
        };
        let Some((stream, peer)) = self.next.take() else {
            return;
        };
        tracing::debug!(port = self.name, %peer, "a connection begins");
        let handler = self.handler.clone();
        let give_way = self.places.as_ref().map(|places| places.give_way.clone());
        tokio::spawn(async move {
            prepare(&stream);
            serve(&*handler, stream, peer.ip(), give_way.as_deref()).await;
            drop(permit);
        });
    }

    async fn accept(&mut self) {
        match self.socket.accept().await {
            Ok(accepted) => self.next = Some(accepted),
            Err(error) if is_of_one_connection(&error) => {}
            Err(error) => {
                self.report(&error);
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

/// The places of a port. Without giving way, connections that nobody uses would keep out a health check,
/// and the platform would restart a process that is well.
struct Places {
    free: Arc<Semaphore>,
    /// Tells the connection that has waited longest that its place is needed.
    give_way: Arc<Notify>,
}

impl Places {
    fn new(most: usize) -> Self {
        Self {
            free: Arc::new(Semaphore::new(most)),
            give_way: Arc::default(),
        }
    }

    /// `None` never comes: nobody closes the semaphore.
    async fn take(&self) -> Option<OwnedSemaphorePermit> {
        if let Ok(place) = self.free.clone().try_acquire_owned() {
            return Some(place);
        }
        self.give_way.notify_one();
        self.free.clone().acquire_owned().await.ok()
    }
}

impl<H> Listener<H> {
    /// A line for each failure would be a flood, which makes nothing better.
    fn report(&self, error: &io::Error) {
        let mut reported = self.reported.lock().unwrap_or_else(PoisonError::into_inner);
        if reported.is_none_or(|last| last.elapsed() >= REPORT_AGAIN) {
            *reported = Some(Instant::now());
            tracing::warn!(%error, port = self.name, "connections cannot be accepted for now");
        }
    }
}

/// The connection went away before it was accepted (accept(2)); the next one is fine.
fn is_of_one_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::Interrupted
            | io::ErrorKind::WouldBlock
    )
}

fn prepare(stream: &TcpStream) {
    let socket = SockRef::from(stream);
    let set = stream
        .set_nodelay(true)
        .and_then(|()| socket.set_tcp_notsent_lowat(UNSENT));
    if let Err(error) = set {
        tracing::debug!(%error, "a connection takes no options");
    }
}

/// Lets the system drop packets that would begin a connection, and no others. Their senders try again
/// after a second, and find the next process or a closed port; whereas an established connection when
/// the socket is closed would be reset.
fn ignore_new(listener: &TcpListener) -> io::Result<()> {
    /// Byte 13 of a TCP header has the flags (RFC 9293 §3.1).
    const FLAGS: u32 = 13;
    const SYN: u32 = 0x02;
    // Classic BPF (linux/bpf_common.h, linux/filter.h): BPF_LD|BPF_B|BPF_ABS, BPF_JMP|BPF_JSET|BPF_K,
    // and BPF_RET|BPF_K with the bytes to keep.
    SockRef::from(listener).attach_filter(&[
        SockFilter::new(0x30, 0, 0, FLAGS),
        SockFilter::new(0x45, 0, 1, SYN),
        SockFilter::new(0x06, 0, 0, 0),
        SockFilter::new(0x06, 0, 0, u32::MAX),
    ])
}
