//! The body of an answer, read to its end into one buffer.

use std::io;

use bytes::{Buf, Bytes};

use super::chunked::Step;
use super::clock::Clock;
use super::coding::{self, Decoder};
use super::exchange::{Broken, Exchange};
use super::framing::Framing;
use crate::upstream::call::answer_fields::AnswerFields;
use crate::upstream::call::failure::{Failure, FailureKind};

/// Reads a body of at most `limit` bytes, decoded.
pub struct BodyReader<'a> {
    framing: Framing,
    fields: &'a AnswerFields,
    limit: usize,
    content: Content,
}

/// What came so far.
enum Content {
    Nothing,
    Plain(Vec<u8>),
    Coded(Decoder),
}

impl<'a> BodyReader<'a> {
    pub const fn new(framing: Framing, fields: &'a AnswerFields, limit: usize) -> Self {
        Self {
            framing,
            fields,
            limit,
            content: Content::Nothing,
        }
    }

    /// The whole body.
    ///
    /// # Errors
    /// It is too large, cut, or in codings that we do not know. Nothing is no matter of codings.
    pub async fn read(
        mut self,
        exchange: &mut Exchange,
        clock: &mut Clock<'_>,
    ) -> Result<Bytes, Failure> {
        while !self.take(exchange)? {
            match exchange.fill(clock).await {
                Ok(()) => {}
                Err(Broken::End) if self.framing == Framing::UntilClose => break,
                Err(broken) => return Err(cut(broken)),
            }
        }
        match self.content {
            Content::Nothing => Ok(Bytes::new()),
            Content::Plain(body) => Ok(body.into()),
            Content::Coded(decoder) => decoder.finish().map(Bytes::from),
        }
    }

    /// Takes what is there; whether that was the last of it.
    fn take(&mut self, exchange: &mut Exchange) -> Result<bool, Failure> {
        let buffer = exchange.buffer();
        loop {
            let there = buffer.len();
            let (data, more) = match &mut self.framing {
                Framing::Empty | Framing::Length(0) => return Ok(true),
                Framing::Length(left) => {
                    let data = usize::try_from(*left).map_or(there, |left| left.min(there));
                    (data, *left)
                }
                Framing::Chunked(chunked) => {
                    let (framing, step) = chunked
                        .next(buffer)
                        .map_err(|detail| Failure::new(FailureKind::Garbled, detail))?;
                    buffer.advance(framing);
                    match step {
                        Step::Data(data) => (data, 0),
                        Step::More => return Ok(false),
                        Step::End => return Ok(true),
                    }
                }
                Framing::UntilClose => (there, 0),
            };
            if data == 0 {
                return Ok(false);
            }
            self.push(buffer.get(..data).unwrap_or_default(), more)?;
            buffer.advance(data);
            if let Framing::Length(left) = &mut self.framing {
                *left -= data as u64;
            }
        }
    }

    /// Takes a piece, which is not empty. `known`: so many bytes come with it; 0 where nobody knows.
    fn push(&mut self, piece: &[u8], known: u64) -> Result<(), Failure> {
        if let Content::Nothing = self.content {
            let codings = coding::of(self.fields)?;
            self.content = if codings.is_empty() {
                let known = usize::try_from(known).unwrap_or(usize::MAX);
                if known > self.limit {
                    return Err(coding::too_large(self.limit));
                }
                Content::Plain(Vec::with_capacity(known.max(piece.len())))
            } else {
                Content::Coded(Decoder::new(&codings, self.limit))
            };
        }
        match &mut self.content {
            Content::Nothing => {}
            Content::Coded(decoder) => decoder.push(piece)?,
            Content::Plain(body) => {
                if body.len() + piece.len() > self.limit {
                    return Err(coding::too_large(self.limit));
                }
                // A quarter more, not twice as much: at the last step both are held.
                if body.capacity() - body.len() < piece.len() {
                    body.reserve_exact(piece.len().max(body.len() / 4));
                }
                body.extend_from_slice(piece);
            }
        }
        Ok(())
    }
}

/// Why a body has no end: it was cut, or what came is not what TLS sends.
fn cut(broken: Broken) -> Failure {
    match broken {
        Broken::Late => Failure::new(FailureKind::Timeout, "the body did not end in time"),
        Broken::End => Failure::new(FailureKind::Cut, "the connection ended within the body"),
        Broken::Io(error) => {
            let kind = match error.kind() {
                io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => FailureKind::Garbled,
                _ => FailureKind::Cut,
            };
            Failure::new(kind, format!("the connection broke: {}", error.kind()))
        }
    }
}
