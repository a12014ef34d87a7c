//! Every switch, both ways.

use std::num::NonZeroU32;

use sandbox::{
    AbsentFields, Assumptions, Authorization, BlockedRaise, Charset, DayWrapping, EmailOnPhysical,
    EmptyFields, EmptyUrl, ErrorBody, EscapedSlash, IdSlash, LegacyHeaders, LocationForm, PastEnd,
    Permission, PutAbsent, RoomIdForm, UpdateAnswer, WriteAnswer,
};
use serde_json::{Value, json};

use crate::lab::{DAY, Lab, ROOMS, Reply, refused, request, send};

fn assuming(change: impl FnOnce(&mut Assumptions)) -> Lab {
    let lab = Lab::new();
    lab.sandbox.set_assumptions(change);
    lab
}

#[test]
fn put_clears_or_keeps_what_was_not_sent() {
    for (put_absent, kept) in [(PutAbsent::Cleared, false), (PutAbsent::Kept, true)] {
        let lab = assuming(|rules| rules.put_absent = put_absent);
        lab.rooms("PUT", "/id/2145", "external_id=pr001&name=A&address=");
        let room = lab.sandbox.room(2145).unwrap();
        assert_eq!(room.capacity.is_some(), kept);
        assert_eq!(room.city.is_some(), kept);
        assert_eq!(room.contact_email.is_some(), kept);
        assert_eq!(room.address.as_deref(), Some(""), "what was sent counts");
    }
}

#[test]
fn an_error_is_json_text_or_a_bare_code() {
    let ask =
        |error_body| assuming(|rules| rules.error_body = error_body).rooms("GET", "/id/9", "");
    let json = ask(ErrorBody::Json);
    assert_eq!(
        json.json(),
        json!({"code": "ERR004", "message": "El nombre de sala por Id no existe"})
    );
    for (form, text) in [
        (
            ErrorBody::Text,
            "ERR004: El nombre de sala por Id no existe",
        ),
        (ErrorBody::Code, "ERR004"),
    ] {
        let reply = ask(form);
        assert_eq!((reply.status, reply.text()), (404, text));
        assert_eq!(
            reply.header("content-type"),
            Some("text/plain;charset=UTF-8")
        );
    }
}

#[test]
fn a_location_takes_five_forms() {
    for (form, location) in [
        (
            LocationForm::Absolute,
            Some(format!("http://vendor.example{ROOMS}/id/2146")),
        ),
        (LocationForm::Relative, Some(format!("{ROOMS}/id/2146"))),
        (LocationForm::Missing, None),
        (
            LocationForm::OtherOrigin,
            Some(format!("https://other-origin.example{ROOMS}/id/2146")),
        ),
        (
            LocationForm::ByExternalId,
            Some(format!(
                "http://vendor.example{ROOMS}/externalid/nova%20%C3%B1"
            )),
        ),
    ] {
        let lab = assuming(|rules| rules.location = form);
        let reply = lab.rooms(
            "POST",
            "",
            "type=PHYSICAL_ROOM&external_id=nova+%C3%B1&name=A",
        );
        assert_eq!(
            (reply.status, reply.header("location").map(str::to_owned)),
            (201, location)
        );
    }
}

#[test]
fn absent_fields_are_null_or_left_out() {
    let ask = |form| {
        assuming(|rules| rules.absent_fields = form)
            .rooms("GET", "/id/2", "")
            .json()
    };
    assert_eq!(ask(AbsentFields::Null).get("capacity"), Some(&Value::Null));
    assert_eq!(
        ask(AbsentFields::Omitted),
        json!({"id": 2, "name": "Sala antigua", "city": "Burgo"})
    );
}

#[test]
fn empty_fields_are_kept_or_null() {
    for (form, city) in [
        (EmptyFields::Kept, Some(String::new())),
        (EmptyFields::Null, None),
    ] {
        let lab = assuming(|rules| rules.empty_fields = form);
        lab.rooms(
            "POST",
            "",
            "type=PHYSICAL_ROOM&external_id=nova&name=A&city=&capacity=",
        );
        let room = lab.sandbox.room_named("nova").unwrap();
        assert_eq!((room.city, room.capacity), (city, None));
    }
}

#[test]
fn an_id_is_a_number_or_a_string() {
    let ask = |form| {
        assuming(|rules| rules.room_id = form)
            .rooms("GET", "/id/2145", "")
            .json()["id"]
            .clone()
    };
    assert_eq!(ask(RoomIdForm::Number), json!(2145));
    assert_eq!(ask(RoomIdForm::String), json!("2145"));
}

#[test]
fn status_and_delete_answer_json_or_nothing() {
    let lab = assuming(|rules| rules.status_answer = WriteAnswer::Empty);
    assert_eq!(
        lab.rooms("PUT", "/id/2145/status", "value=inactive").text(),
        ""
    );
    assert_eq!(
        lab.rooms("DELETE", "/id/2145", "").text(),
        r#"{"status":"OK"}"#
    );
    let lab = assuming(|rules| rules.delete_answer = WriteAnswer::Empty);
    assert_eq!(
        lab.rooms("PUT", "/id/2145/status", "value=inactive").text(),
        r#"{"status":"OK"}"#
    );
    assert_eq!(lab.rooms("DELETE", "/id/2145", "").text(), "");
}

#[test]
fn a_slash_in_an_external_id_is_accepted_or_refused() {
    for external_id in ["a%2Fb", "a%5Cb"] {
        let form = format!("type=PHYSICAL_ROOM&external_id={external_id}&name=A");
        assert_eq!(
            assuming(|rules| rules.external_id_slash = IdSlash::Accepted)
                .rooms("POST", "", &form)
                .status,
            201
        );
        let lab = assuming(|rules| rules.external_id_slash = IdSlash::Refused);
        assert_eq!(lab.rooms("POST", "", &form).error(), refused(400, "ERR001"));
        assert_eq!(
            lab.rooms("PUT", "/id/2145", &form).error(),
            refused(400, "ERR001")
        );
    }
}

#[test]
fn an_encoded_slash_is_refused_or_decoded() {
    for attack in ["..%2f..%2fusers%2f1", "..%5c..%5cusers%5c1"] {
        let target = format!("{ROOMS}/externalid/{attack}");
        assert_eq!(
            assuming(|rules| rules.escaped_slash = EscapedSlash::Refused)
                .netex("GET", &target)
                .status,
            400
        );
        let lab = assuming(|rules| rules.escaped_slash = EscapedSlash::Decoded);
        assert_eq!(lab.netex("GET", &target).status, 200);
        assert_eq!(
            (lab.last().operation, lab.last().escaped),
            ("netex.users", true)
        );
    }
}

#[test]
fn a_form_without_charset_is_latin1_or_utf8() {
    for (charset, name) in [(Charset::Latin1, "CoruÃ±a"), (Charset::Utf8, "Coruña")] {
        let lab = assuming(|rules| rules.undeclared_charset = charset);
        let headers = [
            ("X-Auth-Token", "sandbox-netex-token"),
            ("Content-Type", "application/x-www-form-urlencoded"),
        ];
        let form = b"type=PHYSICAL_ROOM&external_id=nova&name=Coru%C3%B1a";
        send(
            lab.sandbox.netex_addr(),
            &request("POST", ROOMS, &headers, form),
        )
        .unwrap();
        assert_eq!(lab.sandbox.room_named("nova").unwrap().name, name);
    }
}

#[test]
fn a_page_is_capped_or_not() {
    let count = |reply: Reply| reply.json().as_array().unwrap().len();
    let lab = assuming(|rules| rules.page_cap = NonZeroU32::new(3));
    assert_eq!(count(lab.rooms("GET", "?startIndex=0&count=10", "")), 3);
    assert_eq!(count(lab.rooms("GET", "?startIndex=0&count=2", "")), 2);
    assert_eq!(
        count(lab.rooms("GET", "", "")),
        25,
        "the unpaged list is whole"
    );
    lab.sandbox.set_assumptions(|rules| rules.page_cap = None);
    assert_eq!(count(lab.rooms("GET", "?startIndex=0&count=10", "")), 10);
}

#[test]
fn past_the_end_is_416_204_or_an_empty_page() {
    for (past_end, answer) in [
        (PastEnd::Range, (416, "")),
        (PastEnd::NoContent, (204, "")),
        (PastEnd::EmptyArray, (206, "[]")),
    ] {
        let lab = assuming(|rules| rules.past_end = past_end);
        for start in [25, 26] {
            let reply = lab.rooms("GET", &format!("?startIndex={start}&count=5"), "");
            assert_eq!((reply.status, reply.text()), answer);
        }
    }
}

#[test]
fn an_address_on_a_physical_room_is_ignored_or_refused() {
    let form = "type=PHYSICAL_ROOM&external_id=nova&name=A&contactEmail=a%40b.es";
    let lab = assuming(|rules| rules.email_on_physical = EmailOnPhysical::Ignored);
    assert_eq!(lab.rooms("POST", "", form).status, 201);
    assert_eq!(lab.sandbox.room_named("nova").unwrap().contact_email, None);
    let lab = assuming(|rules| rules.email_on_physical = EmailOnPhysical::Refused);
    assert_eq!(lab.rooms("POST", "", form).error(), refused(400, "ROO003"));
    assert_eq!(
        lab.rooms(
            "PUT",
            "/id/2101",
            "external_id=pr002&name=A&contactEmail=a%40b.es"
        )
        .error(),
        refused(400, "ROO003")
    );
}

#[test]
fn a_blocked_raise_keeps_the_capacity_or_nothing() {
    for (blocked_raise, capacity) in [
        (BlockedRaise::CapacityApplied, 11),
        (BlockedRaise::NothingApplied, 10),
    ] {
        let lab = assuming(|rules| rules.blocked_raise = blocked_raise);
        let reply = lab.rooms(
            "PUT",
            "/id/2123",
            "external_id=pr024&name=Outra&capacity=11",
        );
        assert_eq!(reply.error(), refused(400, "ROO005"));
        let room = lab.sandbox.room(2123).unwrap();
        assert_eq!(
            (room.capacity, room.name.as_str()),
            (Some(capacity), "Sala con lista de espera")
        );
        assert_eq!(lab.last().applied, capacity == 11);
    }
}

#[test]
fn a_day_is_wrapped_once_or_twice() {
    for (wrapping, start) in [
        (DayWrapping::ResponseDay, "<response><day><dayId>"),
        (DayWrapping::Response, "<response><dayId>"),
    ] {
        let reply = assuming(|rules| rules.day_wrapping = wrapping).day("GET", DAY, "");
        assert!(reply.text().contains(start), "{}", reply.text());
    }
}

#[test]
fn an_update_answers_the_day_or_nothing() {
    let body = "<request><url>https://novo.example/</url></request>";
    for (answer, empty) in [(UpdateAnswer::Day, false), (UpdateAnswer::Empty, true)] {
        let lab = assuming(|rules| rules.update_answer = answer);
        let reply = lab.day("POST", DAY, body);
        assert_eq!(
            (
                reply.status,
                reply.body.is_empty(),
                reply.header("content-type").is_none()
            ),
            (200, empty, empty)
        );
        assert!(lab.last().applied);
    }
}

#[test]
fn authorization_is_bearer_bare_or_both() {
    for (rule, bearer_status, bare_status) in [
        (Authorization::Both, 200, 200),
        (Authorization::Bearer, 200, 401),
        (Authorization::Bare, 401, 200),
    ] {
        let lab = assuming(|rules| rules.authorization = rule);
        let token = lab.token();
        for scheme in ["Bearer", "bearer"] {
            let bearer = format!("{scheme} {token}");
            assert_eq!(
                lab.ispring("GET", DAY, &[("Authorization", &bearer)], "")
                    .status,
                bearer_status,
                "{rule:?}"
            );
        }
        assert_eq!(
            lab.ispring("GET", DAY, &[("Authorization", &token)], "")
                .status,
            bare_status,
            "{rule:?}"
        );
    }
}

#[test]
fn the_older_headers_are_accepted_or_refused() {
    for (rule, status) in [
        (LegacyHeaders::Accepted, 200),
        (LegacyHeaders::Refused, 401),
    ] {
        let lab = assuming(|rules| rules.legacy_headers = rule);
        let trio = [
            ("X-Auth-Account-Url", "https://myaccount.ispringlearn.ru"),
            ("X-Auth-Email", "email@email.com"),
            ("X-Auth-Password", "password"),
        ];
        assert_eq!(lab.ispring("GET", DAY, &trio, "").status, status);
    }
}

#[test]
fn a_missing_role_is_403() {
    let lab = assuming(|rules| rules.permission = Permission::Denied);
    for method in ["GET", "POST"] {
        let reply = lab.day(
            method,
            DAY,
            "<request><url>https://novo.example/</url></request>",
        );
        assert_eq!(reply.status, 403);
        assert!(
            reply
                .text()
                .contains("<message>Permission Denied</message>")
        );
    }
    assert_eq!(lab.sandbox.history(), []);
    lab.sandbox
        .set_assumptions(|rules| rules.permission = Permission::Granted);
    assert_eq!(lab.day("GET", DAY, "").status, 200);
}

#[test]
fn an_empty_link_is_refused_or_clears() {
    for body in [
        "<request/>",
        "<request><url></url></request>",
        "<request><url/></request>",
    ] {
        let lab = assuming(|rules| rules.empty_url = EmptyUrl::Refused);
        assert_eq!(lab.day("POST", DAY, body).status, 400, "{body}");
        let lab = assuming(|rules| rules.empty_url = EmptyUrl::Clears);
        assert_eq!(lab.day("POST", DAY, body).status, 200, "{body}");
        assert_eq!(lab.sandbox.days()[0].url, None);
    }
}
