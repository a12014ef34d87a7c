//! A request on its way out, and how far it got.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use tokio::io::AsyncWrite;

use super::connection::Connection;

/// Up to this size a body is written behind its head, so that both are one buffer and leave by one
/// `send`; a larger one is not copied, and leaves with its head by `writev`.
const JOINED: usize = 16 * 1024;

/// A vendor that refuses a large body answers and closes before it has read all of it (RFC 9112 §9.6).
/// Then a write fails while the answer lies ready. So a write that fails because nobody reads is no
/// failure here: nothing more is written, and the next read tells: the answer, or the end.
pub struct Outgoing {
    /// The head, and a small body.
    head: Vec<u8>,
    body: Bytes,
    /// Bytes that the connection took.
    written: usize,
    flushed: bool,
    /// The vendor reads nothing any more.
    closed: bool,
}

impl Outgoing {
    pub fn new(mut head: Vec<u8>, mut body: Bytes) -> Self {
        if body.len() <= JOINED {
            head.extend_from_slice(&body);
            body = Bytes::new();
        }
        Self {
            head,
            body,
            written: 0,
            flushed: false,
            closed: false,
        }
    }

    /// Whether nothing is left to be written, or nobody there who would read it.
    pub const fn is_over(&self) -> bool {
        self.closed || self.flushed
    }

    /// Whether every byte left.
    pub const fn is_sent(&self) -> bool {
        self.flushed
    }

    /// Whether the connection took no byte. TLS may have taken some and then failed.
    pub const fn is_untouched(&self, tls: bool) -> bool {
        self.written == 0 && !tls
    }

    /// The same from its begin on, for another connection.
    pub fn again(self) -> Self {
        Self {
            written: 0,
            flushed: false,
            closed: false,
            ..self
        }
    }

    /// Writes as much as the connection takes.
    pub fn poll_send(
        &mut self,
        context: &mut Context<'_>,
        connection: &mut Connection,
    ) -> Poll<io::Result<()>> {
        if self.is_over() {
            return Poll::Ready(Ok(()));
        }
        match ready!(self.poll_write(context, connection)) {
            Err(error) if is_closed(&error) => {
                self.closed = true;
                Poll::Ready(Ok(()))
            }
            other => Poll::Ready(other),
        }
    }

    fn poll_write(
        &mut self,
        context: &mut Context<'_>,
        connection: &mut Connection,
    ) -> Poll<io::Result<()>> {
        loop {
            let head = self.head.get(self.written..).unwrap_or_default();
            let before = self.written.saturating_sub(self.head.len());
            let body = self.body.get(before..).unwrap_or_default();
            let stream = Pin::new(&mut connection.stream);
            let written = match (head, body) {
                ([], []) => break,
                ([], body) => stream.poll_write(context, body),
                (head, []) => stream.poll_write(context, head),
                (head, body) => {
                    let both = [IoSlice::new(head), IoSlice::new(body)];
                    stream.poll_write_vectored(context, &both)
                }
            };
            match ready!(written)? {
                0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                written => self.written += written,
            }
        }
        // A plain socket holds nothing back.
        if connection.tls {
            ready!(Pin::new(&mut connection.stream).poll_flush(context))?;
        }
        self.flushed = true;
        Poll::Ready(Ok(()))
    }
}

fn is_closed(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::BrokenPipe
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::NotConnected
    )
}
