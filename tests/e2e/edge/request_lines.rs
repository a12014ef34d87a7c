//! The first line of a request, on both ports (RFC 9112 §3): one reading, or none.

use crate::support::{Answer, Client, Sandboxed};

const ROOM: &str = "/v1/rooms/2101";

fn ask(address: std::net::SocketAddr, bytes: &[u8]) -> (Answer, Client) {
    let mut client = Client::connect(address);
    client.send_raw(bytes);
    let answer = client
        .read(false)
        .unwrap_or_else(|| panic!("no answer to {:?}", String::from_utf8_lossy(bytes)));
    (answer, client)
}

/// Lines of no request, each without its version where that is not the point.
const BAD: [&[u8]; 27] = [
    b"GET /v1/rooms/by-external-id/a b HTTP/1.1",
    b"GET /v1/rooms/by-external-id/a  b HTTP/1.1",
    b"GET /v1/rooms/by-external-id/a\tb HTTP/1.1",
    b"GET /v1/rooms/by-external-id/a\x01b HTTP/1.1",
    b"GET /v1/rooms/by-external-id/a\x00b HTTP/1.1",
    b"GET /v1/rooms/by-external-id/a\x7fb HTTP/1.1",
    b"GET /v1/rooms/by-external-id/a\rb HTTP/1.1",
    b"GET /v1/rooms/by-external-id/\xc3\xb1 HTTP/1.1",
    b"GET /v1/rooms/by-external-id/\xff HTTP/1.1",
    b"GET /v1/rooms?limit=1 0 HTTP/1.1",
    b"GET  /livez HTTP/1.1",
    b"GET /livez  HTTP/1.1",
    b"GET /livez HTTP/1.1 ",
    b" GET /livez HTTP/1.1",
    b"GET\t/livez HTTP/1.1",
    b"GET /livez\tHTTP/1.1",
    b"GET /livez",
    b"GET /livez ",
    b"GET /livez HTTP/1.1x",
    b"GET /livez HTTP/1.",
    b"GET /livez http/1.1",
    b"GET /livez HTTP/2.0",
    b"GET /livez HTTP/0.9",
    b"GET livez HTTP/1.1",
    b"GET * HTTP/1.1",
    b"G@T /livez HTTP/1.1",
    b"GET http://user@a/livez HTTP/1.1",
];

#[test]
fn what_two_could_read_in_two_ways_is_refused_on_both_ports() {
    let gateway = Sandboxed::start();
    for line in BAD {
        let request = [line, b"\r\nHost: a\r\n\r\n"].concat();
        let what = String::from_utf8_lossy(line);
        let (answer, mut client) = ask(gateway.api, &request);
        assert_eq!(answer.status, 400, "{what:?}: {answer:?}");
        assert_eq!(answer.problem(), "malformed-request", "{what:?}");
        assert_eq!(answer.header("connection"), Some("close"), "{what:?}");
        assert!(client.is_closed(), "{what:?}: nothing more comes");
        let (answer, mut client) = ask(gateway.admin, &request);
        assert_eq!(answer.status, 400, "{what:?}: {answer:?}");
        assert_eq!(answer.header("connection"), Some("close"), "{what:?}");
        assert!(client.is_closed(), "{what:?}: nothing more comes");
    }
    assert_eq!(gateway.sandbox.ledger(), []);
}

#[test]
fn the_refusal_says_what_is_wrong() {
    let gateway = Sandboxed::start();
    for (target, word) in [
        ("/a b", "%20"),
        ("/a#b", "%23"),
        ("/\u{f1}", "not ASCII"),
        ("/a\tb", "control character"),
        ("a", "from `/` on"),
    ] {
        let request = format!("GET {target} HTTP/1.1\r\nHost: a\r\n\r\n");
        let (answer, _) = ask(gateway.api, request.as_bytes());
        let problem = answer.json();
        let detail = problem["detail"].as_str().expect("a detail");
        assert!(detail.contains(word), "{target}: {detail}");
    }
}

#[test]
fn every_form_of_a_target_is_read() {
    let gateway = Sandboxed::start();
    for (line, status) in [
        (format!("GET {ROOM} HTTP/1.1"), 200),
        // RFC 9110 §2.5: as the highest minor version that we know.
        (format!("GET {ROOM} HTTP/1.2"), 200),
        (
            format!("GET http://elsewhere.example:8080{ROOM} HTTP/1.1"),
            200,
        ),
        (format!("GET HTTPS://a{ROOM} HTTP/1.1"), 200),
        ("GET http://a HTTP/1.1".to_owned(), 404),
        ("GET http://a?x HTTP/1.1".to_owned(), 404),
        ("OPTIONS * HTTP/1.1".to_owned(), 204),
        // RFC 9112 §3.2.4.
        ("OPTIONS http://a HTTP/1.1".to_owned(), 204),
        (format!("OPTIONS {ROOM} HTTP/1.1"), 204),
        // Methods have a case.
        (format!("get {ROOM} HTTP/1.1"), 501),
        (format!("GET /{ROOM} HTTP/1.1"), 404),
    ] {
        let (answer, _) = ask(gateway.api, format!("{line}\r\nHost: a\r\n\r\n").as_bytes());
        assert_eq!(answer.status, status, "{line}: {answer:?}");
    }
    // RFC 9112 §3.2: an absolute target excuses no missing or bad Host.
    for host in ["", "Host: a b\r\n", "Host: a\r\nHost: b\r\n"] {
        let request = format!("GET http://a{ROOM} HTTP/1.1\r\n{host}\r\n");
        let (answer, _) = ask(gateway.api, request.as_bytes());
        assert_eq!(answer.problem(), "malformed-request", "{host}");
    }
    let (answer, _) = ask(
        gateway.admin,
        b"GET http://a/livez HTTP/1.1\r\nHost: a\r\n\r\n",
    );
    assert_eq!(answer.status, 200, "{answer:?}");
}

#[test]
fn blank_lines_before_a_request_are_skipped() {
    let gateway = Sandboxed::start();
    let body = r#"{"type":"PHYSICAL_ROOM","external_id":"blank-1","name":"Aula"}"#;
    let get = format!("GET {ROOM} HTTP/1.1\r\nHost: a\r\n\r\n");
    for blank in ["\r\n", "\n", "\r\n\r\n", "\n\r\n\n"] {
        let mut client = gateway.client();
        client.send_raw(format!("{blank}{get}{blank}{get}").as_bytes());
        for _ in 0..2 {
            assert_eq!(
                client.read(false).expect("an answer").status,
                200,
                "{blank:?}"
            );
        }
        // Behind a body: a browser of the nineties did it, and so do some clients today.
        let post = format!(
            "POST /v1/rooms HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}{blank}",
            body.len()
        );
        client.send_raw(post.as_bytes());
        let answer = client.read(false).expect("an answer");
        assert!([201, 409].contains(&answer.status), "{blank:?}: {answer:?}");
        let next = client.request("GET", ROOM, &[], b"");
        assert_eq!(next.status, 200, "{blank:?}: one answer each");
        // Nobody asked, so nobody is answered.
        client.send_raw(blank.as_bytes());
        client.half_close();
        assert!(client.is_closed(), "{blank:?}");
    }
    let (answer, mut client) = ask(gateway.api, "\r\n".repeat(40).as_bytes());
    assert_eq!(answer.problem(), "malformed-request", "bounded");
    assert!(client.is_closed());
    let (answer, _) = ask(gateway.admin, b"\r\nGET /livez HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_eq!(answer.status, 200);
}
