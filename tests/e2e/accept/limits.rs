//! Sizes: what is too large is refused by its own status, and costs no vendor call.

use sandbox::Config;

use crate::support::{Answer, Client, Sandboxed};

const JSON: (&str, &str) = ("Content-Type", "application/json");

fn small() -> Sandboxed {
    Sandboxed::with(Config::default(), |mut setup| {
        let limits = "limits: {request_target: 300B, headers: 2KiB, body: 1000B, form: 400B}\n";
        setup.settings = format!("{limits}{}", setup.settings);
        setup
    })
}

/// A room whose JSON has exactly this many bytes.
fn body(length: usize) -> String {
    let room =
        |name: &str| format!(r#"{{"type":"PHYSICAL_ROOM","external_id":"big","name":"{name}"}}"#);
    let text = room(&"a".repeat(length - room("").len()));
    assert_eq!(text.len(), length);
    text
}

fn post(gateway: &Sandboxed, text: &str) -> Answer {
    gateway.send_json("POST", "/v1/rooms", text)
}

#[test]
fn a_body_may_be_a_mebibyte_and_no_byte_more() {
    let gateway = Sandboxed::start();
    let most = post(&gateway, &body(1024 * 1024));
    assert_eq!(most.status, 201, "{}", most.status);
    let name = gateway.sandbox.room_named("big").expect("created").name;
    assert!(name.len() > 1_000_000);
    gateway.sandbox.clear_ledger();
    let over = post(&gateway, &body(1024 * 1024 + 1));
    assert_eq!(over.status, 413);
    assert_eq!(over.problem(), "content-too-large");
    assert_eq!(gateway.sandbox.ledger(), []);
}

#[test]
fn a_length_that_says_too_much_is_refused_before_a_byte_is_read() {
    let gateway = small();
    for length in ["1001", "99999999999", "18446744073709551615"] {
        let mut client = gateway.client();
        let head = format!(
            "POST /v1/rooms HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
        );
        client.send_raw(head.as_bytes());
        let answer = client.read(false).expect("an answer without a body");
        assert_eq!(
            answer.problem(),
            "content-too-large",
            "{length}: {answer:?}"
        );
        assert_eq!(
            answer.header("connection"),
            Some("close"),
            "the body is not waited for"
        );
        assert!(client.is_closed());
    }
}

#[test]
fn a_stream_of_chunks_is_cut_off_where_it_gets_too_large() {
    let gateway = small();
    let mut client = gateway.client();
    client.send_raw(b"POST /v1/rooms HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
    // Without an end: only a limit can answer this.
    let chunk = format!("64\r\n{}\r\n", " ".repeat(100));
    for _ in 0..11 {
        if !client.try_send_raw(chunk.as_bytes()) {
            break;
        }
    }
    let answer = client.read(false).expect("an answer");
    assert_eq!(answer.problem(), "content-too-large", "{answer:?}");
    assert_eq!(answer.json()["outcome"], "not-done");
    assert!(client.is_closed());
}

#[test]
fn a_form_is_measured_after_encoding() {
    let gateway = small();
    let room =
        |name: &str| format!(r#"{{"type":"PHYSICAL_ROOM","external_id":"a","name":"{name}"}}"#);
    // 3 bytes of JSON, 9 of the form.
    let over = post(&gateway, &room(&"€".repeat(100)));
    assert_eq!(over.status, 413, "{over:?}");
    assert_eq!(over.problem(), "content-too-large");
    assert_eq!(gateway.sandbox.ledger(), []);
    assert_eq!(post(&gateway, &room(&"a".repeat(100))).status, 201);
}

#[test]
fn a_target_is_measured_with_its_query() {
    let gateway = small();
    let path = "/v1/rooms/by-external-id/";
    let fits = format!("{path}{}", "a".repeat(300 - path.len()));
    assert_eq!(
        gateway.get(&fits).problem(),
        "validation-failed",
        "256 characters are too many for an id"
    );
    for length in [301, 5_000, 60_000] {
        let answer = gateway.get(&format!("/{}", "a".repeat(length - 1)));
        assert_eq!(answer.status, 414, "{answer:?}");
        assert_eq!(answer.problem(), "uri-too-long");
        assert!(
            answer.body.len() < 2_000,
            "a long path is cut in the problem"
        );
    }
    let query = gateway.get(&format!("/v1/rooms?{}", "a".repeat(300)));
    assert_eq!(query.problem(), "uri-too-long");
    let unreadable = format!("/{}", "a".repeat(100_000));
    let answer = gateway.client().request("GET", &unreadable, &[], b"");
    assert_eq!(answer.problem(), "uri-too-long");
    assert_eq!(gateway.sandbox.ledger(), []);
}

#[test]
fn headers_are_measured_together() {
    let gateway = small();
    let field = "x".repeat(400);
    let few: Vec<(&str, &str)> = vec![("X-Filler", &field); 4];
    assert_eq!(
        gateway.request("GET", "/v1/rooms/2101", &few, b"").status,
        200
    );
    let many: Vec<(&str, &str)> = vec![("X-Filler", &field); 5];
    let answer = gateway.request("GET", "/v1/rooms/2101", &many, b"");
    assert_eq!(answer.status, 431, "{answer:?}");
    assert_eq!(answer.problem(), "headers-too-large");
    let long = "x".repeat(3000);
    assert_eq!(
        gateway
            .request("GET", "/v1/rooms/2101", &[("X-Filler", &long)], b"")
            .status,
        431
    );
    // More fields than are read at all, so that not even the path is known.
    let many: Vec<(&str, &str)> = vec![("A", "b"); 300];
    let answer = gateway
        .client()
        .request("GET", "/v1/rooms/2101", &many, b"");
    assert_eq!(answer.problem(), "headers-too-large");
}

#[test]
fn a_head_without_end_is_refused_at_some_point() {
    let gateway = Sandboxed::start();
    let mut client = Client::connect(gateway.api);
    client.send_raw(b"GET /v1/rooms/2101 HTTP/1.1\r\nHost: a\r\n");
    let line = format!("X-Filler: {}\r\n", "x".repeat(60_000));
    for _ in 0..40 {
        if !client.try_send_raw(line.as_bytes()) {
            break;
        }
    }
    let answer = client.read(false).expect("an answer");
    assert_eq!(answer.problem(), "headers-too-large", "{answer:?}");
    assert!(client.is_closed());
    assert_eq!(gateway.get("/v1/rooms/2101").status, 200);
}

#[test]
fn the_default_limits_are_those_of_the_documentation() {
    let gateway = Sandboxed::start();
    let query = |length: usize| format!("/v1/rooms?{}", "a".repeat(length - "/v1/rooms?".len()));
    assert_eq!(
        gateway.get(&query(8 * 1024)).problem(),
        "validation-failed",
        "an unknown parameter"
    );
    assert_eq!(gateway.get(&query(8 * 1024 + 1)).status, 414);
    let field = "x".repeat(60 * 1024);
    assert_eq!(
        gateway
            .request("GET", "/v1/rooms/2101", &[("X-A", &field)], b"")
            .status,
        200
    );
    let field = "x".repeat(64 * 1024);
    assert_eq!(
        gateway
            .request("GET", "/v1/rooms/2101", &[("X-A", &field)], b"")
            .status,
        431
    );
    let answer = gateway.request(
        "POST",
        "/v1/rooms",
        &[JSON, ("Content-Length", "1048577")],
        b"",
    );
    assert_eq!(answer.status, 413);
}

#[test]
fn who_goes_on_sending_still_hears_why_it_was_refused() {
    let gateway = Sandboxed::start();
    for round in 0..20 {
        let mut client = gateway.client();
        client.send_raw(
            b"POST /v1/rooms HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 8388608\r\n\r\n",
        );
        for _ in 0..128 {
            if !client.try_send_raw(&[b' '; 65_536]) {
                break;
            }
        }
        let answer = client.read(false).expect("an answer, not a reset");
        assert_eq!(answer.problem(), "content-too-large", "round {round}");
    }
}
