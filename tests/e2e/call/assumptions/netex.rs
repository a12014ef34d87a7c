use sandbox::{
    AbsentFields, Charset, EmptyFields, ErrorBody, EscapedSlash, IdSlash, LocationForm, PastEnd,
    PutAbsent, RoomIdForm, WriteAnswer,
};
use serde_json::{Value, json};

use crate::support::{Answer, Sandboxed};

fn create(gateway: &Sandboxed, external_id: &str) -> Answer {
    let body = json!({"type": "PHYSICAL_ROOM", "external_id": external_id, "name": "Sala"});
    gateway.send_json("POST", "/v1/rooms", &body.to_string())
}

#[test]
fn a_code_is_read_from_every_form_of_error_body() {
    let gateway = Sandboxed::plain();
    for form in [ErrorBody::Json, ErrorBody::Text, ErrorBody::Code] {
        gateway
            .sandbox
            .set_assumptions(|rules| rules.error_body = form);
        for (answer, problem, code) in [
            (create(&gateway, "pr001"), "external-id-taken", "ERR006"),
            (gateway.get("/v1/rooms/1"), "room-not-found", "ERR004"),
            (
                gateway.get("/v1/rooms/by-external-id/none"),
                "room-not-found",
                "ERR005",
            ),
            (
                gateway.request("DELETE", "/v1/rooms/2122", &[], b""),
                "room-reserved",
                "ROO004",
            ),
        ] {
            assert_eq!(answer.problem(), problem, "{form:?}: {answer:?}");
            assert_eq!(answer.json()["upstream"]["code"], code, "{form:?}");
        }
    }
}

#[test]
fn a_created_room_has_its_id_whatever_the_location_looks_like() {
    let gateway = Sandboxed::plain();
    for form in [
        LocationForm::Absolute,
        LocationForm::Relative,
        LocationForm::Missing,
        LocationForm::OtherOrigin,
        LocationForm::ByExternalId,
    ] {
        gateway
            .sandbox
            .set_assumptions(|rules| rules.location = form);
        gateway.sandbox.clear_ledger();
        let name = format!("loc-{form:?}");
        let answer = create(&gateway, &name);
        assert_eq!(answer.status, 201, "{form:?}: {answer:?}");
        let id = gateway
            .sandbox
            .room_named(&name)
            .expect("created")
            .id
            .to_string();
        assert_eq!(answer.json()["id"], id.as_str(), "{form:?}");
        assert_eq!(
            answer.header("location"),
            Some(format!("/v1/rooms/{id}").as_str()),
            "{form:?}"
        );
        let creates = gateway
            .sandbox
            .ledger()
            .iter()
            .filter(|seen| seen.operation == "netex.create")
            .count();
        assert_eq!(creates, 1, "{form:?}: never a second create");
    }
}

#[test]
fn without_location_and_look_up_the_create_is_still_a_success() {
    let gateway = Sandboxed::plain();
    gateway
        .sandbox
        .set_assumptions(|rules| rules.location = LocationForm::Missing);
    gateway.sandbox.add_fault(sandbox::Fault::next(
        "netex.get",
        sandbox::When::Before,
        sandbox::FaultKind::status(503),
    ));
    let answer = create(&gateway, "quiet");
    assert_eq!(answer.status, 201, "{answer:?}");
    assert_eq!(answer.header("location"), None);
    assert!(answer.json().get("id").is_none(), "{answer:?}");
    assert_eq!(answer.json()["external_id"], "quiet");
}

#[test]
fn status_and_delete_may_answer_with_json_or_nothing() {
    let gateway = Sandboxed::plain();
    for (form, id) in [(WriteAnswer::Json, 2101), (WriteAnswer::Empty, 2102)] {
        gateway.sandbox.set_assumptions(|rules| {
            rules.status_answer = form;
            rules.delete_answer = form;
        });
        let status = gateway.send_json(
            "PUT",
            &format!("/v1/rooms/{id}/status"),
            r#"{"status":"inactive"}"#,
        );
        assert_eq!(status.status, 204, "{form:?}: {status:?}");
        assert!(!gateway.sandbox.room(id).expect("there").active);
        assert_eq!(
            gateway
                .request("DELETE", &format!("/v1/rooms/{id}"), &[], b"")
                .status,
            204,
            "{form:?}"
        );
    }
}

#[test]
fn a_replacement_says_what_the_room_becomes_and_not_more() {
    let gateway = Sandboxed::plain();
    for (rule, city) in [
        (PutAbsent::Cleared, Value::Null),
        (PutAbsent::Kept, json!("Santiago de Compostela")),
    ] {
        gateway
            .sandbox
            .set_assumptions(|rules| rules.put_absent = rule);
        let answer = gateway.send_json(
            "PUT",
            "/v1/rooms/2101",
            r#"{"external_id":"pr002","name":"Aula"}"#,
        );
        assert_eq!(
            (answer.status, answer.body.len()),
            (204, 0),
            "{rule:?}: no field is claimed"
        );
        assert_eq!(
            gateway.get("/v1/rooms/2101").json()["city"],
            city,
            "{rule:?}"
        );
        let mut room = gateway.sandbox.room(2101).expect("there");
        room.city = Some("Santiago de Compostela".to_owned());
        gateway.sandbox.put_room(room);
    }
}

#[test]
fn a_field_without_value_is_absent_whether_null_or_left_out() {
    let gateway = Sandboxed::plain();
    let mut seen = Vec::new();
    for absent in [AbsentFields::Null, AbsentFields::Omitted] {
        for id in [RoomIdForm::Number, RoomIdForm::String] {
            gateway.sandbox.set_assumptions(|rules| {
                rules.absent_fields = absent;
                rules.room_id = id;
            });
            seen.push(gateway.get("/v1/rooms").json());
            assert_eq!(
                gateway.get("/v1/rooms/2").json(),
                json!({"id": "2", "name": "Sala antigua", "city": "Burgo"})
            );
        }
    }
    assert!(seen.windows(2).all(|pair| pair[0] == pair[1]));
}

#[test]
fn an_empty_field_is_shown_as_the_vendor_keeps_it() {
    let gateway = Sandboxed::plain();
    for (rule, city) in [
        (EmptyFields::Kept, json!("")),
        (EmptyFields::Null, Value::Null),
    ] {
        gateway
            .sandbox
            .set_assumptions(|rules| rules.empty_fields = rule);
        let body = r#"{"external_id":"pr002","name":"Aula","city":""}"#;
        assert_eq!(gateway.send_json("PUT", "/v1/rooms/2101", body).status, 204);
        assert_eq!(
            gateway.get("/v1/rooms/2101").json()["city"],
            city,
            "{rule:?}"
        );
    }
}

#[test]
fn text_survives_a_vendor_that_reads_undeclared_forms_as_latin_1() {
    let gateway = Sandboxed::plain();
    let text = "Ñandú ‑ Coruña + 100 % & <b> 🏛 e\u{301}";
    for charset in [Charset::Latin1, Charset::Utf8] {
        gateway
            .sandbox
            .set_assumptions(|rules| rules.undeclared_charset = charset);
        let body = json!({"external_id": "pr002", "name": text}).to_string();
        assert_eq!(
            gateway.send_json("PUT", "/v1/rooms/2101", &body).status,
            204
        );
        assert_eq!(
            gateway.sandbox.room(2101).expect("there").name,
            text,
            "{charset:?}"
        );
        assert_eq!(gateway.get("/v1/rooms/2101").json()["name"], text);
    }
}

#[test]
fn the_pages_hold_everything_when_the_vendor_caps_them() {
    let gateway = Sandboxed::plain();
    let all = gateway.get("/v1/rooms").json()["items"].clone();
    for past_end in [PastEnd::Range, PastEnd::NoContent, PastEnd::EmptyArray] {
        for cap in [
            None,
            std::num::NonZeroU32::new(4),
            std::num::NonZeroU32::new(25),
        ] {
            gateway.sandbox.set_assumptions(|rules| {
                rules.past_end = past_end;
                rules.page_cap = cap;
            });
            let (mut found, mut target) = (Vec::new(), "/v1/rooms?limit=10".to_owned());
            for _ in 0..12 {
                let page = gateway.get(&target).json();
                found.extend(page["items"].as_array().expect("items").iter().cloned());
                match page["next_cursor"].as_str() {
                    Some(cursor) => target = format!("/v1/rooms?cursor={cursor}"),
                    None => break,
                }
            }
            assert_eq!(Value::Array(found), all, "{past_end:?}, {cap:?}");
        }
    }
}

#[test]
fn a_slash_never_gets_through_whether_the_vendor_would_take_it_or_not() {
    let gateway = Sandboxed::plain();
    for slash in [IdSlash::Accepted, IdSlash::Refused] {
        for escaped in [EscapedSlash::Refused, EscapedSlash::Decoded] {
            gateway.sandbox.set_assumptions(|rules| {
                rules.external_id_slash = slash;
                rules.escaped_slash = escaped;
            });
            assert_eq!(create(&gateway, "a/b").problem(), "validation-failed");
            assert_eq!(
                gateway.get("/v1/rooms/by-external-id/a%2Fb").problem(),
                "validation-failed"
            );
        }
    }
    assert_eq!(gateway.sandbox.ledger(), []);
}
