use std::net::Ipv4Addr;

use sandbox::{Config, ErrorBody, Fault, FaultKind, When};
use serde_json::json;

use crate::lab::{Cut, DAY, Lab, refused};

fn lab() -> Lab {
    Lab::with(Config {
        control: Some((Ipv4Addr::LOCALHOST, 0).into()),
        ..Config::default()
    })
}

/// The kind of a fault that the control port takes.
pub fn kind_of(body: &str) -> FaultKind {
    let lab = lab();
    let reply = lab.control("POST", "/_sandbox/faults", body);
    assert_eq!(reply.status, 200, "{body}: {}", reply.text());
    lab.sandbox.faults().remove(0).kind
}

#[test]
fn no_control_port_unless_asked_for() {
    assert_eq!(Lab::new().sandbox.control_addr(), None);
}

#[test]
fn a_fault_comes_from_json_and_strikes() {
    let lab = lab();
    let body = r#"{"operation":"netex.create","times":1,"when":"after","kind":"reset"}"#;
    let reply = lab.control("POST", "/_sandbox/faults", body);
    assert_eq!((reply.status, &reply.json()[0]["skip"]), (200, &json!(0)));
    assert_eq!(
        lab.try_rooms("POST", "", "type=PHYSICAL_ROOM&external_id=nova&name=A"),
        Err(Cut::Reset)
    );
    assert!(lab.sandbox.room_named("nova").is_some());
    assert_eq!(lab.control("GET", "/_sandbox/faults", "").json(), json!([]));
}

#[test]
fn every_kind_has_a_spelling() {
    let lab = lab();
    for (spelling, kind) in [
        (json!({"delay": {"ms": 5}}), FaultKind::Delay { ms: 5 }),
        (json!("hang"), FaultKind::Hang),
        (json!("reset"), FaultKind::Reset),
        (json!("close"), FaultKind::Close),
        (
            json!({"truncate": {"bytes": 20}}),
            FaultKind::Truncate { bytes: 20 },
        ),
        (json!("garbage"), FaultKind::Garbage { raw: None }),
        (
            json!({"garbage": {"raw": "x"}}),
            FaultKind::Garbage {
                raw: Some("x".to_owned()),
            },
        ),
        (
            json!({"content_type": {"value": "text/html"}}),
            FaultKind::ContentType {
                value: "text/html".to_owned(),
            },
        ),
        (json!("html"), FaultKind::Html { status: 200 }),
        (
            json!({"status": {"status": 429, "headers": {"Retry-After": "7"}}}),
            FaultKind::status_with(429, "Retry-After", "7"),
        ),
        (json!("drip"), FaultKind::Drip { ms_per_byte: 1 }),
        (
            json!({"redirect": {"location": "/x"}}),
            FaultKind::Redirect {
                location: "/x".to_owned(),
                status: 302,
            },
        ),
        (json!("status_200_ko"), FaultKind::Status200Ko),
        (
            json!({"error_code": {"code": "ROO005"}}),
            FaultKind::ErrorCode {
                code: "ROO005".to_owned(),
            },
        ),
        (
            json!({"set_member": {"name": "expires_in", "raw": "-1"}}),
            FaultKind::expires_in(Some("-1")),
        ),
        (json!({"pad": {"bytes": 9}}), FaultKind::Pad { bytes: 9 }),
        (json!("answer_then_close"), FaultKind::AnswerThenClose),
        (json!("refuse"), FaultKind::Refuse),
        (json!("reset_on_connect"), FaultKind::ResetOnConnect),
    ] {
        let body = json!({"operation": "ispring.*", "kind": spelling}).to_string();
        let reply = lab.control("POST", "/_sandbox/faults", &body);
        assert_eq!(reply.status, 200, "{}", reply.text());
        assert_eq!(
            lab.sandbox.faults(),
            [Fault::every("ispring.*", When::Before, kind)]
        );
        assert_eq!(lab.control("DELETE", "/_sandbox/faults", "").status, 204);
    }
}

#[test]
fn what_is_wrong_in_a_fault_is_named_with_what_is_allowed() {
    let lab = lab();
    for (body, named) in [
        (
            r#"{"operation":"netex.create","kind":"reset","tiems":1}"#,
            vec!["`tiems`", "`times`"],
        ),
        (
            r#"{"operation":"netex.craete","kind":"reset"}"#,
            vec!["`netex.craete`", "`netex.create`"],
        ),
        (
            r#"{"operation":"*","kind":"rset"}"#,
            vec!["`rset`", "`reset`"],
        ),
        (
            r#"{"operation":"*","kind":{"truncate":{"byte":1}}}"#,
            vec!["`byte`", "`bytes`"],
        ),
        (r#"{"operation":"*","kind":"truncate"}"#, vec!["`bytes`"]),
        (
            r#"{"operation":"*","kind":"reset","when":"later"}"#,
            vec!["`later`", "`before`"],
        ),
        (
            r#"{"operation":"*","kind":"reset","times":0}"#,
            vec!["`times`"],
        ),
        (r#"{"kind":"reset"}"#, vec!["`operation`"]),
        (
            r#"[{"operation":"*","kind":"reset"},{"operation":"*"}]"#,
            vec!["fault 1", "`kind`"],
        ),
        ("", vec!["JSON"]),
    ] {
        let reply = lab.control("POST", "/_sandbox/faults", body);
        assert_eq!(reply.status, 400, "{body}");
        let text = reply.json()["error"].as_str().unwrap().to_owned();
        assert!(
            named.iter().all(|name| text.contains(name)),
            "{body}: {text}"
        );
    }
    assert_eq!(lab.sandbox.faults(), [], "of an array all or none");
}

#[test]
fn refuse_and_clear_work_from_outside() {
    let lab = lab();
    lab.control(
        "POST",
        "/_sandbox/faults",
        r#"{"operation":"netex.*","kind":"refuse"}"#,
    );
    assert_eq!(lab.try_rooms("GET", "", ""), Err(Cut::Refused));
    lab.control("DELETE", "/_sandbox/faults", "");
    assert_eq!(lab.rooms("GET", "", "").status, 200);
}

#[test]
fn the_ledger_is_served_and_cleared() {
    let lab = lab();
    lab.rooms("PUT", "/id/2145", "external_id=pr001&name=A");
    let served = lab.control("GET", "/_sandbox/ledger", "").json();
    let entry = &served["requests"][0];
    assert_eq!(served["forgotten"], json!(0));
    assert_eq!(entry["vendor"], json!("netex"));
    assert_eq!(entry["operation"], json!("netex.replace"));
    assert_eq!(entry["body"], json!("external_id=pr001&name=A"));
    assert_eq!(
        (&entry["status"], &entry["applied"]),
        (&json!(200), &json!(true))
    );
    assert_eq!(lab.control("DELETE", "/_sandbox/ledger", "").status, 204);
    assert_eq!(lab.sandbox.ledger(), []);
}

#[test]
fn a_body_that_is_no_text_is_served_in_hexadecimal() {
    let lab = lab();
    let bytes = crate::lab::request("POST", "/", &[], b"\xff\x00");
    crate::lab::send(lab.sandbox.netex_addr(), &bytes).unwrap();
    assert_eq!(
        lab.control("GET", "/_sandbox/ledger", "").json()["requests"][0]["body"],
        json!("hex:ff00")
    );
}

#[test]
fn the_state_shows_what_the_vendor_hides() {
    let lab = lab();
    lab.rooms("PUT", "/id/2145/status", "value=inactive");
    lab.token();
    let state = lab.control("GET", "/_sandbox/state", "").json();
    let room = state["rooms"]
        .as_array()
        .unwrap()
        .iter()
        .find(|room| room["id"] == json!(2145))
        .unwrap();
    assert_eq!(room["active"], json!(false));
    assert_eq!(room["room_type"], json!("EXTERNAL_PHYSICAL_ROOM"));
    assert_eq!(room["contact_email"], json!("netex@elearning.com"));
    assert_eq!(room["version"], json!(2));
    assert_eq!(state["days"].as_array().unwrap().len(), 3);
    assert_eq!(state["valid_tokens"], json!(1));
    assert_eq!(state["history"][0]["operation"], json!("netex.status"));
}

#[test]
fn rooms_and_days_are_patched_or_made() {
    let lab = lab();
    let reply = lab.control("PUT", "/_sandbox/rooms", r#"{"id":2145,"reserved":true}"#);
    assert_eq!(
        (reply.status, &reply.json()["name"]),
        (200, &json!("Sala de conferencias 1"))
    );
    assert_eq!(
        lab.rooms("DELETE", "/id/2145", "").error(),
        refused(400, "ROO004")
    );
    let made = lab
        .control(
            "PUT",
            "/_sandbox/rooms",
            r#"{"external_id":"nova","name":"Nova"}"#,
        )
        .json();
    assert_eq!((&made["id"], &made["active"]), (&json!(2146), &json!(true)));

    let taken = lab.control("PUT", "/_sandbox/rooms", r#"{"external_id":"pr001"}"#);
    assert_eq!(taken.status, 400);
    assert!(taken.text().contains("2145"), "{}", taken.text());
    let odd = lab.control(
        "PUT",
        "/_sandbox/rooms",
        r#"{"id":2145,"reservd":true,"capacity":"1"}"#,
    );
    assert!(
        odd.text().contains("`reservd`") && odd.text().contains("`capacity`"),
        "{}",
        odd.text()
    );

    lab.control(
        "PUT",
        "/_sandbox/days",
        r#"{"day_id":"4728d47a-c96a-11ed-97ec-b6c48b3dc692","location":"Aula 1"}"#,
    );
    assert!(
        lab.day("GET", DAY, "")
            .text()
            .contains("<location>Aula 1</location>")
    );
}

#[test]
fn assumptions_are_changed_in_part_and_every_mistake_is_named() {
    let lab = lab();
    let reply = lab.control(
        "PUT",
        "/_sandbox/assumptions",
        r#"{"error_body":"code","page_cap":3}"#,
    );
    assert_eq!(
        (reply.status, &reply.json()["error_body"]),
        (200, &json!("code"))
    );
    assert_eq!(lab.sandbox.assumptions().error_body, ErrorBody::Code);
    assert_eq!(lab.rooms("GET", "/id/9", "").text(), "ERR004");
    assert_eq!(
        lab.control("GET", "/_sandbox/assumptions", "").json()["put_absent"],
        json!("cleared")
    );

    let reply = lab.control(
        "PUT",
        "/_sandbox/assumptions",
        r#"{"eror_body":"code","location":"nowhere","page_cap":0,"past_end":"no_content"}"#,
    );
    assert_eq!(reply.status, 400);
    for named in [
        "`eror_body`",
        "`error_body`",
        "`location`",
        "`relative`",
        "`page_cap`",
    ] {
        assert!(reply.text().contains(named), "{named}: {}", reply.text());
    }
    assert_eq!(
        lab.control("GET", "/_sandbox/assumptions", "").json()["past_end"],
        json!("range"),
        "all or none"
    );
}

#[test]
fn reset_restores_the_start() {
    let lab = lab();
    lab.rooms("DELETE", "/id/2145", "");
    let token = lab.token();
    lab.sandbox
        .set_assumptions(|rules| rules.error_body = ErrorBody::Text);
    lab.sandbox
        .add_fault(Fault::every("*", When::Before, FaultKind::Refuse));
    assert_eq!(lab.control("POST", "/_sandbox/reset", "").status, 204);
    assert_eq!(lab.sandbox.ledger(), []);
    assert_eq!(lab.sandbox.history(), []);
    assert_eq!(lab.sandbox.assumptions(), Config::default().assumptions);
    assert_eq!(lab.rooms("GET", "/id/2145", "").status, 200);
    assert_eq!(
        lab.ispring("GET", DAY, &[("Authorization", &token)], "")
            .status,
        401
    );
}

#[test]
fn tokens_die_from_outside() {
    let lab = lab();
    for call in ["revoke", "expire"] {
        let token = lab.token();
        assert_eq!(
            lab.control("POST", &format!("/_sandbox/tokens/{call}"), "")
                .status,
            204
        );
        assert_eq!(
            lab.ispring("GET", DAY, &[("Authorization", &token)], "")
                .status,
            401
        );
    }
}

#[test]
fn what_is_no_call_says_which_there_are() {
    let lab = lab();
    let reply = lab.control("GET", "/faults", "");
    assert_eq!(reply.status, 404);
    assert!(reply.text().contains("POST /_sandbox/faults"));
    let reply = lab.control("PATCH", "/_sandbox/faults", "");
    assert_eq!(
        (reply.status, reply.header("allow")),
        (405, Some("GET, POST, DELETE"))
    );
    assert!(lab.control("GET", "/", "").text().contains("netex.create"));
    assert_eq!(
        lab.sandbox.ledger(),
        [],
        "the ledger holds the vendors' requests only"
    );
}
