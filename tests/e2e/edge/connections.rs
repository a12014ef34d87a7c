//! Connections: kept, pipelined, closed.

use crate::support::{Sandboxed, eventually};

const ROOM: &str = "/v1/rooms/2101";
const NEW: &str = r#"{"type":"PHYSICAL_ROOM","external_id":"wire-1","name":"Aula"}"#;

#[test]
fn one_connection_serves_many_requests() {
    let gateway = Sandboxed::start();
    let mut client = gateway.client();
    for round in 0..20 {
        let answer = match round % 4 {
            0 => client.request("GET", ROOM, &[], b""),
            1 => client.request("GET", "/v1/rooms/1", &[], b""),
            2 => client.request(
                "POST",
                "/v1/rooms",
                &[("Content-Type", "application/json")],
                b"{}",
            ),
            _ => client.request(
                "PUT",
                "/v1/rooms/2101/status",
                &[("Content-Type", "application/json")],
                br#"{"status":"active"}"#,
            ),
        };
        assert_eq!(
            answer.header("connection"),
            Some("keep-alive"),
            "{answer:?}"
        );
    }
}

#[test]
fn two_requests_in_one_packet_are_both_answered_in_order() {
    let gateway = Sandboxed::start();
    let mut client = gateway.client();
    let post = NEW.replace("wire-1", "pipe-1");
    let text = format!(
        "GET {ROOM} HTTP/1.1\r\nHost: a\r\n\r\nPOST /v1/rooms HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{post}GET /v1/rooms/2 HTTP/1.1\r\nHost: a\r\n\r\n",
        post.len()
    );
    client.send_raw(text.as_bytes());
    assert_eq!(client.read(false).expect("the first").json()["id"], "2101");
    assert_eq!(
        client.read(false).expect("the second").json()["external_id"],
        "pipe-1"
    );
    assert_eq!(client.read(false).expect("the third").json()["id"], "2");
    assert_eq!(client.request("GET", ROOM, &[], b"").status, 200);
}

#[test]
fn a_body_that_nobody_asked_for_does_not_pollute_the_next_request() {
    let gateway = Sandboxed::start();
    let smuggled = format!("GET {ROOM} HTTP/1.1\r\nHost: a\r\n\r\n");
    for target in ["/v1/rooms/2", "/openapi.json", "/nothing"] {
        let mut client = gateway.client();
        client.send("GET", target, &[], smuggled.as_bytes());
        let first = client.read(false).expect("an answer");
        assert_ne!(first.status, 400, "{first:?}");
        // Whether the connection goes on or not, the body is never a request.
        if first.header("connection") == Some("close") {
            assert!(client.is_closed());
        } else {
            assert_eq!(
                client.request("GET", "/v1/rooms/2", &[], b"").json()["id"],
                "2"
            );
        }
    }
    let delete = gateway.request("DELETE", "/v1/rooms/2102", &[], b"{}");
    assert_eq!(delete.status, 204, "{delete:?}");
}

#[test]
fn a_connection_ends_when_the_caller_says_so() {
    let gateway = Sandboxed::start();
    let (answer, mut client) = gateway.answer_to(
        format!("GET {ROOM} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").as_bytes(),
    );
    assert_eq!(answer.header("connection"), Some("close"));
    assert!(client.is_closed());
}

#[test]
fn http_1_0_is_served() {
    let gateway = Sandboxed::start();
    let (answer, mut client) = gateway.answer_to(format!("GET {ROOM} HTTP/1.0\r\n\r\n").as_bytes());
    assert_eq!(answer.status, 200, "no Host is needed: {answer:?}");
    assert!(client.is_closed());
    let (answer, mut client) = gateway
        .answer_to(format!("GET {ROOM} HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").as_bytes());
    assert_eq!(answer.header("connection"), Some("keep-alive"));
    assert_eq!(client.request("GET", ROOM, &[], b"").status, 200);
}

#[test]
fn tunnels_and_upgrades_are_not_for_us() {
    let gateway = Sandboxed::start();
    let (answer, _) =
        gateway.answer_to(b"CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n");
    assert!((400..500).contains(&answer.status), "{answer:?}");
    answer.problem();
    let (answer, _) = gateway.answer_to(format!("GET {ROOM} HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA\r\n\r\n").as_bytes());
    assert_eq!(
        answer.status, 200,
        "an upgrade may be ignored (RFC 9110 §7.8): {answer:?}"
    );
    let (answer, _) = gateway.answer_to(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    assert_eq!(answer.problem(), "malformed-request", "{answer:?}");
}

#[test]
fn a_caller_who_leaves_disturbs_nobody() {
    let gateway = Sandboxed::start();
    for _ in 0..20 {
        let mut client = gateway.client();
        client.send("GET", "/v1/rooms", &[], b"");
        drop(client);
        drop(gateway.client());
        let mut client = gateway.client();
        client.send_raw(b"POST /v1/rooms HTTP/1.1\r\nHost");
        drop(client);
    }
    assert_eq!(gateway.get(ROOM).status, 200);
}

#[test]
fn who_says_that_nothing_more_comes_is_answered() {
    let gateway = Sandboxed::start();
    let text = format!("GET {ROOM} HTTP/1.1\r\nHost: a\r\n\r\n");
    let mut client = gateway.client();
    client.send_raw(text.repeat(3).as_bytes());
    client.half_close();
    for _ in 0..3 {
        assert_eq!(client.read(false).expect("an answer").status, 200);
    }
    assert!(client.is_closed());
    // Half a request and the end is told; half a blank line is not.
    let mut client = gateway.client();
    client.send_raw(b"GET /v1/roo");
    client.half_close();
    assert_eq!(
        client.read(false).expect("an answer").problem(),
        "malformed-request"
    );
    let mut client = gateway.client();
    client.send_raw(b"\r");
    client.half_close();
    assert!(client.is_closed());
}

#[test]
fn the_word_close_counts_wherever_it_stands() {
    let gateway = Sandboxed::start();
    for connection in [
        "Connection: TE, close",
        "Connection: CLOSE",
        "Connection: keep-alive\r\nConnection: close",
    ] {
        let text = format!("GET {ROOM} HTTP/1.1\r\nHost: a\r\n{connection}\r\n\r\n");
        // RFC 9112 §9.6: what comes behind it is not answered.
        let (answer, mut client) = gateway.answer_to(text.repeat(2).as_bytes());
        assert_eq!(answer.header("connection"), Some("close"), "{connection}");
        assert!(client.is_closed(), "{connection}");
    }
    for (version, connection, kept) in [
        ("1.1", "Connection: TE", true),
        ("1.1", "Connection: ,", true),
        ("1.0", "Connection: TE", false),
        ("1.0", "Connection: TE, Keep-Alive", true),
        ("1.0", "Connection: keep-alive, close", false),
    ] {
        let text = format!("GET {ROOM} HTTP/{version}\r\nHost: a\r\n{connection}\r\n\r\n");
        let (answer, _) = gateway.answer_to(text.as_bytes());
        let want = if kept { "keep-alive" } else { "close" };
        assert_eq!(
            answer.header("connection"),
            Some(want),
            "{version} {connection}"
        );
    }
}

/// The next request comes while the first is answered: it waits its turn.
#[test]
fn a_request_that_comes_early_is_answered_after_the_first() {
    let gateway = Sandboxed::plain();
    let slow = sandbox::FaultKind::Delay { ms: 300 };
    gateway.sandbox.add_fault(sandbox::Fault::next(
        "netex.get",
        sandbox::When::Before,
        slow,
    ));
    let mut client = gateway.client();
    client.send("GET", ROOM, &[], b"");
    eventually("the call", || !gateway.sandbox.ledger().is_empty());
    client.send("GET", "/v1/rooms/2", &[], b"");
    assert_eq!(client.read(false).expect("the first").json()["id"], "2101");
    assert_eq!(client.read(false).expect("the second").json()["id"], "2");
}
