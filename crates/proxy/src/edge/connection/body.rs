//! The body of a request, out of its connection.

use std::time::Duration;

use async_trait::async_trait;
use bytes::{Buf, Bytes};
use tokio::io::{AsyncRead, AsyncWrite};

use super::chunked::{Chunked, Piece};
use super::response::{CONTINUE, write_all};
use super::wire::Wire;
use crate::edge::head::Head;
use crate::edge::head::framing::Framing;
use crate::engine::{BodyError, BodySource};

pub struct Body<'w, S> {
    wire: &'w mut Wire<S>,
    left: Left,
    /// The caller waits to be told to send.
    expects: bool,
    write: Duration,
}

/// What of the body is still to come.
enum Left {
    Length(u64),
    Chunked(Chunked),
    Broken,
}

impl<'w, S: AsyncRead + AsyncWrite + Unpin + Send> Body<'w, S> {
    pub fn new(wire: &'w mut Wire<S>, head: &Head, write: Duration) -> Self {
        let left = match head.framing {
            Framing::None => Left::Length(0),
            Framing::Length(length) => Left::Length(length),
            Framing::Chunked => Left::Chunked(Chunked::default()),
        };
        Self {
            wire,
            left,
            expects: head.expects,
            write,
        }
    }

    /// What the bytes that are there give.
    fn piece(&mut self) -> Result<Piece, &'static str> {
        let buffer = self.wire.buffer();
        match &mut self.left {
            Left::Length(0) => Ok(Piece::End),
            Left::Length(_) if buffer.is_empty() => Ok(Piece::More),
            Left::Length(left) => {
                let taken =
                    usize::try_from(*left).map_or(buffer.len(), |left| left.min(buffer.len()));
                *left -= taken as u64;
                Ok(Piece::Data(buffer.split_to(taken).freeze()))
            }
            Left::Chunked(chunked) => {
                let piece = chunked.next(buffer);
                if piece.is_err() {
                    self.left = Left::Broken;
                }
                piece
            }
            Left::Broken => Err("the body is broken"),
        }
    }

    /// Drops what came of a body that was not read to its end. Whether that was all of it, so that the
    /// next request of the connection can be found.
    pub fn skip_what_is_here(mut self) -> bool {
        loop {
            match self.piece() {
                Ok(Piece::Data(_)) => {}
                Ok(Piece::End) => return true,
                Ok(Piece::More) | Err(_) => return false,
            }
        }
    }

    /// RFC 9110 §10.1.1: not needed by a caller who sent without waiting, or has nothing to send.
    async fn invite(&mut self) {
        if self.expects && !self.wire.buffer().has_remaining() {
            write_all(self.wire.stream(), CONTINUE, self.write).await;
        }
        self.expects = false;
    }
}

#[async_trait]
impl<S: AsyncRead + AsyncWrite + Unpin + Send> BodySource for Body<'_, S> {
    async fn chunk(&mut self) -> Result<Option<Bytes>, BodyError> {
        loop {
            match self.piece() {
                Ok(Piece::Data(data)) => return Ok(Some(data)),
                Ok(Piece::End) => return Ok(None),
                Ok(Piece::More) => {}
                Err(cause) => return Err(BodyError::Broken(cause.to_owned())),
            }
            self.invite().await;
            match self.wire.fill().await {
                Ok(1..) => {}
                Ok(0) => {
                    self.left = Left::Broken;
                    return Err(BodyError::Broken("the body ended early".to_owned()));
                }
                Err(error) => {
                    self.left = Left::Broken;
                    return Err(BodyError::Broken(error.kind().to_string()));
                }
            }
        }
    }
}
