//! Get, status and delete of one room, by id and by external id.

use serde_json::{Value, json};

use crate::lab::{Lab, refused};

#[test]
fn get_answers_200_by_both_names() {
    let lab = Lab::new();
    let by_id = lab.rooms("GET", "/id/2106", "");
    assert_eq!(by_id.status, 200);
    assert_eq!(by_id.json()["postalCode"], json!("00715"));
    assert_eq!(
        by_id.json(),
        lab.rooms("GET", "/externalid/pr007", "").json()
    );
    assert_eq!(
        lab.rooms("GET", "/externalid/aula-%C3%B1", "").json()["id"],
        json!(2107)
    );
    assert_eq!(lab.last().operation, "netex.get");
}

#[test]
fn an_older_room_has_neither_external_id_nor_capacity() {
    let room = Lab::new().rooms("GET", "/id/2", "").json();
    assert_eq!(
        (&room["external_id"], &room["capacity"]),
        (&Value::Null, &Value::Null)
    );
}

#[test]
fn a_missing_room_is_err004_by_id_and_err005_by_external_id() {
    let lab = Lab::new();
    for (method, suffix, form) in [
        ("GET", "", ""),
        ("DELETE", "", ""),
        ("PUT", "/status", "value=active"),
    ] {
        let by_id = lab.rooms(method, &format!("/id/9{suffix}"), form);
        assert_eq!(by_id.error(), refused(404, "ERR004"), "{method}");
        let by_name = lab.rooms(method, &format!("/externalid/none{suffix}"), form);
        assert_eq!(by_name.error(), refused(404, "ERR005"), "{method}");
        assert!(!lab.last().applied);
    }
}

#[test]
fn an_id_that_is_no_number_is_err003() {
    let lab = Lab::new();
    for id in ["abc", "2145x", "+2145", "99999999999999999999"] {
        assert_eq!(
            lab.rooms("GET", &format!("/id/{id}"), "").error(),
            refused(400, "ERR003"),
            "{id}"
        );
    }
}

#[test]
fn status_switches_both_ways_by_both_names() {
    let lab = Lab::new();
    for path in ["/id/2145/status", "/externalid/pr001/status"] {
        for (value, active) in [("inactive", false), ("active", true)] {
            let reply = lab.rooms("PUT", path, &format!("value={value}"));
            assert_eq!(
                (reply.status, reply.json()),
                (200, json!({"status": "OK"})),
                "{path}"
            );
            assert_eq!(lab.sandbox.room(2145).unwrap().active, active);
        }
    }
    assert_eq!(lab.last().operation, "netex.status");
}

#[test]
fn a_status_value_that_is_none_changes_nothing() {
    let lab = Lab::new();
    let put = |form| lab.rooms("PUT", "/id/2145/status", form).error();
    assert_eq!(put(""), refused(400, "ERR001"));
    assert_eq!(put("value=off"), refused(400, "ERR002"));
    assert!(lab.sandbox.room(2145).unwrap().active);
    assert_eq!(lab.sandbox.room(2145).unwrap().version, 1);
}

#[test]
fn delete_answers_200_with_json_and_the_id_is_never_used_again() {
    let lab = Lab::new();
    for path in ["/id/2145", "/externalid/pr002"] {
        let reply = lab.rooms("DELETE", path, "");
        assert_eq!(
            (reply.status, reply.json()),
            (200, json!({"status": "OK"})),
            "{path}"
        );
        assert_eq!(
            (lab.last().operation, lab.last().applied),
            ("netex.delete", true)
        );
    }
    assert_eq!(
        (lab.sandbox.room(2145), lab.sandbox.room(2101)),
        (None, None)
    );
    lab.rooms("PUT", "/id/2102/status", "value=active");
    lab.rooms("POST", "", "type=PHYSICAL_ROOM&external_id=pr001&name=A");
    assert_eq!(lab.sandbox.room_named("pr001").unwrap().id, 2146);
}

#[test]
fn a_reserved_room_is_roo004_and_stays() {
    let lab = Lab::new();
    assert_eq!(
        lab.rooms("DELETE", "/id/2122", "").error(),
        refused(400, "ROO004")
    );
    assert!(lab.sandbox.room(2122).is_some());
}

#[test]
fn the_history_tells_every_version_in_order() {
    let lab = Lab::new();
    lab.rooms("PUT", "/id/2145/status", "value=inactive");
    lab.rooms("PUT", "/id/2145", "external_id=pr001&name=B");
    lab.rooms("DELETE", "/id/2145", "");
    let told: Vec<_> = lab
        .sandbox
        .history()
        .into_iter()
        .map(|change| match change.subject {
            sandbox::Subject::Room(room) => {
                (change.operation, room.version, room.active, room.name)
            }
            sandbox::Subject::RoomDeleted(room) => {
                (change.operation, room.version, false, String::new())
            }
            sandbox::Subject::Day(day) => panic!("{day:?}"),
        })
        .collect();
    let first = "Sala de conferencias 1".to_owned();
    assert_eq!(
        told,
        [
            (Some("netex.status"), 2, false, first),
            (Some("netex.replace"), 3, false, "B".to_owned()),
            (Some("netex.delete"), 3, false, String::new()),
        ]
    );
}
