//! Answers that may be right and are more than the gateway takes, and odd values that mean one thing.

use crate::support::{Answer, Gateway, Scripted, Vendor};

const TOO_LARGE: &str = "upstream-answer-too-large";

fn limited() -> (Vendor, Gateway) {
    let vendor = Vendor::start();
    let mut setup = vendor.setup();
    setup
        .settings
        .push_str("limits: {answer: 20KiB, answer_values: 500}\n");
    let gateway = setup.start();
    (vendor, gateway)
}

fn rooms(count: usize, name: &str) -> Scripted {
    let rooms: Vec<String> = (0..count)
        .map(|id| format!(r#"{{"id":{id},"name":"{name}"}}"#))
        .collect();
    Scripted::json(200, &format!("[{}]", rooms.join(",")))
}

/// 502, its detail and its hint.
fn refused(answer: &Answer) -> (String, String) {
    assert_eq!(answer.status, 502, "{answer:?}");
    assert_eq!(answer.problem(), TOO_LARGE);
    let body = answer.json();
    let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
    (text("detail"), text("hint"))
}

#[test]
fn a_list_over_a_limit_names_it_and_the_way_to_smaller_parts() {
    let (vendor, gateway) = limited();
    // More than the failures in a row that open a circuit: it is the gateway that takes no more.
    for _ in 0..9 {
        vendor.will(rooms(100, &"n".repeat(300)));
        let (detail, hint) = refused(&gateway.get("/v1/rooms"));
        assert!(
            detail.contains("20480 bytes") && detail.contains("`limits.answer`"),
            "{detail}"
        );
        assert!(hint.contains("`?limit=`"), "{hint}");
    }
    vendor.will(rooms(300, "n"));
    let (detail, hint) = refused(&gateway.get("/v1/rooms?limit=400"));
    assert!(
        detail.contains("at most 500 values (`limits.answer_values`)"),
        "{detail}"
    );
    assert!(hint.contains("`?limit=`"), "{hint}");
    vendor.will(rooms(100, "n"));
    assert_eq!(gateway.get("/v1/rooms?limit=100").status, 200);
    let changed = "lms_gateway_requests_total{code=\"upstream-contract-violation\",operation=\"listRooms\",status=\"502\"}";
    assert_eq!(gateway.metric(changed), 0.0);
}

#[test]
fn a_thing_over_a_limit_is_not_told_to_come_in_pages() {
    let (vendor, gateway) = limited();
    let deep = format!("{{\"id\":1,\"x\":{}{}}}", "[".repeat(70), "]".repeat(70));
    let long = format!("{{\"id\":1,\"name\":\"{}\"}}", "n".repeat(30_000));
    for (body, named) in [(deep, "at most 64 levels"), (long, "`limits.answer`")] {
        vendor.will(Scripted::json(200, &body));
        let (detail, hint) = refused(&gateway.get("/v1/rooms/1"));
        assert!(detail.contains(named), "{detail}");
        assert!(!hint.contains("limit="), "{hint}");
    }
    // A write stays what it was: nobody can say what became of it but a look-up.
    vendor.will(Scripted::json(200, &"[".repeat(30_000)));
    vendor.will(Scripted::json(
        200,
        r#"{"id":1,"name":"Aula","external_id":"a"}"#,
    ));
    let body = r#"{"external_id":"a","name":"Aula"}"#;
    assert_eq!(gateway.send_json("PUT", "/v1/rooms/1", body).status, 204);
}

#[test]
fn odd_values_of_one_meaning_are_counted() {
    let vendor = Vendor::start();
    let gateway = vendor.setup().start();
    vendor.will(Scripted::json(
        200,
        r#"[{"id":1,"capacity":""},{"id":2,"name":87.5},{"id":3,"name":true,"city":null}]"#,
    ));
    assert_eq!(gateway.get("/v1/rooms").status, 200);
    let series =
        "lms_gateway_upstream_lenient_values_total{operation=\"listRooms\",upstream=\"netex\"}";
    assert_eq!(gateway.metric(series), 3.0);
    vendor.will(Scripted::json(200, r#"[{"id":1,"capacity":"many"}]"#));
    let answer = gateway.get("/v1/rooms?limit=5");
    assert_eq!(answer.problem(), "upstream-contract-violation");
}
