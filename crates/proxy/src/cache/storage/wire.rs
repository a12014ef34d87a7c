//! A stored answer as bytes, so that a hit copies its head once and writes nothing anew but `Age`,
//! `Cache-Status`, `Date` and `Connection`.

use bytes::{Bytes, BytesMut};
use http::header::{CACHE_CONTROL, ETAG};
use http::{HeaderMap, HeaderName, StatusCode};

/// The head of an answer without its end.
#[derive(Debug)]
pub struct Wire {
    /// Status line and fields; those that a 304 has are the last.
    head: Bytes,
    /// Where those begin.
    of_304: usize,
}

impl Wire {
    /// A body up to this size lies behind its head in one piece of memory: a hit of an entry that nobody asked
    /// for lately then waits once for memory, and not twice. And it is copied to leave with its head.
    pub const ONE_PIECE: usize = 16 * 1024;

    /// The head of an answer with these fields, and its body.
    #[must_use]
    pub fn of(status: StatusCode, headers: &HeaderMap, body: &Bytes) -> (Self, Bytes) {
        let is_of_304 = |name: &HeaderName| matches!(*name, ETAG | CACHE_CONTROL);
        let mut bytes = BytesMut::with_capacity(256 + body.len().min(Self::ONE_PIECE));
        bytes.extend_from_slice(b"HTTP/1.1 ");
        bytes.extend_from_slice(status.as_str().as_bytes());
        bytes.extend_from_slice(b" ");
        bytes.extend_from_slice(status.canonical_reason().unwrap_or_default().as_bytes());
        bytes.extend_from_slice(b"\r\n");
        let mut of_304 = 0;
        for those in [false, true] {
            of_304 = bytes.len();
            for (name, value) in headers {
                if is_of_304(name) == those {
                    bytes.extend_from_slice(name.as_str().as_bytes());
                    bytes.extend_from_slice(b": ");
                    bytes.extend_from_slice(value.as_bytes());
                    bytes.extend_from_slice(b"\r\n");
                }
            }
        }
        let end = bytes.len();
        if body.len() > Self::ONE_PIECE {
            let head = bytes.freeze();
            return (Self { head, of_304 }, body.clone());
        }
        bytes.extend_from_slice(body);
        let mut head = bytes.freeze();
        let body = head.split_off(end);
        (Self { head, of_304 }, body)
    }

    /// Appends status line and fields.
    pub fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.head);
    }

    /// The same of the 304 that stands for it.
    pub fn write_304(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(b"HTTP/1.1 304 Not Modified\r\n");
        out.extend_from_slice(self.head.get(self.of_304..).unwrap_or_default());
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use http::header::{CONTENT_LENGTH, CONTENT_TYPE};

    use super::*;

    #[test]
    fn a_head_has_all_fields_and_a_304_its_own() {
        let mut headers = HeaderMap::new();
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("private"));
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(ETAG, HeaderValue::from_static("\"1\""));
        headers.insert(CONTENT_LENGTH, HeaderValue::from_static("2"));
        for body in [
            Bytes::from_static(b"{}"),
            vec![b' '; Wire::ONE_PIECE + 1].into(),
        ] {
            let (wire, kept) = Wire::of(StatusCode::OK, &headers, &body);
            assert_eq!(kept, body);
            let (mut whole, mut of_304) = (Vec::new(), Vec::new());
            wire.write(&mut whole);
            wire.write_304(&mut of_304);
            let lines = |bytes| {
                let text = String::from_utf8(bytes).unwrap();
                let mut lines: Vec<_> = text.lines().map(str::to_owned).collect();
                lines[1..].sort();
                lines
            };
            assert_eq!(
                lines(whole),
                [
                    "HTTP/1.1 200 OK",
                    "cache-control: private",
                    "content-length: 2",
                    "content-type: application/json",
                    "etag: \"1\""
                ]
            );
            assert_eq!(
                lines(of_304),
                [
                    "HTTP/1.1 304 Not Modified",
                    "cache-control: private",
                    "etag: \"1\""
                ]
            );
        }
    }
}
