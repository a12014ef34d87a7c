//! The head of a read as nearly all callers send it, in one go and without a copy.

use httparse::{Header, Request, Status};

use crate::engine::{PlainHead, is_plain_host};

/// More fields than this are not plain; to make room for the most costs more than to read so few.
const FEW_FIELDS: usize = 32;

/// What may stand in a path and means itself (RFC 3986 §3.3): `pchar` without escapes, and the slash.
const fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(
            byte,
            b'/' | b'-'
                | b'.'
                | b'_'
                | b'~'
                | b'!'
                | b'$'
                | b'&'
                | b'\''
                | b'('
                | b')'
                | b'*'
                | b'+'
                | b','
                | b';'
                | b'='
                | b':'
                | b'@'
        )
}

static PLAIN: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = is_plain(byte as u8);
        byte += 1;
    }
    table
};

/// Reads a whole head. `None` for one that is not plain, not whole or not good: the whole reader
/// ([`super::HeadReader`]) looks at it then, and says which.
#[must_use]
pub fn read(bytes: &[u8]) -> Option<PlainHead<'_>> {
    if !bytes.starts_with(b"GET /") && !bytes.starts_with(b"HEAD /") {
        return None;
    }
    let mut fields = [httparse::EMPTY_HEADER; FEW_FIELDS];
    let mut request = Request::new(&mut fields);
    let Ok(Status::Complete(length)) = request.parse(bytes) else {
        return None;
    };
    let (method, path) = (request.method?, request.path?);
    if request.version != Some(1) || !path.bytes().all(|byte| PLAIN[usize::from(byte)]) {
        return None;
    }
    let mut head = PlainHead {
        is_get: method == "GET",
        path,
        fields: 0,
        accept: None,
        authorization: None,
        if_none_match: None,
        traceparent: None,
        length,
    };
    let mut host = None;
    for Header { name, value } in request.headers.iter() {
        // Name, colon, blank, value and line end: what the line costs on the wire.
        head.fields += name.len() + value.len() + 4;
        let is = |known: &str| name.eq_ignore_ascii_case(known);
        let once = match name.len() {
            4 if is("host") => &mut host,
            6 if is("accept") => &mut head.accept,
            11 if is("traceparent") => &mut head.traceparent,
            13 if is("authorization") => &mut head.authorization,
            13 if is("if-none-match") => &mut head.if_none_match,
            10 if is("connection") => {
                if value.eq_ignore_ascii_case(b"keep-alive") {
                    continue;
                }
                return None;
            }
            _ if means_more(name) => return None,
            _ => continue,
        };
        if once.replace(*value).is_some() {
            return None;
        }
    }
    let host = std::str::from_utf8(host?).ok()?;
    is_plain_host(host).then_some(head)
}

/// Whether a field makes more of a read than a plain one: it frames content, changes the connection, or asks
/// for something of the answer.
fn means_more(name: &str) -> bool {
    let is = |known: &str| name.eq_ignore_ascii_case(known);
    match name.len() {
        6 => is("expect") || is("pragma"),
        7 => is("upgrade"),
        8 => is("if-match"),
        12 => is("content-type"),
        13 => is("cache-control") || is("content-range"),
        14 => is("content-length"),
        15 => is("request-timeout") || is("idempotency-key"),
        16 => is("content-encoding"),
        17 => is("transfer-encoding"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edge::head::HeadReader;
    use crate::settings::Limits;

    fn head(lines: &str) -> String {
        format!("GET /v1/rooms/7 HTTP/1.1\r\nHost: a\r\n{lines}\r\n")
    }

    #[test]
    fn what_callers_send_is_plain() {
        for lines in [
            "",
            "Connection: keep-alive\r\n",
            "Accept: */*\r\nUser-Agent: x\r\nAccept-Encoding: gzip\r\n",
            "If-None-Match: \"a\", \"b\"\r\nAuthorization: Bearer k\r\nTraceParent: 00-1\r\n",
        ] {
            let bytes = head(lines);
            let plain = read(bytes.as_bytes()).unwrap_or_else(|| panic!("{lines}"));
            assert_eq!((plain.path, plain.length), ("/v1/rooms/7", bytes.len()));
            // The whole reader sees the same.
            let whole = HeadReader::default().step(bytes.as_bytes(), &Limits::default());
            let whole = whole.unwrap().unwrap();
            assert_eq!(whole.parts.uri.path(), plain.path);
            assert_eq!(whole.length, plain.length);
            assert!(whole.persists && !whole.expects);
            let size = |(name, value): (&http::HeaderName, &http::HeaderValue)| {
                name.as_str().len() + value.len() + 4
            };
            assert_eq!(
                whole.parts.headers.iter().map(size).sum::<usize>(),
                plain.fields
            );
        }
        let bytes = head("").replace("GET", "HEAD");
        assert!(read(bytes.as_bytes()).is_some_and(|head| !head.is_get));
        let bare = head("").replace("\r\n", "\n");
        assert!(
            read(bare.as_bytes()).is_some(),
            "RFC 9112 section 2.2 lets it"
        );
    }

    #[test]
    fn everything_else_is_left_to_the_whole_reader() {
        for lines in [
            "Host: b\r\n",
            "Connection: close\r\n",
            "Connection: keep-alive, upgrade\r\n",
            "Accept: a/b\r\nAccept: c/d\r\n",
            "Cache-Control: max-age=3\r\n",
            "Pragma: no-cache\r\n",
            "If-Match: *\r\n",
            "If-None-Match: \"a\"\r\nIf-None-Match: \"b\"\r\n",
            "Content-Length: 0\r\n",
            "Transfer-Encoding: chunked\r\n",
            "Expect: 100-continue\r\n",
            "Request-Timeout: 3\r\n",
            "Authorization: a\r\nauthorization: a\r\n",
            "X: y\r\n z\r\n",
            "X y\r\n",
        ] {
            assert!(read(head(lines).as_bytes()).is_none(), "{lines}");
        }
        for bytes in [
            head("").replace("Host: a", "Host: a@b"),
            head("").replace("Host: a\r\n", ""),
            head("").replace("/7", "/7?a=b"),
            head("").replace("/7", "/%37"),
            head("").replace("/7", "/7#"),
            head("").replace("/7", "/<"),
            head("").replace("1.1", "1.0"),
            head("").replace("GET", "POST"),
            head("").replace("GET ", "GET  "),
            head("").replace(" /v1", " http://a/v1"),
            head(&"a: b\r\n".repeat(40)),
        ] {
            assert!(read(bytes.as_bytes()).is_none(), "{bytes}");
        }
        let whole = head("");
        for end in 0..whole.len() {
            assert!(read(&whole.as_bytes()[..end]).is_none(), "{end}");
        }
    }
}
