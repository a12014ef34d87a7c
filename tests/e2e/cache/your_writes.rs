//! After a write has been answered, no read shows older state: by id, by either name, in the list, in
//! any page.

use std::thread;

use sandbox::{FaultKind, When};
use serde_json::{Value, json};

use super::{FRESH, cache_status, is_hit, lab, reads, replacement};
use crate::support::Answer;
use crate::support::eventually;
use crate::support::lab::Lab;

/// Room 2101 is `pr002`; these are all ways to see it, or a room that gets its name.
const VIEWS: [&str; 6] = [
    "/v1/rooms/2101",
    "/v1/rooms/by-external-id/pr002",
    "/v1/rooms/by-external-id/new-name",
    "/v1/rooms",
    "/v1/rooms?limit=500",
    "/v1/rooms?limit=3",
];
/// Another room, whose entry no write to 2101 by id touches.
const OTHER: &str = "/v1/rooms/2102";

fn views(lab: &Lab) -> Vec<Answer> {
    VIEWS.iter().map(|target| lab.gateway.get(target)).collect()
}

/// What the vendor has, as our reads would show it.
fn truth(lab: &Lab, target: &str) -> Option<Value> {
    let shown = |room: sandbox::Room| json!([room.id.to_string(), room.external_id, room.name]);
    let room = match target {
        "/v1/rooms/2101" => lab.sandbox.room(2101),
        "/v1/rooms/by-external-id/pr002" => lab.sandbox.room_named("pr002"),
        "/v1/rooms/by-external-id/new-name" => lab.sandbox.room_named("new-name"),
        _ => {
            let count = if target.ends_with("limit=3") { 3 } else { 500 };
            let rooms = lab.sandbox.rooms().into_iter().take(count);
            return Some(rooms.map(shown).collect());
        }
    };
    room.map(shown)
}

/// The same of an answer.
fn seen(answer: &Answer) -> Option<Value> {
    if answer.status == 404 {
        return None;
    }
    assert_eq!(answer.status, 200, "{answer:?}");
    let body = answer.json();
    let shown = |room: &Value| json!([room["id"], room["external_id"], room["name"]]);
    Some(match body.get("items") {
        Some(items) => items.as_array().unwrap().iter().map(shown).collect(),
        None => shown(&body),
    })
}

struct Write {
    method: &'static str,
    target: &'static str,
    body: Option<Value>,
    status: u16,
    /// Makes all rooms void, not only the one.
    all: bool,
}

fn write(method: &'static str, target: &'static str, body: Option<Value>, status: u16) -> Write {
    let all = target.contains("by-external-id");
    Write {
        method,
        target,
        body,
        status,
        all,
    }
}

fn room(external_id: &str) -> Option<Value> {
    Some(json!({"external_id": external_id, "name": "changed"}))
}

fn new_room() -> Option<Value> {
    Some(json!({"type": "PHYSICAL_ROOM", "external_id": "new-name", "name": "created"}))
}

fn writes() -> Vec<Write> {
    let (by_id, by_name) = ("/v1/rooms/2101", "/v1/rooms/by-external-id/pr002");
    vec![
        write("POST", "/v1/rooms", new_room(), 201),
        write("PUT", by_id, room("pr002"), 204),
        write("PUT", by_id, room("new-name"), 204),
        write("PUT", by_name, room("pr002"), 204),
        write("PUT", by_name, room("new-name"), 204),
        write("PUT", "/v1/rooms/by-external-id/new-name", new_room(), 201),
        write(
            "PUT",
            "/v1/rooms/2101/status",
            Some(json!({"status": "inactive"})),
            204,
        ),
        write(
            "PUT",
            "/v1/rooms/by-external-id/pr002/status",
            Some(json!({"status": "inactive"})),
            204,
        ),
        write("DELETE", by_id, None, 204),
        write("DELETE", by_name, None, 204),
    ]
}

fn send(lab: &Lab, write: &Write) -> Answer {
    match &write.body {
        Some(body) => lab
            .gateway
            .send_json(write.method, write.target, &body.to_string()),
        None => lab.gateway.request(write.method, write.target, &[], b""),
    }
}

#[test]
fn no_way_to_a_room_shows_what_was_before_an_answered_write() {
    for write in writes() {
        let lab = lab(FRESH);
        views(&lab);
        lab.gateway.get(OTHER);
        for (target, again) in VIEWS.iter().zip(views(&lab)) {
            assert!(again.status == 404 || is_hit(&again), "{target}: {again:?}");
        }
        let answer = send(&lab, &write);
        let what = format!("{} {}", write.method, write.target);
        assert_eq!(answer.status, write.status, "{what}: {answer:?}");
        for (target, after) in VIEWS.iter().zip(views(&lab)) {
            assert_eq!(seen(&after), truth(&lab, target), "{target} after {what}");
        }
        assert_eq!(
            is_hit(&lab.gateway.get(OTHER)),
            !write.all,
            "{OTHER} after {what}"
        );
        for (target, again) in VIEWS.iter().zip(views(&lab)) {
            assert!(
                again.status == 404 || is_hit(&again),
                "{target} is kept again after {what}"
            );
        }
    }
}

#[test]
fn a_write_that_is_proven_undone_changes_nothing() {
    let lab = lab(FRESH);
    views(&lab);
    let calls = reads(&lab);
    for (method, target, body, status) in [
        ("DELETE", "/v1/rooms/2122", None, 409),
        ("DELETE", "/v1/rooms/999999", None, 404),
        ("PUT", "/v1/rooms/2101", room("pr003"), 409),
        ("PUT", "/v1/rooms/2101", Some(json!({"name": ""})), 400),
    ] {
        let answer = send(
            &lab,
            &Write {
                method,
                target,
                body,
                status,
                all: false,
            },
        );
        assert_eq!(answer.status, status, "{answer:?}");
        assert_eq!(answer.json()["outcome"], "not-done");
    }
    for target in [
        "/v1/rooms/2101",
        "/v1/rooms/by-external-id/pr002",
        "/v1/rooms",
        "/v1/rooms?limit=3",
    ] {
        assert!(is_hit(&lab.gateway.get(target)), "{target}");
    }
    // The new name was absent before as well, and absences are not kept.
    assert_eq!(reads(&lab), calls);
}

#[test]
fn a_read_that_was_under_way_cannot_put_old_data_back() {
    let lab = lab(FRESH);
    // The vendor has read the room, and its answer is on the way for a second.
    lab.break_next("netex.get", When::After, FaultKind::Delay { ms: 1_000 });
    let old = thread::scope(|scope| {
        let early = scope.spawn(|| lab.gateway.get("/v1/rooms/2101"));
        eventually("the vendor is asked", || reads(&lab) == 1);
        let answer = lab
            .gateway
            .send_json("PUT", "/v1/rooms/2101", &replacement("pr002", "new"));
        assert_eq!(answer.status, 204);
        // Who comes after the write's answer does not join the older call.
        let late = lab.gateway.get("/v1/rooms/2101");
        assert_eq!(late.json()["name"], "new");
        early.join().unwrap()
    });
    assert_eq!(
        old.json()["name"],
        "Aula Rosalía de Castro",
        "the early reader asked before the write"
    );
    assert_eq!(old.header("cache-control"), Some("private, no-cache"));
    let fenced = r#"lms_gateway_cache_fenced_fills_total{operation="getRoom"}"#;
    assert_eq!(lab.gateway.metric(fenced), 1.0);
    let now = lab.gateway.get("/v1/rooms/2101");
    assert_eq!(now.json()["name"], "new");
    assert!(is_hit(&now));
}

#[test]
fn what_the_answer_shows_counts_too_also_for_those_who_joined() {
    let lab = lab(FRESH);
    lab.break_next("netex.get", When::After, FaultKind::Delay { ms: 1_000 });
    thread::scope(|scope| {
        // By its name, while a write by id takes the name away: only the answer tells that they meet.
        let early = scope.spawn(|| lab.gateway.get("/v1/rooms/by-external-id/pr002"));
        eventually("the vendor is asked", || reads(&lab) == 1);
        let answer = lab
            .gateway
            .send_json("PUT", "/v1/rooms/2101", &replacement("moved", "new"));
        assert_eq!(answer.status, 204);
        let late = lab.gateway.get("/v1/rooms/by-external-id/pr002");
        assert_eq!(
            late.problem(),
            "room-not-found",
            "there is no such name any more"
        );
        assert_eq!(early.join().unwrap().status, 200);
    });
    assert_eq!(
        lab.gateway.get("/v1/rooms/by-external-id/pr002").problem(),
        "room-not-found"
    );
}

#[test]
fn an_absence_is_kept_only_by_rule_and_ends_with_a_create() {
    let by_name = "/v1/rooms/by-external-id/new-name";
    let (lab, next) = (lab(FRESH), "/v1/rooms/2146");
    for _ in 0..2 {
        assert_eq!(lab.gateway.get(next).problem(), "room-not-found");
    }
    assert_eq!(reads(&lab), 2, "no rule, no memory");

    let lab = super::lab(
        "{operations: {getRoom: {not_found: 1h}, getRoomByExternalId: {not_found: 1h}}}",
    );
    let first = lab.gateway.get(next);
    let second = lab.gateway.get(next);
    assert_eq!(
        (first.problem(), second.problem()),
        ("room-not-found".into(), "room-not-found".into())
    );
    assert!(is_hit(&second), "{second:?}");
    assert_ne!(
        first.json()["trace_id"],
        second.json()["trace_id"],
        "each problem is of its own request"
    );
    lab.gateway.get(by_name);
    assert_eq!(reads(&lab), 2);
    // The create cannot know that its id will be 2146.
    let created = lab
        .gateway
        .send_json("POST", "/v1/rooms", &new_room().unwrap().to_string());
    assert_eq!(created.json()["id"], "2146", "{created:?}");
    assert_eq!(lab.gateway.get(next).status, 200);
    assert_eq!(lab.gateway.get(by_name).status, 200);
}

#[test]
fn a_write_whose_caller_hung_up_counts() {
    let lab = lab(FRESH);
    lab.gateway.get("/v1/rooms/2101");
    lab.break_next("netex.replace", When::Before, FaultKind::Delay { ms: 300 });
    let mut caller = lab.gateway.client();
    let body = replacement("pr002", "new");
    caller.send(
        "PUT",
        "/v1/rooms/2101",
        &[("Content-Type", "application/json")],
        body.as_bytes(),
    );
    eventually("the vendor has the write", || {
        lab.calls("netex.replace").len() == 1
    });
    drop(caller);
    let done = r#"lms_gateway_writes_total{operation="replaceRoom",outcome="done"}"#;
    eventually("the write ends", || lab.gateway.metric(done) == 1.0);
    let after = lab.gateway.get("/v1/rooms/2101");
    assert_eq!(after.json()["name"], "new", "{after:?}");
}

#[test]
fn the_write_of_a_key_counts_also_when_it_is_replayed() {
    let lab = lab(FRESH);
    let headers = [
        ("Content-Type", "application/json"),
        ("Idempotency-Key", "one"),
    ];
    let body = new_room().unwrap().to_string();
    for replayed in [None, Some("true")] {
        lab.gateway.get("/v1/rooms");
        let answer = lab
            .gateway
            .request("POST", "/v1/rooms", &headers, body.as_bytes());
        assert_eq!(
            (answer.status, answer.header("idempotent-replayed")),
            (201, replayed)
        );
        assert_eq!(
            cache_status(&lab.gateway.get("/v1/rooms"))
                .split(';')
                .nth(1),
            Some(" fwd=miss")
        );
    }
}

/// A vendor that reads ids as numbers takes both spellings for one room.
#[test]
fn a_write_by_another_spelling_of_the_id_counts() {
    let lab = lab(FRESH);
    lab.gateway.get("/v1/rooms/2101");
    assert!(is_hit(&lab.gateway.get("/v1/rooms/2101")));
    let gone = lab.gateway.request("DELETE", "/v1/rooms/02101", &[], b"");
    assert_eq!(gone.status, 204, "{gone:?}");
    assert_eq!(lab.gateway.get("/v1/rooms/2101").status, 404);
}
