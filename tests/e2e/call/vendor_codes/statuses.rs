use sandbox::{Fault, FaultKind, When};
use serde_json::json;

use super::told::told;
use crate::support::Sandboxed;

const DAY: &str = "/v1/training-days/4728d47a-c96a-11ed-97ec-b6c48b3dc692";

#[test]
fn statuses_of_netex() {
    let gateway = Sandboxed::plain();
    let failing = |operation: &str, status: u16, target: &str| {
        gateway.while_failing(operation, FaultKind::status(status), || gateway.get(target))
    };
    for (operation, target) in [
        ("netex.get", "/v1/rooms/2101"),
        ("netex.get", "/v1/rooms/by-external-id/pr002"),
        ("netex.list", "/v1/rooms"),
        ("netex.list", "/v1/rooms?limit=3"),
    ] {
        for (status, problem, ours) in [
            (401, "upstream-credentials-rejected", 502),
            (403, "upstream-access-denied", 502),
            (500, "upstream-error", 502),
            (503, "upstream-error", 502),
        ] {
            told(problem, ours, json!({"name": "netex", "status": status}))
                .check(&failing(operation, status, target));
        }
    }
    // The first page goes by the error map; later ones end the list.
    let first = failing("netex.list", 416, "/v1/rooms?limit=3");
    told(
        "validation-failed",
        400,
        json!({"name": "netex", "status": 416}),
    )
    .check(&first);
    let page = gateway.get("/v1/rooms?limit=3").json();
    let cursor = page["next_cursor"].as_str().expect("more");
    let end = json!({"items": [], "next_cursor": null});
    for status in [416, 204] {
        let later = failing("netex.list", status, &format!("/v1/rooms?cursor={cursor}"));
        assert_eq!(later.json(), end, "{status}");
    }
    assert_eq!(failing("netex.list", 204, "/v1/rooms").json(), end);
    // A room that is there cannot be "no content".
    let empty = failing("netex.get", 204, "/v1/rooms/2101");
    assert_eq!(empty.problem(), "upstream-contract-violation");
}

#[test]
fn retry_after_of_the_vendor_is_honoured_and_bounded() {
    for (given, least, most) in [
        ("7", 5, 7),
        ("99999999999999999999", 55, 60),
        ("3600", 55, 60),
    ] {
        let gateway = Sandboxed::plain();
        let kind = FaultKind::status_with(429, "Retry-After", given);
        gateway
            .sandbox
            .add_fault(Fault::next("netex.get", When::Before, kind));
        for asked in [
            "the vendor",
            "nobody: the vendor is left alone as long as it asked",
        ] {
            let answer = gateway.get("/v1/rooms/2101");
            assert_eq!(answer.problem(), "upstream-unavailable", "{given}, {asked}");
            let seconds: u64 = answer
                .header("retry-after")
                .expect("Retry-After")
                .parse()
                .expect("seconds");
            assert!(
                (least..=most).contains(&seconds),
                "{given}, {asked}: {seconds}"
            );
        }
        assert_eq!(gateway.sandbox.ledger().len(), 1);
    }
}

#[test]
fn statuses_of_ispring() {
    let gateway = Sandboxed::plain();
    gateway.get(DAY);
    let text = |status: u16, body: &str| FaultKind::Status {
        status,
        body: Some(body.to_owned()),
        content_type: Some("text/plain".to_owned()),
        code: None,
        headers: Default::default(),
    };
    for (status, body, problem, ours) in [
        (400, "Bad Request", "validation-failed", 400),
        (403, "Permission Denied", "upstream-access-denied", 502),
        (404, "Day not found", "training-day-not-found", 404),
        (500, "Error", "upstream-error", 502),
    ] {
        let kind = text(status, body);
        let answer = gateway.while_failing("ispring.get_day", kind, || gateway.get(DAY));
        told(problem, ours, json!({"name": "ispring", "status": status})).check(&answer);
        assert!(
            !answer.text().contains(body),
            "the text of an error page never enters a problem: {answer:?}"
        );
    }
    for (status, problem, ours) in [
        (400, "validation-failed", 400),
        (403, "upstream-access-denied", 502),
        (404, "training-day-not-found", 404),
    ] {
        gateway.sandbox.add_fault(Fault::next(
            "ispring.update_day",
            When::Before,
            text(status, "no"),
        ));
        let answer = gateway.send_json("PATCH", DAY, r#"{"url":"https://a.example"}"#);
        told(problem, ours, json!({"name": "ispring", "status": status}))
            .outcome("not-done")
            .check(&answer);
    }
    assert_ne!(
        gateway
            .sandbox
            .day(&DAY[18..])
            .expect("there")
            .url
            .as_deref(),
        Some("https://a.example")
    );
}

#[test]
fn the_role_that_ispring_asks_for_is_missed_by_its_name() {
    let gateway = Sandboxed::plain();
    gateway
        .sandbox
        .set_assumptions(|rules| rules.permission = sandbox::Permission::Denied);
    told(
        "upstream-access-denied",
        502,
        json!({"name": "ispring", "status": 403}),
    )
    .check(&gateway.get(DAY));
    let answer = gateway.send_json("PATCH", DAY, r#"{"url":"https://a.example"}"#);
    told(
        "upstream-access-denied",
        502,
        json!({"name": "ispring", "status": 403}),
    )
    .outcome("not-done")
    .check(&answer);
}
