//! The twelve operations, by id and by external id: what each does at the vendor, and what it says
//! where there is nothing.

use serde_json::json;

use crate::support::{Answer, Sandboxed};

const DAY: &str = "4728d47a-c96a-11ed-97ec-b6c48b3dc692";
const ROOM: &str = r#"{"external_id":"pr002","name":"Aula Ñ","capacity":31,"address":"Rúa 1","telephone":"+34981523698",
    "postal_code":"00715","city":"Burgo","province":"A Coruña","observations":"a & b","contact_email":"a@b.es"}"#;

fn refused(answer: &Answer, code: &str) {
    assert_eq!(answer.problem(), code, "{answer:?}");
}

#[test]
fn one_room_is_read_by_both_of_its_names() {
    let gateway = Sandboxed::plain();
    let by_id = gateway.get("/v1/rooms/2106");
    assert_eq!(by_id.status, 200, "{by_id:?}");
    assert_eq!(
        by_id.json(),
        json!({"id": "2106", "external_id": "pr007", "name": "Aula 007", "capacity": 7, "address": "Carrer de la Mar 7",
            "telephone": "+34900000006", "postal_code": "00715", "city": "Palma", "province": "Illes Balears"})
    );
    assert_eq!(
        gateway.get("/v1/rooms/by-external-id/pr007").json(),
        by_id.json()
    );
    for target in ["/v1/rooms/1", "/v1/rooms/by-external-id/none"] {
        let missing = gateway.get(target);
        assert_eq!(missing.status, 404);
        refused(&missing, "room-not-found");
        assert!(
            missing.json().get("outcome").is_none(),
            "a read has no outcome"
        );
    }
}

#[test]
fn a_room_is_replaced_by_both_of_its_names() {
    for target in ["/v1/rooms/2101", "/v1/rooms/by-external-id/pr002"] {
        let gateway = Sandboxed::plain();
        let answer = gateway.send_json("PUT", target, ROOM);
        assert_eq!((answer.status, answer.body.len()), (204, 0), "{answer:?}");
        assert_eq!(answer.header("content-length"), None, "RFC 9110 §8.6");
        let room = gateway.sandbox.room(2101).expect("the room is there");
        assert_eq!(room.name, "Aula Ñ");
        assert_eq!(room.capacity, Some(31));
        assert_eq!(room.telephone.as_deref(), Some("+34981523698"));
        assert_eq!(room.postal_code.as_deref(), Some("00715"));
        assert_eq!(room.observations.as_deref(), Some("a & b"));
        let sent = gateway.sandbox.ledger().pop().expect("one call");
        assert!(
            !String::from_utf8_lossy(&sent.body).contains("type="),
            "{sent:?}"
        );
    }
}

#[test]
fn replacing_what_is_not_there_does_nothing() {
    let gateway = Sandboxed::plain();
    let rooms = gateway.sandbox.rooms();
    for target in ["/v1/rooms/1", "/v1/rooms/by-external-id/pr-none"] {
        let body = ROOM.replace("pr002", "pr-none");
        let answer = gateway.send_json("PUT", target, &body);
        assert_eq!(answer.status, 404, "{answer:?}");
        refused(&answer, "room-not-found");
        assert_eq!(answer.json()["outcome"], "not-done");
    }
    assert_eq!(gateway.sandbox.rooms(), rooms);
}

#[test]
fn an_upsert_creates_what_is_missing_when_it_knows_the_type() {
    let gateway = Sandboxed::plain();
    let body = json!({"type": "PHYSICAL_ROOM", "name": "Nueva", "capacity": 3});
    let created = gateway.send_json(
        "PUT",
        "/v1/rooms/by-external-id/nueva%3B1",
        &body.to_string(),
    );
    assert_eq!(created.status, 201, "{created:?}");
    let room = created.json();
    assert_eq!(room["external_id"], "nueva;1", "taken from the path");
    assert_eq!(room["type"], "PHYSICAL_ROOM");
    let location = created.header("location").expect("a Location").to_owned();
    assert_eq!(
        location,
        format!("/v1/rooms/{}", room["id"].as_str().expect("an id"))
    );
    assert_eq!(gateway.get(&location).json()["external_id"], "nueva;1");

    let again = gateway.send_json(
        "PUT",
        "/v1/rooms/by-external-id/nueva%3B1",
        &body.to_string(),
    );
    assert_eq!(again.status, 204, "there is one now: {again:?}");
    let sent = gateway.sandbox.ledger().pop().expect("a call");
    assert_eq!(sent.operation, "netex.replace");
    assert!(
        !String::from_utf8_lossy(&sent.body).contains("type="),
        "the update omits the type"
    );
}

#[test]
fn an_upsert_renames_only_what_is_there() {
    let gateway = Sandboxed::plain();
    let target = "/v1/rooms/by-external-id/pr002";
    let rename = json!({"external_id": "pr-neu", "name": "Aula"}).to_string();
    assert_eq!(gateway.send_json("PUT", target, &rename).status, 204);
    assert_eq!(
        gateway
            .sandbox
            .room(2101)
            .expect("there")
            .external_id
            .as_deref(),
        Some("pr-neu")
    );

    let missing = gateway.send_json("PUT", target, &rename);
    refused(&missing, "room-not-found");
    gateway.sandbox.clear_ledger();
    let typed = json!({"type": "PHYSICAL_ROOM", "external_id": "pr-other", "name": "Aula"});
    let conflict = gateway.send_json("PUT", target, &typed.to_string());
    assert_eq!(conflict.status, 400);
    assert_eq!(
        conflict.errors(),
        [("/external_id".to_owned(), "conflicts-with-path".to_owned())]
    );
    let wrong = json!({"type": "HALL", "external_id": "pr-other", "name": ""});
    let all = gateway.send_json("PUT", target, &wrong.to_string());
    let at_once = ["/type", "/name", "/external_id"];
    for pointer in at_once {
        assert!(
            all.errors().iter().any(|(at, _)| at == pointer),
            "{pointer}: {all:?}"
        );
    }
    assert_eq!(all.errors().len(), at_once.len(), "each once: {all:?}");
    assert_eq!(gateway.sandbox.ledger(), [], "refused before any call");
}

#[test]
fn a_room_is_switched_off_and_on_by_both_of_its_names() {
    let gateway = Sandboxed::plain();
    for target in [
        "/v1/rooms/2101/status",
        "/v1/rooms/by-external-id/pr002/status",
    ] {
        for (status, active) in [("inactive", false), ("active", true)] {
            let answer = gateway.send_json("PUT", target, &json!({"status": status}).to_string());
            assert_eq!((answer.status, answer.body.len()), (204, 0), "{answer:?}");
            assert_eq!(gateway.sandbox.room(2101).expect("there").active, active);
        }
    }
    let sent = gateway.sandbox.ledger().pop().expect("a call");
    assert_eq!(
        String::from_utf8_lossy(&sent.body),
        "value=active",
        "the seed's body, byte for byte"
    );
    for target in ["/v1/rooms/1/status", "/v1/rooms/by-external-id/none/status"] {
        let answer = gateway.send_json("PUT", target, r#"{"status":"active"}"#);
        refused(&answer, "room-not-found");
        assert_eq!(answer.json()["outcome"], "not-done");
    }
    let bad = gateway.send_json("PUT", "/v1/rooms/2101/status", r#"{"status":"on"}"#);
    assert_eq!(bad.errors(), [("/status".to_owned(), "enum".to_owned())]);
}

#[test]
fn a_room_is_deleted_by_both_of_its_names_and_only_once() {
    let gateway = Sandboxed::plain();
    for (target, id) in [
        ("/v1/rooms/2101", 2101),
        ("/v1/rooms/by-external-id/pr003", 2102),
    ] {
        let answer = gateway.request("DELETE", target, &[], b"");
        assert_eq!((answer.status, answer.body.len()), (204, 0), "{answer:?}");
        assert_eq!(gateway.sandbox.room(id), None);
        let again = gateway.request("DELETE", target, &[], b"");
        assert_eq!(again.status, 404);
        refused(&again, "room-not-found");
        assert_eq!(again.json()["outcome"], "not-done");
    }
}

#[test]
fn a_training_day_is_read_and_written() {
    let gateway = Sandboxed::plain();
    let target = format!("/v1/training-days/{DAY}");
    assert_eq!(
        gateway.get(&target).json(),
        json!({"day_id": DAY, "session_id": "1f6a2d0e-c96a-11ed-8b3c-b6c48b3dc692", "training_id": "0c1b7a52-c96a-11ed-a1f0-b6c48b3dc692",
            "start_time": "2023-03-31T15:30:00-07:00", "location": "Aula Rosalía de Castro, Santiago",
            "url": "https://meet.example/antiga?a=1&b=2", "duration": 5400})
    );
    for media_type in [
        "application/json",
        "application/merge-patch+json; charset=utf-8",
    ] {
        let url = format!("https://meet.example/{}", media_type.len());
        let body = json!({"url": url}).to_string();
        let answer = gateway.request(
            "PATCH",
            &target,
            &[("Content-Type", media_type)],
            body.as_bytes(),
        );
        assert_eq!(answer.status, 200, "{answer:?}");
        assert_eq!(answer.json()["url"], url.as_str());
        assert_eq!(
            answer.json()["location"],
            "Aula Rosalía de Castro, Santiago",
            "what the vendor said beside it"
        );
        assert_eq!(gateway.sandbox.day(DAY).expect("there").url, Some(url));
    }
    let missing = "/v1/training-days/00000000-0000-4000-8000-000000000000";
    refused(&gateway.get(missing), "training-day-not-found");
    let answer = gateway.send_json("PATCH", missing, r#"{"url":"https://a.example"}"#);
    assert_eq!(answer.status, 404);
    refused(&answer, "training-day-not-found");
    assert_eq!(answer.json()["outcome"], "not-done");
}
