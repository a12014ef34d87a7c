//! A field that stands twice (RFC 9110 §5.3): where it is a list, both count; where it can stand once
//! only, nobody can say which one was meant, so neither wins in silence.

use crate::support::{Answer, Sandboxed};

const ROOM: &str = "/v1/rooms/2101";
const NEW: &str = r#"{"type":"PHYSICAL_ROOM","external_id":"twice","name":"Aula"}"#;
const JSON: (&str, &str) = ("Content-Type", "application/json");

fn get(gateway: &Sandboxed, headers: &[(&str, &str)]) -> Answer {
    gateway.client().request("GET", ROOM, headers, b"")
}

fn post(gateway: &Sandboxed, headers: &[(&str, &str)]) -> Answer {
    gateway
        .client()
        .request("POST", "/v1/rooms", headers, NEW.as_bytes())
}

#[test]
fn two_request_timeouts_are_refused() {
    let gateway = Sandboxed::start();
    let expected = [(
        "Request-Timeout".to_owned(),
        "bad-request-timeout".to_owned(),
    )];
    for second in ["2", "5", "nonsense"] {
        let both = [("Request-Timeout", "2"), ("Request-Timeout", second)];
        let answer = get(&gateway, &both);
        assert_eq!(answer.status, 400, "{answer:?}");
        assert_eq!(answer.errors(), expected);
        let answer = post(&gateway, &[JSON, both[0], both[1]]);
        assert_eq!(answer.errors(), expected);
        assert_eq!(answer.json()["outcome"], "not-done");
    }
    // As a list in one line it is no number either.
    let answer = get(&gateway, &[("Request-Timeout", "2, 5")]);
    assert_eq!(answer.errors(), expected);
    assert_eq!(gateway.sandbox.ledger(), []);
}

#[test]
fn what_frames_types_or_names_a_request_stands_once() {
    let gateway = Sandboxed::start();
    for (headers, problem) in [
        (&[("Host", "other")] as &[_], "malformed-request"),
        (&[JSON, JSON], "unsupported-media-type"),
        (
            &[JSON, ("Content-Type", "application/merge-patch+json")],
            "unsupported-media-type",
        ),
        (&[JSON, ("Content-Length", "1")], "malformed-request"),
        (
            &[JSON, ("Idempotency-Key", "a"), ("Idempotency-Key", "a")],
            "validation-failed",
        ),
        (
            &[
                JSON,
                ("Content-Encoding", "identity"),
                ("Content-Encoding", "gzip"),
            ],
            "unsupported-media-type",
        ),
    ] {
        let answer = post(&gateway, headers);
        assert_eq!(answer.problem(), problem, "{headers:?}: {answer:?}");
    }
    assert_eq!(gateway.sandbox.ledger(), []);
}

/// Trace Context §3.2 knows one `traceparent`: which of two it would be nobody can say, so a trace begins.
#[test]
fn of_two_traces_neither_is_continued() {
    let gateway = Sandboxed::start();
    let trace = |id: &str| format!("00-{id}-00f067aa0ba902b7-01");
    let (one, other) = (
        "4bf92f3577b34da6a3ce929d0e0e4736",
        "5bf92f3577b34da6a3ce929d0e0e4736",
    );
    let (first, second) = (trace(one), trace(other));
    let both = [("traceparent", first.as_str()), ("traceparent", &second)];
    let answer = gateway.client().request("GET", "/nowhere", &both, b"");
    let id = answer.json()["trace_id"].as_str().map(str::to_owned);
    assert!(id.is_some_and(|id| id != one && id != other), "{answer:?}");
}

#[test]
fn lists_in_several_lines_are_one_list() {
    let gateway = Sandboxed::start();
    let etag = get(&gateway, &[])
        .header("etag")
        .expect("cached")
        .to_owned();
    let current = get(
        &gateway,
        &[("If-None-Match", "\"other\""), ("If-None-Match", &etag)],
    );
    assert_eq!(current.status, 304, "{current:?}");
    let accepted = get(
        &gateway,
        &[("Accept", "text/html"), ("Accept", "application/json")],
    );
    assert_eq!(accepted.status, 200, "{accepted:?}");
    let fresh = get(
        &gateway,
        &[
            ("Cache-Control", "max-stale"),
            ("Cache-Control", "no-cache"),
        ],
    );
    let status = fresh.header("cache-status").unwrap_or_default();
    assert!(!status.contains("; hit"), "{status}");
    let expected = post(
        &gateway,
        &[JSON, ("Expect", "100-continue"), ("Expect", "100-continue")],
    );
    assert_eq!(expected.status, 201, "{expected:?}");
}
