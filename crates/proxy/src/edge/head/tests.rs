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
