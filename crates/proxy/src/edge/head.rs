//! The head of a request, out of its bytes (RFC 9112 §2 to §6). What could be read in two ways is
//! refused: somebody between the caller and us may have read it the other way.

use contract::GatewayProblem;
use http::header::{CONNECTION, CONTENT_LENGTH, EXPECT, TRANSFER_ENCODING};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Version};

use super::request_line::{self, RequestLine};
use crate::engine::Refusal;
use crate::settings::Limits;

/// More fields than this are no request of ours; it bounds what is kept of a head.
const MOST_FIELDS: usize = 256;

/// What nearly all requests have; to make room for the most costs more than to read so few.
const FEW_FIELDS: usize = 32;

/// What follows the head (RFC 9112 §6.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Framing {
    None,
    Length(u64),
    Chunked,
}

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

fn fields(bytes: &[u8]) -> Result<HeaderMap, (GatewayProblem, &'static str)> {
    const BAD: (GatewayProblem, &str) = (
        GatewayProblem::MalformedRequest,
        "A header line is not `Name: value`.",
    );
    let mut few = [httparse::EMPTY_HEADER; FEW_FIELDS];
    let mut most;
    let mut lines = httparse::parse_headers(bytes, &mut few);
    if lines == Err(httparse::Error::TooManyHeaders) {
        most = [httparse::EMPTY_HEADER; MOST_FIELDS];
        lines = httparse::parse_headers(bytes, &mut most);
    }
    let lines = match lines {
        Ok(httparse::Status::Complete((_, lines))) => lines,
        Err(httparse::Error::TooManyHeaders) => {
            let detail = "The request has too many header fields; at most 256 are read.";
            return Err((GatewayProblem::HeadersTooLarge, detail));
        }
        Ok(httparse::Status::Partial) | Err(_) => return Err(BAD),
    };
    let mut headers = HeaderMap::with_capacity(lines.len());
    for line in lines {
        let name = HeaderName::from_bytes(line.name.as_bytes()).map_err(|_| BAD)?;
        let value = HeaderValue::from_bytes(line.value).map_err(|_| BAD)?;
        headers.append(name, value);
    }
    Ok(headers)
}

/// RFC 9112 §6.3. A length beside chunks, or two of them, is refused: a server in front of us may have
/// gone by the other and taken the rest for a request of its own (§11.2).
fn framing(parts: &mut Parts) -> Result<Framing, &'static str> {
    let headers = &parts.headers;
    let mut codings = headers.get_all(TRANSFER_ENCODING).iter();
    let mut lengths = headers.get_all(CONTENT_LENGTH).iter();
    match (codings.next(), lengths.next()) {
        (None, None) => Ok(Framing::None),
        (Some(_), Some(_)) => {
            Err("The request has both Content-Length and Transfer-Encoding; send one of them.")
        }
        (Some(_), None) if parts.version != Version::HTTP_11 => {
            Err("HTTP/1.0 has no Transfer-Encoding.")
        }
        (Some(coding), None) => {
            let chunked = coding.as_bytes().eq_ignore_ascii_case(b"chunked");
            if chunked && codings.next().is_none() {
                Ok(Framing::Chunked)
            } else {
                Err("Transfer-Encoding can only be `chunked`, once.")
            }
        }
        (None, Some(length)) => {
            let digits = length.as_bytes();
            if lengths.next().is_some()
                || digits.is_empty()
                || !digits.iter().all(u8::is_ascii_digit)
            {
                return Err("Content-Length must be one number.");
            }
            // RFC 9112 §6.2: more digits than fit are a large length, not a small one.
            let length = length.to_str().ok().and_then(|text| text.parse().ok());
            if length.is_none() {
                parts
                    .headers
                    .insert(CONTENT_LENGTH, HeaderValue::from(u64::MAX));
            }
            Ok(Framing::Length(length.unwrap_or(u64::MAX)))
        }
    }
}

/// RFC 9110 §10.1.1: an expectation of HTTP/1.0 is ignored, and so is one that we do not know.
fn expects(parts: &Parts) -> bool {
    parts.version == Version::HTTP_11 && has_token(&parts.headers, &EXPECT, "100-continue")
}

/// RFC 9112 §9.3.
fn persists(parts: &Parts) -> bool {
    let says = |token| has_token(&parts.headers, &CONNECTION, token);
    !says("close") && (parts.version == Version::HTTP_11 || says("keep-alive"))
}

fn has_token(headers: &HeaderMap, name: &HeaderName, token: &str) -> bool {
    headers.get_all(name).iter().any(|value| {
        value
            .as_bytes()
            .split(|byte| *byte == b',')
            .any(|one| one.trim_ascii().eq_ignore_ascii_case(token.as_bytes()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(text: &str) -> Result<Option<Head>, String> {
        HeadReader::default()
            .step(text.as_bytes(), &Limits::default())
            .map_err(|refused| refused.refusal.code.to_string())
    }

    #[test]
    fn a_head_that_comes_byte_by_byte_is_the_same() {
        for text in [
            "GET /a?b HTTP/1.1\r\nHost: a\r\nX: 1\r\n\r\n",
            "GET /a?b HTTP/1.1\nHost: a\nX: 1\n\n",
            "GET /a?b HTTP/1.1\r\n\r\n",
            "GET /a?b HTTP/1.1\n\n",
        ] {
            let whole = head(text).unwrap().unwrap();
            let mut reader = HeadReader::default();
            let bytes = text.as_bytes();
            for end in 1..bytes.len() {
                let step = reader.step(&bytes[..end], &Limits::default());
                assert!(step.unwrap().is_none(), "{text:?} at {end}");
            }
            let slow = reader.step(bytes, &Limits::default()).unwrap().unwrap();
            assert_eq!(slow.parts.headers, whole.parts.headers);
            assert_eq!(slow.parts.uri, whole.parts.uri);
            assert_eq!(slow.length, bytes.len());
        }
    }

    #[test]
    fn one_length_or_chunks_frame_a_body() {
        let framing = |fields: &str| {
            head(&format!("POST / HTTP/1.1\r\n{fields}\r\n\r\n")).map(|head| head.unwrap().framing)
        };
        assert_eq!(framing("Content-Length: 007"), Ok(Framing::Length(7)));
        assert_eq!(framing("Transfer-Encoding: Chunked"), Ok(Framing::Chunked));
        assert_eq!(framing("A: b"), Ok(Framing::None));
        let long = format!("Content-Length: {}", "9".repeat(40));
        assert_eq!(framing(&long), Ok(Framing::Length(u64::MAX)));
        for fields in [
            "Content-Length: 1\r\nContent-Length: 1",
            "Content-Length: 1, 1",
            "Content-Length: +1",
            "Content-Length:",
            "Content-Length: 0x1",
            "Content-Length: 1 1",
            "Transfer-Encoding: chunked, chunked",
            "Transfer-Encoding: gzip, chunked",
            "Transfer-Encoding: identity",
            "Transfer-Encoding:",
            "Transfer-Encoding: chunked;q=1",
            "Transfer-Encoding: \u{b}chunked",
            "Content-Length: 1\r\nTransfer-Encoding: chunked",
        ] {
            assert_eq!(
                framing(fields),
                Err("malformed-request".to_owned()),
                "{fields}"
            );
        }
    }

    #[test]
    fn a_connection_persists_as_the_caller_says() {
        let persists = |version: &str, fields: &str| {
            let text = format!("GET / {version}\r\n{fields}\r\n\r\n");
            head(&text).unwrap().unwrap().persists
        };
        for fields in [
            "A: b",
            "Connection: keep-alive",
            "Connection: TE",
            "Connection:",
        ] {
            assert!(persists("HTTP/1.1", fields), "{fields}");
        }
        for fields in [
            "Connection: close",
            "Connection: CLOSE",
            "Connection: TE ,\tClose",
            "Connection: keep-alive, close",
            "Connection: keep-alive\r\nConnection: close",
        ] {
            assert!(!persists("HTTP/1.1", fields), "{fields}");
            assert!(!persists("HTTP/1.0", fields), "{fields}");
        }
        assert!(!persists("HTTP/1.0", "A: b"));
        assert!(!persists("HTTP/1.0", "Connection: TE"));
        assert!(persists("HTTP/1.0", "Connection: TE, Keep-Alive"));
    }

    #[test]
    fn only_http_1_1_expects() {
        let expects = |version: &str, value: &str| {
            let text = format!("POST / {version}\r\nExpect: {value}\r\nContent-Length: 1\r\n\r\n");
            head(&text).unwrap().unwrap().expects
        };
        assert!(expects("HTTP/1.1", "100-Continue"));
        assert!(expects("HTTP/1.1", "x, 100-continue"));
        assert!(!expects("HTTP/1.1", "200-ok"));
        assert!(!expects("HTTP/1.0", "100-continue"));
    }

    #[test]
    fn fields_are_bounded() {
        let text = format!("GET / HTTP/1.1\r\n{}\r\n", "A: b\r\n".repeat(257));
        assert_eq!(head(&text).unwrap_err(), "headers-too-large");
        let text = format!("GET / HTTP/1.1\r\nA: {}", "b".repeat(140 * 1024));
        assert_eq!(head(&text).unwrap_err(), "headers-too-large");
    }
}
