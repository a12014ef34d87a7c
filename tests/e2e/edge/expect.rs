//! `Expect: 100-continue` (RFC 9110 §10.1.1).

use crate::support::Sandboxed;

const NEW: &str = r#"{"type":"PHYSICAL_ROOM","external_id":"wire-1","name":"Aula"}"#;

#[test]
fn who_waits_for_a_100_gets_one_and_the_connection_lives_on() {
    let gateway = Sandboxed::start();
    let mut client = gateway.client();
    for round in 1..=3 {
        let body = NEW.replace("wire-1", &format!("expect-{round}"));
        let head = format!(
            "POST /v1/rooms HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        client.send_raw(head.as_bytes());
        client.wait_for_continue();
        client.send_raw(body.as_bytes());
        let answer = client.read(false).expect("an answer");
        assert_eq!(answer.status, 201, "{answer:?}");
        assert_eq!(client.continues, round, "exactly one each");
    }
    // Who does not wait is answered too.
    let eager = NEW.replace("wire-1", "expect-eager");
    let answer = client.request(
        "POST",
        "/v1/rooms",
        &[
            ("Content-Type", "application/json"),
            ("Expect", "100-continue"),
        ],
        eager.as_bytes(),
    );
    assert_eq!(answer.status, 201, "{answer:?}");
}

#[test]
fn who_will_be_refused_is_not_told_to_go_on() {
    let gateway = Sandboxed::start();
    for (head, problem) in [
        (
            "POST /v1/rooms HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\n",
            "unsupported-media-type",
        ),
        (
            "POST /nothing HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n",
            "route-not-found",
        ),
    ] {
        let mut client = gateway.client();
        client.send_raw(
            format!("{head}Expect: 100-continue\r\nContent-Length: 2\r\n\r\n").as_bytes(),
        );
        let answer = client.read(false).expect("an answer");
        assert_eq!(answer.problem(), problem);
        assert_eq!(
            client.continues, 0,
            "RFC 9110 §10.1.1: a final status instead"
        );
    }
    let mut client = gateway.client();
    client.send_raw(b"POST /v1/rooms HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: 99999999\r\n\r\n");
    assert_eq!(
        client.read(false).expect("an answer").problem(),
        "content-too-large"
    );
    assert_eq!(client.continues, 0);
}

/// RFC 9110 §10.1.1: HTTP/1.0 knows no interim answer, and who sends nothing waits for nothing.
#[test]
fn nobody_else_gets_one() {
    let gateway = Sandboxed::start();
    let body = r#"{"status":"active"}"#;
    for (version, expect, framing, body) in [
        (
            "1.0",
            "100-continue",
            format!("Content-Length: {}", body.len()),
            body,
        ),
        (
            "1.1",
            "200-ok",
            format!("Content-Length: {}", body.len()),
            body,
        ),
        ("1.1", "100-continue", "Content-Length: 0".to_owned(), ""),
        ("1.1", "100-continue", "X: y".to_owned(), ""),
    ] {
        let mut client = gateway.client();
        let head = format!(
            "PUT /v1/rooms/2101/status HTTP/{version}\r\nHost: a\r\nContent-Type: application/json\r\nExpect: {expect}\r\n{framing}\r\n\r\n"
        );
        client.send_raw(head.as_bytes());
        // The body comes late, so that whoever would be told to go on is.
        std::thread::sleep(std::time::Duration::from_millis(50));
        client.send_raw(body.as_bytes());
        let answer = client.read(false).expect("an answer");
        let status = if body.is_empty() { 400 } else { 204 };
        assert_eq!(answer.status, status, "{version} {expect}: {answer:?}");
        assert_eq!(client.continues, 0, "{version} {expect} {framing}");
    }
}

#[test]
fn a_list_with_the_word_in_any_case_is_met() {
    let gateway = Sandboxed::start();
    let body = r#"{"status":"active"}"#;
    for expect in [
        "Expect: 100-Continue",
        "Expect: x, 100-continue",
        "Expect: x\r\nExpect: 100-continue",
    ] {
        let mut client = gateway.client();
        let head = format!(
            "PUT /v1/rooms/2101/status HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n{expect}\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        client.send_raw(head.as_bytes());
        client.wait_for_continue();
        client.send_raw(body.as_bytes());
        assert_eq!(
            client.read(false).expect("an answer").status,
            204,
            "{expect}"
        );
    }
}

/// A refusal instead of a 100: the body may come or not, so that the connection ends (RFC 9110 §10.1.1).
#[test]
fn a_refusal_ends_the_connection_that_waits() {
    let gateway = Sandboxed::start();
    let mut client = gateway.client();
    client.send_raw(
        b"POST /nothing HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n",
    );
    let answer = client.read(false).expect("an answer");
    assert_eq!(answer.header("connection"), Some("close"));
    assert!(client.is_closed());
}
