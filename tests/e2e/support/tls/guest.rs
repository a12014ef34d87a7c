//! One connection to a door.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};

use rustls::server::Acceptor;
use rustls::{ProtocolVersion, ServerConfig};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio_rustls::LazyConfigAcceptor;
use tokio_rustls::server::TlsStream;

/// Who came, in order.
pub type Book = Arc<Mutex<Vec<Visit>>>;

/// How the vendor ends a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Farewell {
    /// close_notify, then the end of TCP: what was sent is all that there is.
    Polite,
    /// The end of TCP alone, as an attacker on the line could forge it.
    Rude,
    /// close_notify alone; TCP stays open until the client ends it.
    Word,
}

/// One connection that came.
#[derive(Clone, Debug, Default)]
pub struct Visit {
    pub server_name: Option<String>,
    /// ALPN as offered.
    pub offered: Vec<String>,
    /// ALPN as agreed.
    pub agreed: Option<String>,
    pub version: Option<ProtocolVersion>,
    /// Why the handshake failed, as the vendor saw it.
    pub failed: Option<String>,
    /// Bytes that came: out of the TLS records, or as they are where there is no TLS.
    pub bytes: Vec<u8>,
    /// The client has ended it.
    pub over: bool,
}

/// A door that ends TLS before a vendor that speaks plain text.
#[derive(Clone)]
pub struct Tls {
    pub config: Arc<ServerConfig>,
    pub vendor: SocketAddr,
    /// Said when the vendor itself ends a connection.
    pub cut: Farewell,
}

/// What a door does with who comes.
#[derive(Clone)]
pub enum Kind {
    Tls(Tls),
    /// Answers 400 in plain text to whatever comes.
    Plain,
    /// Takes all and says nothing.
    Silent,
}

/// One connection and its entry in the book.
pub struct Guest {
    book: Book,
    entry: usize,
}

impl Guest {
    pub fn enter(book: &Book) -> Self {
        let mut visits = lock(book);
        visits.push(Visit::default());
        Self {
            book: book.clone(),
            entry: visits.len() - 1,
        }
    }

    pub async fn serve(
        self,
        stream: TcpStream,
        kind: Kind,
        mut told: watch::Receiver<Option<Farewell>>,
    ) {
        // What was said before this connection came is not meant for it.
        told.mark_unchanged();
        match kind {
            Kind::Tls(tls) => self.tls(stream, tls, told).await,
            Kind::Plain => {
                let mut stream = stream;
                self.take(&mut stream).await;
                let answer =
                    b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
                let _ = stream.write_all(answer).await;
                let _ = stream.shutdown().await;
                self.drain(&mut stream).await;
            }
            Kind::Silent => {
                let mut stream = stream;
                self.drain(&mut stream).await;
            }
        }
        self.note(|visit| visit.over = true);
    }

    async fn tls(
        &self,
        stream: TcpStream,
        Tls {
            config,
            vendor,
            cut,
        }: Tls,
        mut told: watch::Receiver<Option<Farewell>>,
    ) {
        let hello = match LazyConfigAcceptor::new(Acceptor::default(), stream).await {
            Ok(hello) => hello,
            Err(error) => return self.note(|visit| visit.failed = Some(error.to_string())),
        };
        self.note(|visit| {
            let hello = hello.client_hello();
            visit.server_name = hello.server_name().map(str::to_owned);
            let offered = hello.alpn().into_iter().flatten();
            visit.offered = offered.map(text).collect();
        });
        let mut stream = match hello.into_stream(config).await {
            Ok(stream) => stream,
            Err(error) => return self.note(|visit| visit.failed = Some(error.to_string())),
        };
        let session = stream.get_ref().1;
        let (agreed, version) = (
            session.alpn_protocol().map(text),
            session.protocol_version(),
        );
        self.note(|visit| (visit.agreed, visit.version) = (agreed, version));
        let Ok(mut vendor) = TcpStream::connect(vendor).await else {
            return;
        };
        let mut answer = [0; 16 * 1024];
        let farewell = loop {
            tokio::select! {
                came = self.take(&mut stream) => match came {
                    Some(bytes) => {
                        if vendor.write_all(&bytes).await.is_err() {
                            break cut;
                        }
                    }
                    None => return,
                },
                count = vendor.read(&mut answer) => match count {
                    Ok(count) if count > 0 => {
                        if stream.write_all(&answer[..count]).await.is_err()
                            || stream.flush().await.is_err()
                        {
                            return;
                        }
                    }
                    _ => break cut,
                },
                Ok(()) = told.changed() => {
                    break told.borrow_and_update().unwrap_or(cut);
                }
            }
        };
        self.leave(stream, farewell).await;
    }

    async fn leave(&self, mut stream: TlsStream<TcpStream>, farewell: Farewell) {
        if farewell != Farewell::Rude {
            stream.get_mut().1.send_close_notify();
            let _ = stream.flush().await;
        }
        let (mut stream, _) = stream.into_inner();
        if farewell != Farewell::Word {
            let _ = stream.shutdown().await;
        }
        // The rest is TLS records, no bytes of the client's.
        let mut rest = [0; 1024];
        while stream.read(&mut rest).await.is_ok_and(|count| count > 0) {}
    }

    /// Some bytes, noted; `None` at the end.
    async fn take(&self, stream: &mut (impl AsyncRead + Unpin)) -> Option<Vec<u8>> {
        let mut chunk = [0; 16 * 1024];
        let count = stream.read(&mut chunk).await.ok()?;
        let bytes = &chunk[..count];
        self.note(|visit| visit.bytes.extend_from_slice(bytes));
        (count > 0).then(|| bytes.to_vec())
    }

    async fn drain(&self, stream: &mut (impl AsyncRead + Unpin)) {
        while self.take(stream).await.is_some() {}
    }

    fn note(&self, change: impl FnOnce(&mut Visit)) {
        change(&mut lock(&self.book)[self.entry]);
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

pub fn lock(visits: &Mutex<Vec<Visit>>) -> MutexGuard<'_, Vec<Visit>> {
    visits.lock().expect("nobody panics with the book")
}
