//! A read whose vendor fails ends in the problem that says how, never in half an answer, and the
//! next one is served.

use sandbox::{Config, FaultKind};

use crate::support::{Answer, Sandboxed, Scripted, Vendor};

const DAY: &str = "/v1/training-days/4728d47a-c96a-11ed-97ec-b6c48b3dc692";

const VIOLATION: &str = "upstream-contract-violation";
const TOO_LARGE: &str = "upstream-answer-too-large";
const UNAVAILABLE: &str = "upstream-unavailable";
const TIMEOUT: &str = "upstream-timeout";
const ERROR: &str = "upstream-error";

/// A deadline that a hanging vendor does not stretch the test with.
fn hasty() -> Sandboxed {
    Sandboxed::plain_with(Config::default(), |mut setup| {
        setup.settings = format!("deadline: 1s\n{}", setup.settings);
        setup
    })
}

fn must_be(answer: &Answer, problem: &str, what: &dyn std::fmt::Debug) {
    assert_eq!(answer.problem(), problem, "{what:?}: {answer:?}");
    assert_eq!(
        answer.header("retry-after").is_some(),
        problem == UNAVAILABLE,
        "{what:?}: {answer:?}"
    );
    assert!(
        answer.json().get("outcome").is_none(),
        "a read has no outcome: {answer:?}"
    );
}

/// The fault's own problem, then a good answer again.
fn suffer(gateway: &Sandboxed, operation: &str, target: &str, cases: Vec<(FaultKind, &str)>) {
    let good = gateway.get(target);
    assert_eq!(good.status, 200, "{good:?}");
    for (kind, problem) in cases {
        let answer = gateway.while_failing(operation, kind.clone(), || gateway.get(target));
        must_be(&answer, problem, &kind);
        assert_eq!(gateway.get(target).json(), good.json(), "after {kind:?}");
    }
}

fn slow() -> Vec<(FaultKind, &'static str)> {
    vec![
        (FaultKind::Delay { ms: 4_000 }, TIMEOUT),
        (FaultKind::Hang, TIMEOUT),
        (FaultKind::Drip { ms_per_byte: 50 }, TIMEOUT),
    ]
}

fn quick() -> Vec<(FaultKind, &'static str)> {
    let raw = |text: &str| FaultKind::Garbage {
        raw: Some(text.to_owned()),
    };
    vec![
        (FaultKind::Reset, UNAVAILABLE),
        (FaultKind::Close, UNAVAILABLE),
        (FaultKind::Truncate { bytes: 260 }, VIOLATION),
        (FaultKind::Garbage { raw: None }, VIOLATION),
        (
            raw("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}"),
            VIOLATION,
        ),
        (
            raw(
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"id\"",
            ),
            VIOLATION,
        ),
        (
            raw("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}"),
            VIOLATION,
        ),
        (
            raw("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
            VIOLATION,
        ),
        (FaultKind::Html { status: 200 }, VIOLATION),
        (FaultKind::Html { status: 503 }, ERROR),
        (
            FaultKind::ContentType {
                value: "text/html".to_owned(),
            },
            VIOLATION,
        ),
        (
            FaultKind::ContentType {
                value: "application/octet-stream".to_owned(),
            },
            VIOLATION,
        ),
        (
            FaultKind::Redirect {
                location: "https://evil.example/".to_owned(),
                status: 302,
            },
            VIOLATION,
        ),
        (
            FaultKind::Redirect {
                location: "/elsewhere".to_owned(),
                status: 307,
            },
            VIOLATION,
        ),
        (FaultKind::status(500), ERROR),
        (FaultKind::status(502), ERROR),
        (FaultKind::status(503), ERROR),
        (FaultKind::status(504), ERROR),
        (FaultKind::status(206), VIOLATION),
        (FaultKind::status(299), VIOLATION),
        (FaultKind::Pad { bytes: 9_000_000 }, TOO_LARGE),
    ]
}

#[test]
fn a_room_that_cannot_be_read() {
    let gateway = hasty();
    let mut cases = quick();
    let member = |name: &str, raw: Option<&str>| FaultKind::SetMember {
        name: name.to_owned(),
        raw: raw.map(str::to_owned),
    };
    cases.extend([
        (FaultKind::Status200Ko, VIOLATION),
        (member("id", None), VIOLATION),
        (member("id", Some("null")), VIOLATION),
        (member("id", Some("{}")), VIOLATION),
        (member("id", Some("2101.0")), VIOLATION),
        (member("capacity", Some("\"many\"")), VIOLATION),
        (member("capacity", Some("true")), VIOLATION),
        (member("name", Some("[\"a\"]")), VIOLATION),
        (member("name", Some("\"a\",\"name\":\"b\"")), VIOLATION),
        (member("name", Some("nope")), VIOLATION),
    ]);
    suffer(&gateway, "netex.get", "/v1/rooms/2101", cases);
}

#[test]
fn a_room_that_comes_too_slowly() {
    suffer(
        &hasty(),
        "netex.get",
        "/v1/rooms/by-external-id/pr002",
        slow(),
    );
}

#[test]
fn a_list_that_cannot_be_read() {
    let gateway = hasty();
    let mut cases = quick();
    cases.retain(|(kind, _)| *kind != FaultKind::status(206));
    cases.push((FaultKind::Status200Ko, VIOLATION));
    suffer(&gateway, "netex.list", "/v1/rooms", cases);
}

#[test]
fn a_list_that_comes_too_slowly() {
    suffer(&hasty(), "netex.list", "/v1/rooms?limit=5", slow());
}

#[test]
fn a_day_that_cannot_be_read() {
    suffer(&hasty(), "ispring.get_day", DAY, quick());
}

#[test]
fn a_day_that_comes_too_slowly() {
    suffer(&hasty(), "ispring.get_day", DAY, slow());
}

#[test]
fn a_vendor_that_is_down_takes_nobody_with_it() {
    let gateway = hasty();
    let room = || gateway.get("/v1/rooms/2101");
    let reset = gateway.while_failing("netex.*", FaultKind::ResetOnConnect, room);
    must_be(&reset, UNAVAILABLE, &"reset on connect");
    let day = gateway.get(DAY).json();
    gateway.while_failing("netex.*", FaultKind::Refuse, || {
        must_be(&room(), UNAVAILABLE, &"refused");
        assert_eq!(gateway.get(DAY).json(), day, "the other vendor is served");
        let ready = gateway.admin_get("/readyz").status;
        assert_eq!(ready, 200, "readiness is about the gateway alone");
    });
    assert_eq!(room().status, 200);
}

#[test]
fn a_stale_pooled_connection_costs_a_read_nothing() {
    let gateway = hasty();
    gateway.while_failing("netex.get", FaultKind::AnswerThenClose, || {
        for _ in 0..10 {
            assert_eq!(gateway.get("/v1/rooms/2101").status, 200);
        }
    });
}

#[test]
fn the_log_tells_what_was_expected_and_what_came_and_the_caller_only_the_first() {
    let gateway = hasty();
    let answer = gateway.while_failing("netex.get", FaultKind::Html { status: 200 }, || {
        gateway.get("/v1/rooms/2101")
    });
    assert_eq!(answer.problem(), VIOLATION);
    assert!(!answer.text().contains("<html"), "{answer:?}");
    let trace = answer.json()["trace_id"]
        .as_str()
        .expect("an id")
        .to_owned();
    gateway.wait_for_log(&trace);
    let log = gateway.log();
    let line = log
        .lines()
        .find(|line| line.contains(&trace))
        .expect("waited for");
    assert!(line.contains("excerpt"), "{line}");
    assert!(line.len() < 2_000, "the excerpt is bounded: {line}");
}

#[test]
fn bytes_behind_an_answer_never_reach_the_next_caller() {
    let vendor = Vendor::start();
    let gateway = vendor.setup().start();
    let two = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{\"id\":\"1\"}HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{\"id\":\"6\"}";
    vendor.will(Scripted::Bytes(two.as_bytes().to_vec()));
    vendor.always(Scripted::json(200, r#"{"id":"2"}"#));
    let first = gateway.get("/v1/rooms/1");
    assert!(
        first.status != 200 || first.json()["id"] == "1",
        "{first:?}"
    );
    assert_eq!(gateway.get("/v1/rooms/2").json()["id"], "2");
}

#[test]
fn interim_answers_of_the_vendor_are_passed_over() {
    let vendor = Vendor::start();
    let gateway = vendor.setup().start();
    let interim = "HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n";
    let answer = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{\"id\":\"1\"}";
    vendor.will(Scripted::Bytes(format!("{interim}{answer}").into_bytes()));
    assert_eq!(gateway.get("/v1/rooms/1").json()["id"], "1");
}

#[test]
fn no_header_of_the_vendor_passes_through() {
    let vendor = Vendor::start();
    let gateway = vendor.setup().start();
    vendor.always(Scripted::answer(
        200,
        &[
            ("Content-Type", "application/json"),
            ("Set-Cookie", "JSESSIONID=secret"),
            ("Server", "Apache-Coyote/1.1"),
            ("X-Powered-By", "Servlet"),
            ("Cache-Control", "public, max-age=99999"),
            ("Access-Control-Allow-Origin", "*"),
            ("Location", "https://evil.example/"),
        ],
        r#"{"id":"1"}"#,
    ));
    let answer = gateway.get("/v1/rooms/1");
    assert_eq!(answer.status, 200);
    for name in [
        "set-cookie",
        "server",
        "x-powered-by",
        "access-control-allow-origin",
        "location",
    ] {
        assert_eq!(answer.header(name), None, "{answer:?}");
    }
    assert!(
        !answer
            .header("cache-control")
            .unwrap_or_default()
            .contains("public"),
        "{answer:?}"
    );
}
