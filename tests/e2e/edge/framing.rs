//! Heads and bodies on the wire: what is not HTTP/1.1 ends the connection, and nothing is smuggled.

use crate::support::Sandboxed;

const ROOM: &str = "/v1/rooms/2101";
const NEW: &str = r#"{"type":"PHYSICAL_ROOM","external_id":"wire-1","name":"Aula"}"#;

/// 400 `malformed-request`, and the connection ends.
fn must_be_malformed(gateway: &Sandboxed, bytes: &[u8]) {
    let what = String::from_utf8_lossy(bytes);
    let (answer, mut client) = gateway.answer_to(bytes);
    assert_eq!(answer.status, 400, "{what:?}: {answer:?}");
    assert_eq!(answer.problem(), "malformed-request", "{what:?}");
    assert_eq!(answer.header("connection"), Some("close"), "{what:?}");
    assert!(client.is_closed(), "{what:?}: nothing more comes");
}

#[test]
fn exactly_one_good_host() {
    let gateway = Sandboxed::start();
    for host in [
        "",
        "Host: a\r\nHost: a\r\n",
        "Host: a\r\nHost: b\r\n",
        "Host: a b\r\n",
        "Host: a/b\r\n",
        "Host: user@a\r\n",
        "Host: a?b\r\n",
        "Host: a#b\r\n",
        "Host: a,b\r\n",
        "Host: a\\b\r\n",
        "Host: a:port\r\n",
        "Host: [::1\r\n",
        "Host: \u{e9}\r\n",
    ] {
        must_be_malformed(
            &gateway,
            format!("GET {ROOM} HTTP/1.1\r\n{host}\r\n").as_bytes(),
        );
    }
    assert_eq!(gateway.sandbox.ledger(), []);
    for host in [
        "Host: a",
        "Host: a:8080",
        "Host: 127.0.0.1",
        "Host: [::1]:80",
        "host:a",
        "Host:",
    ] {
        let (answer, _) =
            gateway.answer_to(format!("GET {ROOM} HTTP/1.1\r\n{host}\r\n\r\n").as_bytes());
        assert_eq!(answer.status, 200, "{host}: {answer:?}");
    }
}

#[test]
fn a_host_never_chooses_anything() {
    let gateway = Sandboxed::start();
    let (answer, _) = gateway.answer_to(format!("POST /v1/rooms HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: evil.example\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{NEW}", NEW.len()).as_bytes(),
    );
    assert_eq!(answer.status, 201, "{answer:?}");
    assert!(
        answer
            .header("location")
            .expect("a Location")
            .starts_with("/v1/rooms/"),
        "a path, no host"
    );
    let (absolute, _) = gateway.answer_to(
        format!("GET http://evil.example{ROOM} HTTP/1.1\r\nHost: evil.example\r\n\r\n").as_bytes(),
    );
    assert_eq!(
        absolute.status, 200,
        "RFC 9112 §3.2.2: the absolute form is taken: {absolute:?}"
    );
}

#[test]
fn what_is_not_http_gets_a_problem_and_the_end() {
    let gateway = Sandboxed::start();
    for head in [
        "nonsense\r\n\r\n",
        "GET\r\n\r\n",
        "GET /v1/rooms HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n",
        "GET /v1/rooms HTTP/1.1\r\nHost : a\r\n\r\n",
        "GET /v1/rooms HTTP/1.1\r\n Host: a\r\n\r\n",
        "GET /v1/rooms HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n\r\n",
        "GET /v1/rooms HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n",
        "GET /v1/rooms HTTP/9.1\r\nHost: a\r\n\r\n",
        "POST /v1/rooms HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
        "POST /v1/rooms HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        "POST /v1/rooms HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}",
        "POST /v1/rooms HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n",
        "POST /v1/rooms HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n",
        "POST /v1/rooms HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "\u{16}\u{3}\u{1}\u{2}\0\u{1}\0\u{1}\u{fc}\r\n\r\n",
    ] {
        must_be_malformed(&gateway, head.as_bytes());
    }
    // Both would reach the vendor as another name than was sent.
    let room = b"GET /v1/rooms/by-external-id/".as_slice();
    for name in [b"pr002#x".as_slice(), b"pr002#", b"a\xff", b"a\xc3"] {
        must_be_malformed(
            &gateway,
            &[room, name, b" HTTP/1.1\r\nHost: a\r\n\r\n"].concat(),
        );
    }
    assert_eq!(gateway.sandbox.ledger(), []);
    assert_eq!(gateway.get(ROOM).status, 200);
}

#[test]
fn a_body_that_ends_early_or_is_framed_wrongly_is_refused() {
    let gateway = Sandboxed::start();
    let head = "POST /v1/rooms HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n";
    for body in [
        "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n2\r\n{}x\r\n0\r\n\r\n",
    ] {
        must_be_malformed(&gateway, format!("{head}{body}").as_bytes());
    }
    let client = gateway.client();
    let mut half = std::net::TcpStream::connect(gateway.api).expect("it listens");
    std::io::Write::write_all(
        &mut half,
        format!("{head}Content-Length: 100\r\n\r\n{{").as_bytes(),
    )
    .expect("it reads");
    half.shutdown(std::net::Shutdown::Write)
        .expect("a half close");
    let mut text = String::new();
    std::io::Read::read_to_string(&mut half, &mut text).expect("an answer");
    assert!(text.starts_with("HTTP/1.1 400"), "{text}");
    assert!(text.contains("malformed-request"), "{text}");
    drop(client);
    assert_eq!(gateway.sandbox.ledger(), []);
}

#[test]
fn a_length_beside_chunks_smuggles_nothing() {
    let gateway = Sandboxed::start();
    let smuggled = format!("GET {ROOM}/smuggled HTTP/1.1\r\nHost: a\r\n\r\n");
    let length = format!("content-Length: {}", 5 + smuggled.len());
    let chunked = "Transfer-Encoding: chunked";
    for framing in [
        format!("{length}\r\n{chunked}"),
        format!("{chunked}\r\n{length}"),
        format!("{chunked}\r\nContent-Length: 0"),
    ] {
        let text = format!(
            "POST /v1/rooms HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n{framing}\r\n\r\n0\r\n\r\n{smuggled}"
        );
        must_be_malformed(&gateway, text.as_bytes());
    }
    // A whole and good request in chunks, with a length beside them, is refused as well.
    for codings in [
        "gzip, chunked",
        "chunked, chunked",
        "chunked\r\nTransfer-Encoding: chunked",
    ] {
        let text = format!(
            "POST /v1/rooms HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: {codings}\r\n\r\n{:x}\r\n{NEW}\r\n0\r\n\r\n",
            NEW.len()
        );
        must_be_malformed(&gateway, text.as_bytes());
    }
    let (answer, _) = gateway.answer_to(b"PUT /v1/rooms/2101 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    );
    assert_eq!(answer.json()["outcome"], "not-done", "{answer:?}");
    assert_eq!(answer.json()["instance"], ROOM);
    let whole = format!(
        "POST /v1/rooms HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n{chunked}\r\nContent-Length: {length}\r\n\r\n{length:x}\r\n{NEW}\r\n0\r\n\r\n",
        length = NEW.len()
    );
    must_be_malformed(&gateway, whole.as_bytes());
    assert_eq!(gateway.sandbox.ledger(), []);
}

#[test]
fn chunks_are_put_together() {
    let gateway = Sandboxed::start();
    let mut client = gateway.client();
    client.send_raw(b"POST /v1/rooms HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
    for byte in NEW.bytes() {
        client.send_raw(&[b"1;ext=\"x\"\r\n".as_slice(), &[byte], b"\r\n"].concat());
    }
    client.send_raw(b"0\r\nX-Trailer: a\r\n\r\n");
    let answer = client.read(false).expect("an answer");
    assert_eq!(answer.status, 201, "{answer:?}");
    assert_eq!(
        client.request("GET", ROOM, &[], b"").status,
        200,
        "the connection goes on"
    );
}

/// What one reader takes for an extension is a request for the other (RFC 9112 §7.1.1).
#[test]
fn a_line_of_the_chunked_coding_ends_with_cr_lf_and_is_bounded() {
    let gateway = Sandboxed::start();
    let head = "POST /v1/rooms HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
    let smuggled = format!("GET {ROOM}/smuggled HTTP/1.1\r\nHost: a\r\n\r\n");
    let size = format!("{:x}", NEW.len());
    for body in [
        format!("{size};a\nb\r\n{NEW}\r\n0\r\n\r\n"),
        format!("{size}\n{NEW}\r\n0\r\n\r\n"),
        format!("{size}\r\n{NEW}\n0\r\n\r\n"),
        format!("{size}\r\n{NEW}\r\n0\n\r\n"),
        format!("{size}\r\n{NEW}\r\n0\r\n\n"),
        format!("{size}\r\n{NEW}\r\n0\r\nX: y\n\r\n"),
        format!("{size}\r\n{NEW}\r\n0\r\nX : y\r\n\r\n"),
        format!("{size};a\rb\r\n{NEW}\r\n0\r\n\r\n"),
        format!("{size};a\0b\r\n{NEW}\r\n0\r\n\r\n"),
        format!("+{size}\r\n{NEW}\r\n0\r\n\r\n"),
        format!("0x{size}\r\n{NEW}\r\n0\r\n\r\n"),
        format!(" {size}\r\n{NEW}\r\n0\r\n\r\n"),
        format!("{size} \r\n{NEW}\r\n0\r\n\r\n"),
        format!("0000000000000000{size}\r\n{NEW}\r\n0\r\n\r\n"),
        format!("ffffffffffffffff1\r\n{NEW}\r\n0\r\n\r\n"),
        format!("{size};{}\r\n{NEW}\r\n0\r\n\r\n", "a".repeat(5_000)),
        format!("1;{}\r\n \r\n", "a".repeat(1_000)).repeat(20),
        format!("{size}\r\n{NEW}\r\n0\r\n{}\r\n", "X: y\r\n".repeat(3_000)),
    ] {
        must_be_malformed(&gateway, format!("{head}{body}{smuggled}").as_bytes());
    }
    // Chunks of which nobody asks for the content are read by the same rules.
    let get = format!("GET {ROOM} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
    let (answer, mut client) =
        gateway.answer_to(format!("{get}1;a\nb\r\n0\r\n\r\n{smuggled}").as_bytes());
    assert_eq!(answer.header("connection"), Some("close"), "{answer:?}");
    assert!(client.is_closed(), "the rest is no request");
    let (answer, mut client) = gateway.answer_to(format!("{get}1\r\na\r\n0\r\n\r\n").as_bytes());
    assert_eq!(answer.header("connection"), Some("keep-alive"));
    assert_eq!(client.request("GET", ROOM, &[], b"").status, 200);
}

#[test]
fn good_chunks_with_all_that_the_grammar_allows() {
    let gateway = Sandboxed::start();
    let head = "POST /v1/rooms HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
    let text = NEW.replace("wire-1", "chunks-1");
    let (first, rest) = text.split_at(10);
    let body = format!(
        "0A ; a = \"b;c\" ; d\r\n{first}\r\n{:X};e\r\n{rest}\r\n000;f\r\nContent-Length: 1\r\nX-Sum: y\r\n\r\n",
        rest.len()
    );
    let (answer, mut client) = gateway.answer_to(format!("{head}{body}").as_bytes());
    assert_eq!(answer.status, 201, "{answer:?}");
    assert_eq!(client.request("GET", ROOM, &[], b"").status, 200);
}

#[test]
fn two_lengths_are_refused_and_a_huge_one_is_large() {
    let gateway = Sandboxed::start();
    let head = "POST /v1/rooms HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n";
    for length in [
        "Content-Length: 2\r\nContent-Length: 2",
        "Content-Length: 2, 2",
        "Content-Length: +2",
        "Content-Length: 0x2",
        "Content-Length: 2 2",
        "Content-Length: ",
    ] {
        must_be_malformed(&gateway, format!("{head}{length}\r\n\r\n{{}}").as_bytes());
    }
    let huge = format!("{head}Content-Length: {}\r\n\r\n", "9".repeat(50));
    let (answer, _) = gateway.answer_to(huge.as_bytes());
    assert_eq!(answer.problem(), "content-too-large", "{answer:?}");
}
