//! What the answer to an unclear write says, beyond its one word.

use sandbox::{BlockedRaise, FaultKind, LocationForm, Room, When};
use serde_json::json;

use crate::support::lab::{Lab, Plan};
use crate::support::{Answer, Scripted, Vendor};

const CREATE: &str = r#"{"type":"EXTERNAL_PHYSICAL_ROOM","external_id":"neu","name":"Aula","capacity":9,"city":"","contact_email":"a@b.es"}"#;

fn unknown(answer: &Answer) -> serde_json::Value {
    assert_eq!(answer.status, 504, "{answer:?}");
    assert_eq!(answer.problem(), "write-outcome-unknown");
    let body = answer.json();
    assert_eq!(body["outcome"], "unknown", "{body}");
    body
}

#[test]
fn a_create_that_is_found_and_equal_is_a_create() {
    let lab = Lab::start();
    lab.break_next("netex.create", When::After, FaultKind::Reset);
    let answer = lab.gateway.send_json("POST", "/v1/rooms", CREATE);
    assert_eq!(answer.status, 201, "{answer:?}");
    let id = lab.sandbox.room_named("neu").expect("there").id;
    assert_eq!(
        answer.header("location"),
        Some(format!("/v1/rooms/{id}").as_str())
    );
    // As the vendor's own answer would have made it.
    let other = CREATE.replace("neu", "neu-2");
    let plain = lab.gateway.send_json("POST", "/v1/rooms", &other).json();
    let mut expected = plain.clone();
    expected["id"] = json!(id.to_string());
    expected["external_id"] = json!("neu");
    assert_eq!(answer.json(), expected);
}

#[test]
fn a_create_that_is_found_and_different_is_not_ours() {
    let lab = Lab::start();
    lab.sandbox.put_room(Room::new(0, "neu", "Otra aula"));
    // What is there could be ours in the vendor's spelling, unless the vendor has ended in an error.
    for (kind, outcome) in [
        (FaultKind::Reset, "unknown"),
        (FaultKind::status(500), "not-done"),
        (FaultKind::Hang, "unknown"),
    ] {
        lab.break_next("netex.create", When::Before, kind);
        let answer = lab.gateway.send_json("POST", "/v1/rooms", CREATE);
        assert_eq!(answer.status, 409, "{answer:?}");
        assert_eq!(answer.problem(), "external-id-taken");
        assert_eq!(answer.json()["outcome"], outcome);
    }
}

#[test]
fn a_create_that_is_not_found_may_be_sent_again() {
    let lab = Lab::start();
    lab.break_next("netex.create", When::Before, FaultKind::Reset);
    let body = unknown(&lab.gateway.send_json("POST", "/v1/rooms", CREATE));
    assert_eq!(body["safe_to_repeat"], true, "{body}");
    let hint = body["hint"].as_str().expect("a hint");
    assert!(hint.contains("again"), "{hint}");
    assert_eq!(
        lab.gateway.send_json("POST", "/v1/rooms", CREATE).status,
        201,
        "as the hint says"
    );
    let room = lab.sandbox.put_room(Room::new(0, "alt", "Aula"));
    lab.break_next("netex.replace", When::Before, FaultKind::Reset);
    let replace = r#"{"external_id":"alt","name":"Neu"}"#;
    let body = unknown(
        &lab.gateway
            .send_json("PUT", &format!("/v1/rooms/{}", room.id), replace),
    );
    assert!(
        body.get("safe_to_repeat").is_none(),
        "only a create: {body}"
    );
}

#[test]
fn a_contact_address_cannot_be_read_back_and_is_named() {
    let lab = Lab::start();
    let target = "/v1/rooms/2145";
    let replace =
        |email: &str| format!(r#"{{"external_id":"pr001","name":"Sala","capacity":1{email}}}"#);
    lab.break_next("netex.replace", When::After, FaultKind::Close);
    let body = unknown(&lab.gateway.send_json(
        "PUT",
        target,
        &replace(r#","contact_email":"a@b.es""#),
    ));
    let detail = body["detail"].as_str().expect("a detail");
    assert!(detail.contains("contact_email"), "{detail}");
    lab.break_next("netex.replace", When::After, FaultKind::Close);
    assert_eq!(
        lab.gateway.send_json("PUT", target, &replace("")).status,
        204,
        "without it all can be seen"
    );
}

#[test]
fn a_rename_is_read_back_under_the_new_name() {
    let lab = Lab::start();
    lab.break_next("netex.replace", When::After, FaultKind::Close);
    let answer = lab.gateway.send_json(
        "PUT",
        "/v1/rooms/by-external-id/pr002",
        r#"{"external_id":"neu","name":"Aula"}"#,
    );
    assert_eq!(answer.status, 204, "{answer:?}");
    let reads = lab.calls("netex.get");
    assert!(reads[0].target.ends_with("/externalid/neu"), "{reads:?}");
}

/// What bears the new name is another room: the vendor would have refused.
#[test]
fn a_rename_to_a_name_that_is_taken_is_not_taken_for_done() {
    let lab = Lab::start();
    lab.sandbox.put_room(Room::new(0, "alt", "Aula"));
    lab.sandbox.put_room(Room::new(0, "neu", "Aula"));
    let rename = r#"{"external_id":"neu","name":"Aula"}"#;
    let target = "/v1/rooms/by-external-id/alt";
    lab.break_next("netex.replace", When::After, FaultKind::Reset);
    unknown(&lab.gateway.send_json("PUT", target, rename));
    lab.break_next("netex.replace", When::After, FaultKind::status(500));
    let answer = lab.gateway.send_json("PUT", target, rename);
    assert_eq!(answer.json()["outcome"], "not-done", "{answer:?}");
    assert!(lab.sandbox.room_named("alt").is_some());
}

#[test]
fn a_waiting_list_that_blocks_leaves_the_outcome_open() {
    let lab = Lab::start();
    let raise = |capacity: i32| {
        let body = format!(r#"{{"external_id":"pr024","name":"Sala","capacity":{capacity}}}"#);
        let name = lab
            .sandbox
            .room(2123)
            .and_then(|room| room.external_id)
            .expect("named");
        let body = body.replace("pr024", &name);
        lab.gateway.send_json("PUT", "/v1/rooms/2123", &body)
    };
    for rule in [BlockedRaise::CapacityApplied, BlockedRaise::NothingApplied] {
        lab.sandbox
            .set_assumptions(|rules| rules.blocked_raise = rule);
        let answer = raise(2_000);
        if rule == BlockedRaise::CapacityApplied {
            let capacity = lab.sandbox.room(2123).and_then(|room| room.capacity);
            assert_eq!(capacity, Some(2_000), "applied in part");
            lab.sandbox.put_room(Room {
                capacity: Some(1),
                ..lab.sandbox.room(2123).expect("there")
            });
        }
        assert_eq!(answer.status, 409, "{answer:?}");
        assert_eq!(answer.problem(), "waiting-list-blocked");
        assert_eq!(answer.json()["outcome"], "unknown");
    }
}

#[test]
fn a_create_that_says_nothing_of_its_place_is_looked_up() {
    let lab = Lab::start();
    for (number, form) in [
        LocationForm::Missing,
        LocationForm::OtherOrigin,
        LocationForm::ByExternalId,
    ]
    .into_iter()
    .enumerate()
    {
        lab.sandbox.set_assumptions(|rules| rules.location = form);
        let name = format!("neu-{number}");
        let answer = lab
            .gateway
            .send_json("POST", "/v1/rooms", &CREATE.replace("neu", &name));
        assert_eq!(answer.status, 201, "{answer:?}");
        let id = lab.sandbox.room_named(&name).expect("there").id.to_string();
        assert_eq!(answer.json()["id"], id);
        lab.break_all(&["netex.get"], When::Before, |_| FaultKind::status(500));
        let name = format!("{name}-unseen");
        let answer = lab
            .gateway
            .send_json("POST", "/v1/rooms", &CREATE.replace("neu", &name));
        lab.sandbox.clear_faults();
        assert_eq!(answer.status, 201, "never an error: {answer:?}");
        assert_eq!(answer.header("location"), None);
        assert_eq!(answer.json().get("id"), None);
    }
    assert_eq!(lab.calls("netex.create").len(), 6, "never a second create");
}

const UPSERT: &str = r#"{"type":"PHYSICAL_ROOM","name":"Aula"}"#;
const UPSERT_TARGET: &str = "/v1/rooms/by-external-id/neu";

fn code(code: &str) -> String {
    format!(r#"{{"code":"{code}"}}"#)
}

#[test]
fn an_upsert_that_lost_the_race_updates_once_more() {
    let vendor = Vendor::start();
    let gateway = vendor.setup().start();
    vendor.will(Scripted::answer(404, &[], ""));
    vendor.will(Scripted::json(400, &code("ERR006")));
    vendor.will(Scripted::answer(200, &[], ""));
    let answer = gateway.send_json("PUT", UPSERT_TARGET, UPSERT);
    assert_eq!(answer.status, 204, "{answer:?}");
    let methods: Vec<String> = vendor.seen().into_iter().map(|seen| seen.method).collect();
    assert_eq!(methods, ["PUT", "POST", "PUT"]);
}

#[test]
fn an_upsert_does_not_race_for_ever() {
    let vendor = Vendor::start();
    let gateway = vendor.setup().start();
    vendor.will(Scripted::answer(404, &[], ""));
    vendor.will(Scripted::json(400, &code("ERR006")));
    vendor.always(Scripted::answer(404, &[], ""));
    let answer = gateway.send_json("PUT", UPSERT_TARGET, UPSERT);
    assert_eq!(answer.problem(), "room-not-found", "{answer:?}");
    assert_eq!(answer.json()["outcome"], "not-done");
    assert_eq!(vendor.seen().len(), 3);
}

#[test]
fn a_look_up_is_repeated_until_it_shows_the_write() {
    let vendor = Vendor::start();
    let gateway = vendor.setup().start();
    vendor.will(Scripted::Close(Vec::new()));
    vendor.will(Scripted::json(404, &code("ERR005")));
    vendor.will(Scripted::Close(Vec::new()));
    let room = r#"{"id":7,"external_id":"neu","name":"Aula","capacity":9,"city":null}"#;
    vendor.will(Scripted::json(200, room));
    let answer = gateway.send_json("POST", "/v1/rooms", CREATE);
    assert_eq!(answer.status, 201, "{answer:?}");
    assert_eq!(answer.header("location"), Some("/v1/rooms/7"));
    let methods: Vec<String> = vendor.seen().into_iter().map(|seen| seen.method).collect();
    assert_eq!(methods, ["POST", "GET", "GET", "GET"]);
}

#[test]
fn a_look_up_still_fits_after_a_vendor_that_hangs() {
    let lab = Plan::default().settings("deadline: 1s\n").start();
    lab.break_next("netex.create", When::After, FaultKind::Hang);
    let answer = lab.gateway.send_json("POST", "/v1/rooms", CREATE);
    assert_eq!(answer.status, 201, "{answer:?}");
}
