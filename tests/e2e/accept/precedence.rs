//! Of several things that are wrong with a request, the first in the documented order is told:
//! 431/414, framing, 404, 501/405, 401/403, 406, 415, 413, 400.

use sandbox::Config;

use crate::support::Sandboxed;

/// What can be wrong at once, in the order of precedence.
const RANKS: [&str; 8] = [
    "uri-too-long",
    "malformed-request",
    "route-not-found",
    "method-not-allowed",
    "unauthenticated",
    "not-acceptable",
    "unsupported-media-type",
    "content-too-large",
];

/// A request with everything wrong from a rank on, and nothing before it.
fn request(from: usize) -> Vec<u8> {
    let wrong = |rank: &str| {
        RANKS
            .iter()
            .position(|known| *known == rank)
            .is_some_and(|at| at >= from)
    };
    let method = if wrong("method-not-allowed") {
        "PATCH"
    } else {
        "POST"
    };
    let path = if wrong("route-not-found") {
        "/v1/nothing"
    } else {
        "/v1/rooms"
    };
    let query = if wrong("uri-too-long") {
        "a".repeat(300)
    } else {
        "unknown=1".to_owned()
    };
    let host = if wrong("malformed-request") {
        "a b"
    } else {
        "a"
    };
    let mut head = format!("{method} {path}?{query} HTTP/1.1\r\nHost: {host}\r\n");
    if !wrong("unauthenticated") {
        head.push_str("Authorization: Bearer caller-key\r\n");
    }
    if wrong("not-acceptable") {
        head.push_str("Accept: text/html\r\n");
    }
    let media_type = if wrong("unsupported-media-type") {
        "text/plain"
    } else {
        "application/json"
    };
    let body = if wrong("content-too-large") {
        "x".repeat(600)
    } else {
        "nope".to_owned()
    };
    head.push_str(&format!(
        "Content-Type: {media_type}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    ));
    head.into_bytes()
}

fn strict() -> Sandboxed {
    Sandboxed::with(Config::default(), |mut setup| {
        let more = "limits: {request_target: 200B, headers: 2KiB, body: 500B}\ncallers: [{name: tests, key: {env: CALLER_KEY}}]\n";
        setup.settings = format!("{more}{}", setup.settings);
        setup.env("CALLER_KEY", "caller-key")
    })
}

#[test]
fn the_first_in_the_order_is_told() {
    let gateway = strict();
    for (rank, problem) in RANKS.iter().enumerate() {
        // What the routes do not have cannot be wrong in its method: 405 is asked of a known path.
        let mut client = gateway.client();
        client.send_raw(&request(rank));
        let answer = client.read(false).expect("an answer");
        assert_eq!(answer.problem(), *problem, "{answer:?}");
    }
    let mut client = gateway.client();
    client.send_raw(&request(RANKS.len()));
    let answer = client.read(false).expect("an answer");
    assert_eq!(answer.status, 400);
    assert!(
        ["malformed-json", "validation-failed"].contains(&answer.problem().as_str()),
        "{answer:?}"
    );
    assert_eq!(gateway.sandbox.ledger(), []);
}

#[test]
fn too_large_headers_come_before_everything_else() {
    let gateway = strict();
    let filler = "x".repeat(3000);
    let mut client = gateway.client();
    client.send_raw(
        format!(
            "BREW /nothing HTTP/1.1\r\nHost: a b\r\nX-Filler: {filler}\r\nAccept: text/html\r\n\r\n"
        )
        .as_bytes(),
    );
    assert_eq!(
        client.read(false).expect("an answer").problem(),
        "headers-too-large"
    );
}

#[test]
fn a_body_and_the_parameters_are_told_together() {
    let gateway = strict();
    let answer = gateway.request(
        "PUT",
        "/v1/rooms/x?colour=red",
        &[
            ("Content-Type", "application/json"),
            ("Authorization", "Bearer caller-key"),
        ],
        br#"{"name":7}"#,
    );
    let mut errors = answer.errors();
    errors.sort();
    let places: Vec<&str> = errors.iter().map(|(place, _)| place.as_str()).collect();
    assert_eq!(
        places,
        ["/external_id", "/name", "colour", "id"],
        "{answer:?}"
    );
}
