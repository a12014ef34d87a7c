//! After an unknown outcome the vendor may still apply the write: what it may change bypasses the
//! cache for a while.

use sandbox::{FaultKind, When};

use super::{cache_status, is_hit, lab, replacement};
use crate::support::eventually;
use crate::support::lab::Lab;

/// Both the write and what would find out about it end without an answer.
fn unclear_write(lab: &Lab) {
    lab.break_all(&["netex.replace", "netex.get"], When::Before, |_| {
        FaultKind::Hang
    });
    let answer = lab
        .gateway
        .send_json("PUT", "/v1/rooms/2101", &replacement("pr002", "new"));
    assert_eq!(answer.problem(), "write-outcome-unknown");
    assert_eq!(answer.json()["outcome"], "unknown");
    lab.sandbox.clear_faults();
}

/// The vendor applies a write that everybody has given up.
fn apply_late(lab: &Lab) {
    let mut room = lab.sandbox.room(2101).unwrap();
    room.name = "late".to_owned();
    lab.sandbox.put_room(room);
}

#[test]
fn while_held_nothing_is_stored_or_served() {
    let lab = lab("{unknown_hold: 1h, operations: {getRoom: {ttl: 1h}, listRooms: {ttl: 1h}}}");
    let room = "/v1/rooms/2101";
    lab.gateway.get(room);
    lab.gateway.get("/v1/rooms/2102");
    lab.gateway.get("/v1/rooms");
    unclear_write(&lab);
    for _ in 0..2 {
        let before = lab.gateway.get(room);
        assert_eq!(before.json()["name"], "Aula Rosalía de Castro");
        assert_eq!(
            cache_status(&before),
            "lms-gateway; fwd=bypass; fwd-status=200"
        );
        let list = lab.gateway.get("/v1/rooms");
        assert!(
            cache_status(&list).starts_with("lms-gateway; fwd=bypass"),
            "{list:?}"
        );
    }
    apply_late(&lab);
    assert_eq!(lab.gateway.get(room).json()["name"], "late");
    let bypassed = r#"lms_gateway_cache_requests_total{operation="getRoom",result="bypass"}"#;
    assert_eq!(lab.gateway.metric(bypassed), 3.0);
    assert!(
        is_hit(&lab.gateway.get("/v1/rooms/2102")),
        "another room is not concerned"
    );
}

#[test]
fn the_hold_ends_and_what_was_read_during_it_is_void() {
    let lab = lab("{unknown_hold: 300ms, operations: {getRoom: {ttl: 1h}}}");
    let room = "/v1/rooms/2101";
    unclear_write(&lab);
    lab.gateway.get(room);
    apply_late(&lab);
    eventually("the hold ends", || {
        lab.gateway.get(room);
        is_hit(&lab.gateway.get(room))
    });
    assert_eq!(lab.gateway.get(room).json()["name"], "late");
}

#[test]
fn a_look_up_that_found_out_leaves_no_hold() {
    let lab = lab("{unknown_hold: 1h, operations: {getRoom: {ttl: 1h}}}");
    lab.gateway.get("/v1/rooms/2101");
    lab.break_next("netex.replace", When::After, FaultKind::Reset);
    let answer = lab
        .gateway
        .send_json("PUT", "/v1/rooms/2101", &replacement("pr002", "new"));
    assert_eq!(answer.status, 204, "{answer:?}");
    assert_eq!(lab.gateway.get("/v1/rooms/2101").json()["name"], "new");
    assert!(is_hit(&lab.gateway.get("/v1/rooms/2101")));
}

#[test]
fn a_refusal_after_which_something_may_have_changed_holds_too() {
    let lab = lab("{unknown_hold: 1h, operations: {getRoom: {ttl: 1h}}}");
    let room = "/v1/rooms/2123";
    lab.gateway.get(room);
    let body = r#"{"external_id": "pr024", "name": "Sala con lista de espera", "capacity": 99}"#;
    let answer = lab.gateway.send_json("PUT", room, body);
    assert_eq!(answer.problem(), "waiting-list-blocked");
    assert_eq!(answer.json()["outcome"], "unknown");
    assert!(cache_status(&lab.gateway.get(room)).starts_with("lms-gateway; fwd=bypass"));
}

/// What cannot be kept can still be shared: an outage must not make every reader a vendor call.
#[test]
fn while_held_readers_who_wait_at_once_are_one_vendor_call() {
    let lab = lab("{unknown_hold: 1h, operations: {getRoom: {ttl: 1h}}}");
    let room = "/v1/rooms/2101";
    unclear_write(&lab);
    let before = super::reads(&lab);
    lab.break_next("netex.get", When::Before, FaultKind::Delay { ms: 1_000 });
    let mut readers: Vec<_> = (0..50).map(|_| lab.gateway.client()).collect();
    for reader in &mut readers {
        reader.send("GET", room, &[], b"");
    }
    let answers: Vec<_> = readers
        .iter_mut()
        .map(|reader| reader.read(false).unwrap())
        .collect();
    for answer in &answers {
        assert_eq!(answer.status, 200, "{answer:?}");
        let status = cache_status(answer);
        assert!(status.starts_with("lms-gateway; fwd=bypass"), "{status}");
        assert!(!status.contains("stored"), "{status}");
    }
    assert_eq!(super::reads(&lab), before + 1);
    assert!(!is_hit(&lab.gateway.get(room)), "nothing was kept");
}

/// A write that is answered in the middle of the hold ends the sharing of what began before it.
#[test]
fn while_held_nobody_joins_a_call_from_before_an_answered_write() {
    let lab = lab("{unknown_hold: 1h, operations: {getRoom: {ttl: 1h}}}");
    let room = "/v1/rooms/2101";
    unclear_write(&lab);
    let before = super::reads(&lab);
    lab.break_next("netex.get", When::After, FaultKind::Delay { ms: 1_200 });
    let mut early = lab.gateway.client();
    early.send("GET", room, &[], b"");
    eventually("the old state is read", || super::reads(&lab) == before + 1);
    let write = lab
        .gateway
        .send_json("PUT", room, &replacement("pr002", "answered"));
    assert_eq!(write.status, 204, "{write:?}");
    assert_eq!(lab.gateway.get(room).json()["name"], "answered");
    assert_eq!(early.read(false).unwrap().status, 200);
}
