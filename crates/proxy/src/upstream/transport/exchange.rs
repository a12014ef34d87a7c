//! One request on one connection, and what comes back of it.

use std::future::poll_fn;
use std::io;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::{Buf, BytesMut};
use tokio::io::AsyncReadExt;
use tokio::time::timeout;

use super::clock::Clock;
use super::connection::Connection;
use super::head::{self, Head};
use super::outgoing::Outgoing;
use crate::upstream::call::failure::{Failure, FailureKind};

/// Read at once: head and body of most answers, so that they take one read.
const STEP: usize = 8 * 1024;
/// The same once an answer has turned out to be long.
const LONG_STEP: usize = 64 * 1024;

/// How long the rest of a request is written whose answer came before it was whole. The vendor may need it
/// for what it has promised.
const REST: Duration = Duration::from_secs(10);

pub struct Exchange {
    connection: Connection,
    outgoing: Outgoing,
    /// What came and is not used yet.
    buffer: BytesMut,
    /// The last read filled the buffer: more of the answer lies ready.
    filled: bool,
}

/// Why nothing more comes.
#[derive(Debug)]
pub enum Broken {
    /// The deadline has passed.
    Late,
    /// The vendor closed the connection.
    End,
    Io(io::Error),
}

impl Exchange {
    pub fn new(connection: Connection, outgoing: Outgoing) -> Self {
        Self {
            connection,
            outgoing,
            buffer: BytesMut::new(),
            filled: false,
        }
    }

    pub fn buffer(&mut self) -> &mut BytesMut {
        &mut self.buffer
    }

    /// Whether no byte of the request left.
    pub const fn is_untouched(&self) -> bool {
        self.outgoing.is_untouched(self.connection.tls)
    }

    /// The head of the answer; interim ones are passed over (RFC 9110 §15.2).
    ///
    /// # Errors
    /// None came, or something else.
    pub async fn head(&mut self, clock: &mut Clock<'_>) -> Result<Head, Failure> {
        loop {
            while let Some((head, length)) = head::parse(&self.buffer)? {
                self.buffer.advance(length);
                match head.status {
                    // Nobody asked for another protocol, and no answer can follow in this one.
                    101 => {
                        return Err(Failure::new(
                            FailureKind::Garbled,
                            "the vendor switches to another protocol",
                        ));
                    }
                    100..=199 => {}
                    _ => return Ok(head),
                }
            }
            self.fill(clock).await.map_err(no_head)?;
        }
    }

    /// Writes what is left of the request and waits for more bytes of the answer.
    ///
    /// # Errors
    /// Nothing more comes.
    pub async fn fill(&mut self, clock: &mut Clock<'_>) -> Result<(), Broken> {
        self.buffer
            .reserve(if self.filled { LONG_STEP } else { STEP });
        poll_fn(|context| match self.poll_fill(context) {
            Poll::Ready(Ok(0)) => Poll::Ready(Err(Broken::End)),
            Poll::Ready(Ok(_)) => Poll::Ready(Ok(())),
            Poll::Ready(Err(error)) => Poll::Ready(Err(Broken::Io(error))),
            Poll::Pending => clock.poll(context).map(|()| Err(Broken::Late)),
        })
        .await?;
        self.filled = self.buffer.len() == self.buffer.capacity();
        Ok(())
    }

    fn poll_fill(&mut self, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
        if let Poll::Ready(Err(error)) = self.outgoing.poll_send(context, &mut self.connection) {
            return Poll::Ready(Err(error));
        }
        let mut read = std::pin::pin!(self.connection.stream.read_buf(&mut self.buffer));
        read.as_mut().poll(context)
    }

    /// The request, to be sent over another connection. This one ends.
    pub fn into_outgoing(self) -> Outgoing {
        self.outgoing.again()
    }

    /// The connection, once the answer was read to its end; `None`: it cannot serve again, because the
    /// vendor sent more than the answer or does not read the request.
    pub fn into_connection(self) -> Option<Connection> {
        if self.outgoing.is_sent() {
            return self.buffer.is_empty().then_some(self.connection);
        }
        if !self.outgoing.is_over() {
            tokio::spawn(timeout(REST, self.send_rest()));
        }
        None
    }

    async fn send_rest(mut self) {
        let send = poll_fn(|context| self.outgoing.poll_send(context, &mut self.connection));
        if let Err(error) = send.await {
            tracing::debug!(%error, "a vendor answered and read no further");
        }
    }
}

fn no_head(broken: Broken) -> Failure {
    match broken {
        Broken::Late => Failure::new(FailureKind::Timeout, "no answer in time"),
        Broken::End => Failure::new(
            FailureKind::Closed,
            "the connection was closed before the head of an answer was whole",
        ),
        Broken::Io(error) => Failure::new(
            FailureKind::Closed,
            format!("the connection broke: {}", error.kind()),
        ),
    }
}
