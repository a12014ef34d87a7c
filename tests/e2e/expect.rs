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
