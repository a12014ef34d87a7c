//! The head of a request, out of its bytes (RFC 9112 §2 to §6). What could be read in two ways is
//! refused: somebody between the caller and us may have read it the other way.

mod fields;
pub mod framing;
pub mod plain;
mod refusals;
mod request_line;
mod target;

use contract::GatewayProblem;
use http::request::Parts;

use crate::engine::Refusal;
use crate::settings::Limits;
use fields::fields;
use framing::{Framing, expects, framing, persists};
use request_line::RequestLine;

/// A whole head that was understood.
#[derive(Debug)]
pub struct Head {
    pub parts: Parts,
    pub framing: Framing,
    /// Whether the caller waits for `100 Continue` (RFC 9110 §10.1.1).
    pub expects: bool,
    /// Whether the caller would send another request on this connection (RFC 9112 §9.3).
    pub persists: bool,
    /// How many bytes it was.
    pub length: usize,
}

/// A head that is refused, with what is known of it.
#[derive(Debug)]
pub struct Refused {
    pub parts: Box<Parts>,
    pub refusal: Box<Refusal>,
}

impl Refused {
    pub fn new(refusal: Refusal) -> Self {
        Self {
            parts: Box::new(http::Request::new(()).into_parts().0),
            refusal: Box::new(refusal),
        }
    }
}

/// Reads a head that comes in pieces, each byte once.
#[derive(Debug, Default)]
pub struct HeadReader {
    line: Option<(RequestLine, usize)>,
    /// Up to here no end was found.
    scanned: usize,
}

impl HeadReader {
    /// `bytes` is all that came so far, from the first byte of the request line on. `None`: more is
    /// needed.
    ///
    /// # Errors
    /// Bytes that begin no request of HTTP/1.1, as soon as that can be seen.
    pub fn step(&mut self, bytes: &[u8], limits: &Limits) -> Result<Option<Head>, Refused> {
        if self.line.is_none() {
            let Some(end) = line_end(bytes, self.scanned) else {
                self.scanned = bytes.len();
                return match request_line::check_start(bytes) {
                    Ok(()) => Ok(None),
                    Err(refusal) => Err(Refused::new(refusal)),
                };
            };
            let text = bytes.get(..end).unwrap_or_default();
            let line = request_line::parse(text).map_err(Refused::new)?;
            self.line = Some((line, end));
            self.scanned = end;
        }
        let Some((line, start)) = &self.line else {
            return Ok(None);
        };
        let start = *start;
        let Some(end) = blank_line(bytes, start, &mut self.scanned) else {
            // What the limit counts is less than what a head takes on the wire: blanks around values.
            if bytes.len() - start > 2 * limits.headers + 8 * 1024 {
                let detail = "The header fields are too large to be read.";
                return Err(self.refused(GatewayProblem::HeadersTooLarge, detail));
            }
            return Ok(None);
        };
        let headers = match fields(bytes.get(start..end).unwrap_or_default()) {
            Ok(headers) => headers,
            Err((problem, detail)) => return Err(self.refused(problem, detail)),
        };
        let mut parts = line.parts();
        parts.headers = headers;
        self.line = None;
        match framing(&mut parts) {
            Ok(framing) => Ok(Some(Head {
                framing,
                expects: expects(&parts),
                persists: persists(&parts),
                parts,
                length: end,
            })),
            Err(detail) => Err(Refused {
                parts: Box::new(parts),
                refusal: Box::new(Refusal::new(GatewayProblem::MalformedRequest, detail)),
            }),
        }
    }

    /// The rest does not come: `problem` with what is known.
    pub fn refused(&self, problem: GatewayProblem, detail: &str) -> Refused {
        let mut refused = Refused::new(Refusal::new(problem, detail));
        if let Some((line, _)) = &self.line {
            refused.parts = Box::new(line.parts());
        }
        refused
    }
}

/// Behind the next line feed. RFC 9112 §2.2 allows to take one alone for the end of a line, and some
/// callers send that.
fn line_end(bytes: &[u8], from: usize) -> Option<usize> {
    let rest = bytes.get(from..)?;
    let at = rest.iter().position(|byte| *byte == b'\n')?;
    Some(from + at + 1)
}

/// Behind the blank line that ends the fields. `scanned` is the start of the line that was not seen
/// whole yet.
fn blank_line(bytes: &[u8], start: usize, scanned: &mut usize) -> Option<usize> {
    let mut from = (*scanned).max(start);
    loop {
        if let rest @ ([b'\n', ..] | [b'\r', b'\n', ..]) = bytes.get(from..)? {
            return Some(from + if rest.starts_with(b"\n") { 1 } else { 2 });
        }
        match line_end(bytes, from) {
            Some(next) => from = next,
            None => {
                *scanned = from;
                return None;
            }
        }
    }
}

#[cfg(test)]
mod tests;
