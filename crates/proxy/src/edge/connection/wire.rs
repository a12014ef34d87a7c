//! The bytes of a connection, and what of them is not used yet.

use std::cell::RefCell;
use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::task::Poll;

use bytes::{Buf, BytesMut};
use contract::GatewayProblem;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, ReadBuf};
use tokio::time::{Instant, timeout_at};

use super::alarm::Alarm;
use crate::edge::head::{Head, HeadReader, Refused};
use crate::settings::Limits;

/// How much is read at once.
const STEP: usize = 8 * 1024;

/// RFC 9112 §2.2: blank lines before a request are skipped. Some callers send one behind a body; who
/// sends more than this sends no requests.
const MOST_BLANK_LINES: usize = 16;

thread_local! {
    /// Where the first bytes of a request are read to. A connection that waits for them keeps no room of its own:
    /// with 8 KiB each, 10,000 idle ones held 80 MiB.
    static FIRST: RefCell<Box<[u8]>> = RefCell::new(vec![0; 2 * STEP].into());
}

pub struct Wire<S> {
    stream: S,
    buffer: BytesMut,
    alarm: Alarm,
}

/// What came instead of a request, or the request.
#[expect(
    clippy::large_enum_variant,
    reason = "nearly each one is a head, and lives for one step: a box would be an allocation a request"
)]
pub enum Next {
    Head(Head),
    Refused(Refused),
    Gone,
}

impl<S: AsyncRead + AsyncWrite + Unpin + Send> Wire<S> {
    pub fn new(stream: S) -> Self {
        Self {
            stream,
            buffer: BytesMut::new(),
            alarm: Alarm::default(),
        }
    }

    pub fn stream(&mut self) -> &mut S {
        &mut self.stream
    }

    pub fn buffer(&mut self) -> &mut BytesMut {
        &mut self.buffer
    }

    /// What came and is not used yet.
    pub fn bytes(&self) -> &[u8] {
        &self.buffer
    }

    /// Reads more into the buffer. 0: nothing more comes.
    ///
    /// # Errors
    /// The connection broke.
    pub async fn fill(&mut self) -> io::Result<usize> {
        self.buffer.reserve(STEP);
        self.stream.read_buf(&mut self.buffer).await
    }

    /// Waits for the first byte of a request. `false`: none comes, and nobody waits for an answer.
    pub async fn wait(&mut self, until: Instant) -> bool {
        while !self.begins() {
            if !self.first(until).await {
                return false;
            }
        }
        true
    }

    /// Reads what comes first. `false`: nothing more comes, or nothing in time.
    async fn first(&mut self, until: Instant) -> bool {
        if self.buffer.is_empty() {
            self.buffer = BytesMut::new();
        }
        let Self {
            stream,
            buffer,
            alarm,
        } = self;
        poll_fn(|context| {
            let read = FIRST.with_borrow_mut(|room| {
                let mut room = ReadBuf::new(room);
                let read = Pin::new(&mut *stream).poll_read(context, &mut room);
                buffer.extend_from_slice(room.filled());
                read.map_ok(|()| !room.filled().is_empty())
            });
            match read {
                Poll::Ready(came) => Poll::Ready(came.unwrap_or(false)),
                Poll::Pending => alarm.poll(until, context).map(|()| false),
            }
        })
        .await
    }

    /// Drops blank lines. Whether something else is there; what comes behind too many of them is left
    /// for the reader of heads to refuse.
    fn begins(&mut self) -> bool {
        for _ in 0..MOST_BLANK_LINES {
            match &self.buffer[..] {
                [b'\r', b'\n', ..] => self.buffer.advance(2),
                [b'\n', ..] => self.buffer.advance(1),
                [] | [b'\r'] => return false,
                _ => return true,
            }
        }
        !self.buffer.is_empty()
    }

    /// Reads the head that began.
    pub async fn head(&mut self, until: Instant, limits: &Limits) -> Next {
        let mut reader = HeadReader::default();
        loop {
            match reader.step(&self.buffer, limits) {
                Ok(Some(head)) => {
                    self.buffer.advance(head.length);
                    return Next::Head(head);
                }
                Ok(None) => {}
                Err(refused) => return Next::Refused(refused),
            }
            let (problem, detail) = match timeout_at(until, self.fill()).await {
                Ok(Ok(1..)) => continue,
                Ok(Ok(0)) => (
                    GatewayProblem::MalformedRequest,
                    "The request ended within its head.",
                ),
                Ok(Err(_)) => return Next::Gone,
                Err(_) => (
                    GatewayProblem::RequestTimeout,
                    "The request head did not come in time.",
                ),
            };
            return Next::Refused(reader.refused(problem, detail));
        }
    }
}
