//! The operator's port: metrics with closed labels, health, status.

use std::collections::BTreeSet;

use sandbox::{Fault, FaultKind, When};

use crate::support::{Client, Gateway, Sandboxed};

/// Name and labels of each line of `/metrics`.
fn series(gateway: &Gateway) -> BTreeSet<String> {
    let text = gateway.admin_get("/metrics").text();
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines
        .filter_map(|line| line.rsplit_once(' ').map(|(series, _)| series.to_owned()))
        .collect()
}

#[test]
fn the_names_of_the_documentation_count_what_happens() {
    let gateway = Sandboxed::plain();
    gateway.get("/v1/rooms/2101");
    gateway.get("/v1/rooms/2101");
    gateway.get("/v1/rooms/1");
    gateway.get("/v1/rooms/x");
    gateway.send_json("POST", "/v1/rooms", "{}");
    assert_eq!(
        gateway.metric(r#"lms_gateway_requests_total{code="",operation="getRoom",status="200"}"#),
        2.0
    );
    assert_eq!(
        gateway.metric(
            r#"lms_gateway_requests_total{code="room-not-found",operation="getRoom",status="404"}"#
        ),
        1.0
    );
    assert_eq!(gateway.metric(r#"lms_gateway_requests_total{code="validation-failed",operation="getRoom",status="400"}"#), 1.0);
    assert_eq!(gateway.metric(r#"lms_gateway_requests_total{code="validation-failed",operation="createRoom",status="400"}"#), 1.0);
    assert_eq!(
        gateway.metric(r#"lms_gateway_request_duration_seconds_count{operation="getRoom"}"#),
        4.0
    );
    assert_eq!(gateway.metric(r#"lms_gateway_upstream_requests_total{operation="getRoom",outcome="answered_2xx",upstream="netex"}"#), 2.0);
    assert_eq!(gateway.metric(r#"lms_gateway_upstream_requests_total{operation="getRoom",outcome="answered_4xx",upstream="netex"}"#), 1.0);
    assert_eq!(
        gateway.metric(
            r#"lms_gateway_upstream_duration_seconds_count{operation="getRoom",upstream="netex"}"#
        ),
        3.0
    );
    let text = gateway.admin_get("/metrics").text();
    for name in [
        "lms_gateway_requests_total",
        "lms_gateway_request_duration_seconds",
        "lms_gateway_upstream_requests_total",
        "lms_gateway_upstream_duration_seconds",
        "lms_gateway_requests_in_flight",
        "lms_gateway_build_info",
    ] {
        assert!(
            text.contains(&format!("# HELP {name} ")),
            "{name} has no help"
        );
        assert!(
            text.contains(&format!("# TYPE {name} ")),
            "{name} has no type"
        );
    }
    assert_eq!(gateway.metric("lms_gateway_requests_in_flight"), 0.0);
}

#[test]
fn what_callers_and_vendors_invent_makes_no_new_series() {
    let gateway = Sandboxed::plain();
    let one = |index: u32| {
        let mut client = gateway.client();
        client.request(
            "GET",
            &format!("/random/{index}"),
            &[("Host", "ignored")],
            b"",
        );
        for (method, target) in [
            ("GET", format!("/path-{index}?q={index}")),
            ("GET", format!("/v1/rooms/{}", 900_000 + index)),
            ("GET", format!("/v1/rooms/by-external-id/name-{index}")),
            ("GET", format!("/problems/code-{index}")),
            ("GET", format!("/v1/rooms?x{index}=1")),
        ] {
            client = gateway.client();
            client.request(
                method,
                &target,
                &[("User-Agent", &format!("agent-{index}"))],
                b"",
            );
        }
        gateway
            .client()
            .request(&format!("BREW{index}"), "/v1/rooms", &[], b"");
        gateway.client().request(
            "GET",
            "/v1/rooms",
            &[("Accept", &format!("x/{index}"))],
            b"",
        );
        gateway.sandbox.add_fault(Fault::next(
            "netex.create",
            When::Before,
            FaultKind::ErrorCode {
                code: format!("ABC{:03}", index % 1000),
            },
        ));
        let body = r#"{"type":"PHYSICAL_ROOM","external_id":"new","name":"Aula"}"#;
        let headers = [("Content-Type", "application/json")];
        gateway
            .client()
            .request("POST", "/v1/rooms", &headers, body.as_bytes());
    };
    one(0);
    let before = series(&gateway);
    for index in 1..300 {
        one(index);
    }
    assert_eq!(series(&gateway), before);
    for invented in ["path-", "BREW", "name-", "agent-", "ABC0", "9001"] {
        let found = before.iter().find(|series| series.contains(invented));
        assert_eq!(found, None);
    }
}

#[test]
fn health_is_about_the_gateway_alone() {
    let gateway = Sandboxed::plain();
    gateway
        .sandbox
        .add_fault(Fault::every("*", When::Before, FaultKind::Refuse));
    assert_eq!(
        gateway.get("/v1/rooms/2101").problem(),
        "upstream-unavailable"
    );
    for (page, text) in [("/livez", "ok\n"), ("/readyz", "ok\n")] {
        let answer = gateway.admin_get(page);
        assert_eq!((answer.status, answer.text().as_str()), (200, text));
    }
}

#[test]
fn status_tells_what_runs() {
    let gateway = Sandboxed::start();
    let status = gateway.admin_get("/status");
    assert_eq!(status.header("content-type"), Some("application/json"));
    let status = status.json();
    assert_eq!(status["ready"], true);
    assert_eq!(status["draining"], false);
    assert_eq!(status["operations"], 12);
    assert_eq!(status["contract"]["version"], "1.0.0");
    assert!(
        status["contract"]["digest"]
            .as_str()
            .is_some_and(|digest| digest.len() >= 32)
    );
    let names: Vec<&str> = status["upstreams"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|one| one["name"].as_str())
        .collect();
    assert_eq!(names, ["ispring", "netex"]);
}

#[test]
fn the_admin_port_has_manners_and_no_operations() {
    let gateway = Sandboxed::start();
    let admin = |method: &str, target: &str| {
        Client::connect(gateway.admin).request(method, target, &[], b"")
    };
    for page in ["/metrics", "/livez", "/readyz", "/status"] {
        let head = admin("HEAD", page);
        assert_eq!((head.status, head.body.len()), (200, 0), "{page}");
        let post = admin("POST", page);
        assert_eq!(
            (post.status, post.header("allow")),
            (405, Some("GET, HEAD")),
            "{page}"
        );
        assert_eq!(gateway.get(page).status, 404, "not on the API port");
    }
    for target in ["/", "/v1/rooms", "/openapi.json", "/metrics/", "/metricsx"] {
        assert_eq!(admin("GET", target).status, 404, "{target}");
    }
    assert_eq!(admin("GET", "/livez?x=1").status, 200);
    assert_eq!(gateway.sandbox.ledger(), []);
}
