//! A trace is continued or started; its id is in every problem and in the one log line of a request.

use sandbox::{Config, FaultKind};
use serde_json::Value;

use crate::support::{Gateway, Sandboxed};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const PARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

/// The access lines of a trace; waits for the first.
fn lines(gateway: &Gateway, trace: &str) -> Vec<Value> {
    gateway.wait_for_log(trace);
    let log = gateway.log();
    let lines = log.lines().filter(|line| line.contains(trace));
    lines
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect()
}

#[test]
fn every_request_has_one_line_of_json_with_what_an_operator_asks() {
    let gateway = Sandboxed::start();
    let trace = |index: u32| format!("{index:032x}");
    let parent = |index: u32| format!("00-{}-00f067aa0ba902b7-01", trace(index));
    for (index, (method, target, status, operation)) in [
        ("GET", "/v1/rooms/2101?", 200, "getRoom"),
        ("GET", "/v1/rooms/1", 404, "getRoom"),
        ("DELETE", "/v1/rooms/2122", 409, "deleteRoom"),
        (
            "GET",
            "/v1/rooms/by-external-id/a%2Fb",
            400,
            "getRoomByExternalId",
        ),
        ("HEAD", "/v1/rooms", 200, "listRooms"),
        ("GET", "/nothing", 404, "none"),
        ("BREW", "/v1/rooms", 501, "none"),
        ("OPTIONS", "/v1/rooms", 204, "options"),
        ("GET", "/problems/room-not-found", 200, "problems"),
    ]
    .into_iter()
    .enumerate()
    {
        let index = u32::try_from(index).expect("few") + 1;
        let answer = gateway.request(method, target, &[("traceparent", &parent(index))], b"");
        assert_eq!(answer.status, status, "{target}");
        let found = lines(&gateway, &trace(index));
        assert_eq!(found.len(), 1, "{found:?}");
        let line = &found[0];
        assert_eq!(line["method"], method);
        assert_eq!(line["status"], status);
        assert_eq!(line["operation"], operation);
        assert_eq!(line["trace_id"], trace(index).as_str());
        assert!(
            line["duration_ms"].as_f64().is_some_and(|time| time >= 0.0),
            "{line}"
        );
        if status >= 400 && method != "HEAD" {
            assert_eq!(line["problem"], answer.problem(), "{line}");
            assert_eq!(answer.json()["trace_id"], trace(index).as_str());
        }
        let vendor_calls = line["vendor_calls"].as_u64().expect("a number");
        assert_eq!(
            vendor_calls > 0,
            ["2101?", "/1", "2122", "/v1/rooms"]
                .iter()
                .any(|end| target.ends_with(end))
                && !["OPTIONS", "BREW"].contains(&method),
            "{line}"
        );
    }
}

#[test]
fn a_trace_is_started_where_none_is_given() {
    let gateway = Sandboxed::start();
    let mut seen = std::collections::HashSet::new();
    for bad in [
        "",
        "nonsense",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
    ] {
        let answer = gateway.request("GET", "/v1/rooms/1", &[("traceparent", bad)], b"");
        let trace = answer.json()["trace_id"]
            .as_str()
            .expect("an id")
            .to_owned();
        assert_ne!(trace, TRACE, "{bad}");
        assert!(seen.insert(trace), "each request has a trace of its own");
    }
    let twice = gateway.request(
        "GET",
        "/v1/rooms/1",
        &[("traceparent", PARENT), ("traceparent", PARENT)],
        b"",
    );
    assert_ne!(twice.json()["trace_id"], TRACE);
}

#[test]
fn the_vendor_gets_the_trace_where_a_setting_says_so() {
    let gateway = Sandboxed::with(Config::default(), |mut setup| {
        setup.settings = setup.settings.replacen(
            "    auth: {kind: header",
            "    send_traceparent: true\n    auth: {kind: header",
            1,
        );
        setup
    });
    gateway.request(
        "GET",
        "/v1/rooms/2101",
        &[
            ("traceparent", PARENT),
            ("tracestate", "a=1, b=2"),
            ("tracestate", "c@d=3"),
        ],
        b"",
    );
    let seen = gateway.sandbox.ledger().pop().expect("one call");
    let sent = seen.header("traceparent").expect("it was sent");
    let parts: Vec<&str> = sent.split('-').collect();
    assert_eq!((parts[0], parts[1], parts[3]), ("00", TRACE, "01"));
    assert_ne!(parts[2], "00f067aa0ba902b7", "a span of our own");
    assert_eq!(seen.header("tracestate"), Some("a=1,b=2,c@d=3"));
    // A list that is none is dropped alone; with the trace it belongs to it is dropped as well.
    for (number, (parent, state, goes_on)) in [
        (PARENT, "A=1", true),
        (PARENT, "a=1,a=2", true),
        ("nonsense", "a=1", false),
        ("", "a=1", false),
        (
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "a=1",
            false,
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let headers = [("traceparent", parent), ("tracestate", state)];
        gateway.request("GET", &format!("/v1/rooms/{number}"), &headers, b"");
        let seen = gateway.sandbox.ledger().pop().expect("one call");
        assert_eq!(seen.header("tracestate"), None, "{parent} {state}");
        let sent = seen.header("traceparent").expect("it was sent");
        assert_eq!(sent.contains(TRACE), goes_on, "{parent} {state}");
    }
}

#[test]
fn no_trace_state_goes_to_a_vendor_that_is_told_of_no_trace() {
    let gateway = Sandboxed::start();
    let headers = [("traceparent", PARENT), ("tracestate", "a=1")];
    gateway.request("GET", "/v1/rooms/2101", &headers, b"");
    let seen = gateway.sandbox.ledger().pop().expect("one call");
    assert_eq!(seen.header("traceparent"), None);
    assert_eq!(seen.header("tracestate"), None);
}

#[test]
fn a_head_that_is_not_http_has_its_line_and_trace_too() {
    let gateway = Sandboxed::start();
    let mut client = gateway.client();
    client.send_raw(b"nonsense\r\n\r\n");
    let answer = client.read(false).expect("an answer");
    let trace = answer.json()["trace_id"]
        .as_str()
        .expect("an id")
        .to_owned();
    let found = lines(&gateway, &trace);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["problem"], "malformed-request");
}

#[test]
fn nothing_of_a_caller_breaks_a_line_or_forges_one() {
    let gateway = Sandboxed::start();
    let forged = "%0A%7B%22level%22:%22INFO%22,%22forged%22:true%7D";
    let answer = gateway.get(&format!("/v1/rooms/by-external-id/x{forged}"));
    assert_eq!(answer.problem(), "validation-failed");
    let body = "{\"type\":\"PHYSICAL_ROOM\",\"external_id\":\"a\\nforged\",\"name\":\"\\u001b[31mforged\"}";
    assert_eq!(gateway.send_json("POST", "/v1/rooms", body).status, 400);
    gateway.while_failing(
        "netex.get",
        FaultKind::Status {
            status: 200,
            body: Some("{\"forged\":\"\r\n{\\\"level\\\":1}\u{1b}[31m".to_owned()),
            content_type: Some("application/json".to_owned()),
            code: None,
            headers: Default::default(),
        },
        || gateway.get("/v1/rooms/2101"),
    );
    let last = gateway.get("/v1/rooms/1").json()["trace_id"]
        .as_str()
        .expect("an id")
        .to_owned();
    gateway.wait_for_log(&last);
    for line in gateway.log().lines() {
        let line: Value =
            serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        assert!(line.get("forged").is_none(), "{line}");
        assert!(!line.to_string().contains('\u{1b}'), "{line}");
    }
}

#[test]
fn a_log_of_text_has_one_line_for_each_request_as_well() {
    let gateway = Sandboxed::with(Config::default(), |mut setup| {
        setup.settings = format!("log: {{format: text}}\n{}", setup.settings);
        setup
    });
    let answer = gateway.get("/v1/rooms/1");
    let trace = answer.json()["trace_id"]
        .as_str()
        .expect("an id")
        .to_owned();
    gateway.wait_for_log(&trace);
    assert_eq!(
        gateway
            .log()
            .lines()
            .filter(|line| line.contains(&trace))
            .count(),
        1
    );
}
