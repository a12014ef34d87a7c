//! gzip (RFC 1952) and deflate (RFC 1950, or bare RFC 1951) as they come in pieces.

use flate2::{Decompress, FlushDecompress, Status};

/// What is given on at once.
const PIECE: usize = 16 * 1024;
/// A gzip file may be several in a row. Each costs a window, and an honest one is not tiny.
const MOST_MEMBERS: usize = 1024;
/// 2^15 bytes, the most there is.
const WINDOW_BITS: u8 = 15;

/// A content or transfer coding that is decoded here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coding {
    Gzip,
    Deflate,
}

/// Why bytes cannot be decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InflateError {
    /// Not of the coding, or something else behind its end.
    Corrupt,
    TooLarge,
    TooManyMembers,
    Truncated,
}

/// Decodes one coding.
pub struct Inflate {
    coding: Coding,
    state: State,
    members: usize,
    produced: usize,
    limit: usize,
    scratch: Vec<u8>,
}

enum State {
    /// Before the first byte.
    Fresh,
    /// Of a deflate: two bytes tell whether it has a frame.
    First(u8),
    Running(Decompress),
    Ended,
}

impl Inflate {
    /// Makes at most `limit` bytes.
    pub fn new(coding: Coding, limit: usize) -> Self {
        Self {
            coding,
            state: State::Fresh,
            members: 0,
            produced: 0,
            limit,
            scratch: vec![0; PIECE],
        }
    }

    /// Gives on what the next bytes become.
    ///
    /// # Errors
    /// The bytes are not of the coding, they make too much, or `give` fails.
    pub fn push(
        &mut self,
        mut input: &[u8],
        give: &mut dyn FnMut(&[u8]) -> Result<(), InflateError>,
    ) -> Result<(), InflateError> {
        while let Some((first, rest)) = input.split_first() {
            match (&mut self.state, self.coding) {
                (State::Running(_), _) => input = self.run(input, give)?,
                (State::Fresh, Coding::Gzip) => self.begin_member()?,
                (State::Fresh, Coding::Deflate) => {
                    self.state = State::First(*first);
                    input = rest;
                }
                (State::First(before), _) => {
                    let head = [*before, *first];
                    self.state = State::Running(Decompress::new(has_zlib_head(head)));
                    input = rest;
                    // Two bytes are never a whole frame, and of a bare stream perhaps all.
                    self.run(&head, give)?;
                }
                // Padding, as gzip(1) takes it.
                (State::Ended, _) if *first == 0 => input = rest,
                (State::Ended, Coding::Gzip) => self.begin_member()?,
                (State::Ended, Coding::Deflate) => return Err(InflateError::Corrupt),
            }
        }
        Ok(())
    }

    /// # Errors
    /// The stream began and did not end.
    pub fn finish(&self) -> Result<(), InflateError> {
        match self.state {
            State::Fresh | State::Ended => Ok(()),
            State::First(_) | State::Running(_) => Err(InflateError::Truncated),
        }
    }

    fn begin_member(&mut self) -> Result<(), InflateError> {
        self.members += 1;
        if self.members > MOST_MEMBERS {
            return Err(InflateError::TooManyMembers);
        }
        self.state = State::Running(Decompress::new_gzip(WINDOW_BITS));
        Ok(())
    }

    /// Takes bytes until they are used up or the stream ends; returns those behind its end.
    fn run<'i>(
        &mut self,
        mut input: &'i [u8],
        give: &mut dyn FnMut(&[u8]) -> Result<(), InflateError>,
    ) -> Result<&'i [u8], InflateError> {
        let State::Running(stream) = &mut self.state else {
            return Ok(input);
        };
        loop {
            let (before_in, before_out) = (stream.total_in(), stream.total_out());
            let status = stream
                .decompress(input, &mut self.scratch, FlushDecompress::None)
                .map_err(|_| InflateError::Corrupt)?;
            let taken = count(stream.total_in() - before_in);
            let made = count(stream.total_out() - before_out);
            self.produced += made;
            if self.produced > self.limit {
                return Err(InflateError::TooLarge);
            }
            // Both counts come from the slices that were given.
            give(self.scratch.get(..made).unwrap_or_default())?;
            input = input.get(taken..).unwrap_or_default();
            if status == Status::StreamEnd {
                self.state = State::Ended;
                return Ok(input);
            }
            // A full piece may hide more that is ready.
            if made == PIECE {
                continue;
            }
            if input.is_empty() {
                return Ok(input);
            }
            if taken == 0 && made == 0 {
                return Err(InflateError::Corrupt);
            }
        }
    }
}

fn count(bytes: u64) -> usize {
    usize::try_from(bytes).unwrap_or(usize::MAX)
}

/// RFC 9110 §8.4.1.2: deflate is framed by zlib, and some send the bare stream. RFC 1950 §2.2: method 8,
/// and both bytes together are a multiple of 31. A bare stream that begins so would have to be a stored
/// block with odd padding.
fn has_zlib_head(head: [u8; 2]) -> bool {
    head[0] & 0x0f == 8 && u16::from_be_bytes(head).is_multiple_of(31)
}
