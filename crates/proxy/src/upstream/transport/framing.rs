//! What the head of an answer says of its body's end and of its connection (RFC 9112 §6, §9).

use std::time::Duration;

use http::Method;

use super::chunked::Chunked;
use super::head::Head;
use crate::upstream::call::answer_fields::{AnswerFields, text};
use crate::upstream::call::failure::{Failure, FailureKind};

/// How the end of a body is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Framing {
    /// There is none.
    Empty,
    /// So many bytes are left.
    Length(u64),
    Chunked(Chunked),
    /// It ends with its connection.
    UntilClose,
}

/// How the end of the body behind a head is found (RFC 9112 §6.3).
///
/// # Errors
/// The head says it in no way that can be followed.
pub fn framing(head: &Head, method: &Method) -> Result<Framing, Failure> {
    if *method == Method::HEAD || matches!(head.status, 204 | 304) {
        return Ok(Framing::Empty);
    }
    let garbled = |detail| Failure::new(FailureKind::Garbled, detail);
    if head.fields.contains("transfer-encoding") {
        if head.old {
            return Err(garbled("HTTP/1.0 has no transfer codings"));
        }
        return Ok(if is_chunked(&head.fields) {
            Framing::Chunked(Chunked::default())
        } else {
            Framing::UntilClose
        });
    }
    if !head.fields.contains("content-length") {
        return Ok(Framing::UntilClose);
    }
    length(&head.fields)
        .map(Framing::Length)
        .ok_or_else(|| garbled("the lengths of the answer are no numbers, or differ"))
}

/// Whether the last transfer coding is `chunked`.
fn is_chunked(fields: &AnswerFields) -> bool {
    let last = fields.members("transfer-encoding").last();
    last.is_some_and(|last| last.eq_ignore_ascii_case("chunked"))
}

/// The one length that all values of `Content-Length` give (RFC 9110 §8.6).
fn length(fields: &AnswerFields) -> Option<u64> {
    let mut length = None;
    for line in fields.get_all("content-length") {
        for member in text(line)?.split(',') {
            let member = member.trim();
            // `parse` takes a sign.
            if !member.bytes().all(|byte| byte.is_ascii_digit()) {
                return None;
            }
            let given = member.parse().ok()?;
            if length.is_some_and(|known| known != given) {
                return None;
            }
            length = Some(given);
        }
    }
    length
}

/// For how long the connection behind an answer may serve again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Persistence {
    /// As far as the head tells: until the vendor closes it.
    Open,
    /// As the vendor's `Keep-Alive: timeout=` says, with a margin.
    For(Duration),
    /// It ends with this answer.
    Ends,
}

/// The vendor begins to count before we do.
const MARGIN: Duration = Duration::from_secs(1);

/// What the head of an answer says of its connection (RFC 9112 §9.3, §6.3).
pub fn persistence(head: &Head) -> Persistence {
    let fields = &head.fields;
    let option = |wanted: &str| {
        fields
            .members("connection")
            .any(|option| option.eq_ignore_ascii_case(wanted))
    };
    let bodiless = matches!(head.status, 204 | 304);
    // Both are how a second answer is smuggled in (RFC 9112 §6.3); neither ends with the connection.
    let framed = bodiless || is_chunked(fields) != fields.contains("content-length");
    let old = head.old && !option("keep-alive");
    if !framed || old || option("close") || head.status == 101 {
        return Persistence::Ends;
    }
    let timeout = fields.members("keep-alive").find_map(|member| {
        let (name, seconds) = member.split_once('=')?;
        let named = name.trim().eq_ignore_ascii_case("timeout");
        named.then(|| seconds.trim().parse().ok()).flatten()
    });
    match timeout.map(Duration::from_secs) {
        Some(keep) => Persistence::For(keep - MARGIN.min(keep / 2)),
        None => Persistence::Open,
    }
}

#[cfg(test)]
mod tests {
    use super::super::head;
    use super::*;

    fn of(old: bool, status: u16, fields: &[(&str, &str)]) -> Persistence {
        let mut all = AnswerFields::default();
        for (name, value) in fields {
            all.push(name.as_bytes(), value.as_bytes());
        }
        persistence(&Head {
            status,
            old,
            fields: all,
        })
    }

    #[test]
    fn the_head_tells_how_long_a_connection_lasts() {
        use Persistence::{Ends, For, Open};
        let length = ("content-length", "2");
        let chunked = ("transfer-encoding", "chunked");
        for (status, fields, expected) in [
            (200, vec![length], Open),
            (200, vec![chunked], Open),
            (204, vec![], Open),
            (304, vec![], Open),
            (200, vec![], Ends),
            (205, vec![], Ends),
            (200, vec![length, chunked], Ends),
            (200, vec![("transfer-encoding", "gzip")], Ends),
            (200, vec![length, ("connection", "close")], Ends),
            (200, vec![length, ("connection", "x, Close")], Ends),
            (
                200,
                vec![
                    length,
                    ("connection", "keep-alive"),
                    ("connection", "close"),
                ],
                Ends,
            ),
            (101, vec![length], Ends),
            (
                200,
                vec![length, ("keep-alive", "timeout=20, max=100")],
                For(Duration::from_secs(19)),
            ),
            (
                200,
                vec![length, ("keep-alive", "max=5, Timeout = 1")],
                For(Duration::from_millis(500)),
            ),
            (
                200,
                vec![length, ("keep-alive", "timeout=0")],
                For(Duration::ZERO),
            ),
            (200, vec![length, ("keep-alive", "timeout=soon")], Open),
        ] {
            assert_eq!(of(false, status, &fields), expected, "{status} {fields:?}");
        }
        assert_eq!(of(true, 200, &[length]), Ends);
        let asked = ("connection", "Keep-Alive");
        assert_eq!(of(true, 200, &[length, asked]), Open);
    }
    fn head(text: &str) -> Head {
        head::parse(text.as_bytes()).unwrap().unwrap().0
    }

    fn framed(fields: &str) -> Result<Framing, FailureKind> {
        let head = head(&format!("HTTP/1.1 200 OK\r\n{fields}\r\n"));
        framing(&head, &Method::GET).map_err(|failure| failure.kind)
    }

    #[test]
    fn the_framing_follows_the_standard() {
        let garbled = Err(FailureKind::Garbled);
        for (fields, expected) in [
            ("", Ok(Framing::UntilClose)),
            ("Content-Length: 12\r\n", Ok(Framing::Length(12))),
            (
                "Content-Length: 12, 12\r\nContent-Length: 12\r\n",
                Ok(Framing::Length(12)),
            ),
            (
                "Content-Length: 12\r\nContent-Length: 13\r\n",
                garbled.clone(),
            ),
            ("Content-Length: +12\r\n", garbled.clone()),
            ("Content-Length:\r\n", garbled.clone()),
            ("Content-Length: 99999999999999999999\r\n", garbled),
            ("Transfer-Encoding: gzip\r\n", Ok(Framing::UntilClose)),
            (
                "Transfer-Encoding: chunked, gzip\r\n",
                Ok(Framing::UntilClose),
            ),
            (
                "Transfer-Encoding: gzip\r\nTransfer-Encoding: Chunked\r\nContent-Length: 3\r\n",
                Ok(Framing::Chunked(Chunked::default())),
            ),
        ] {
            assert_eq!(framed(fields), expected, "{fields:?}");
        }
        for status in [204, 304] {
            let head = head(&format!("HTTP/1.1 {status} x\r\nContent-Length: 3\r\n\r\n"));
            assert_eq!(framing(&head, &Method::GET), Ok(Framing::Empty));
        }
        let old = head("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        assert!(framing(&old, &Method::GET).is_err());
    }

    #[test]
    fn a_head_was_asked_for_without_a_body() {
        let head = head("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n");
        assert_eq!(framing(&head, &Method::HEAD), Ok(Framing::Empty));
    }
}
