//! Bugs of other gateways' caches, each with its thread, as a test of ours. That waiters wake when the
//! call ends (github.com/nginx/nginx/pull/1189: they poll every 500 ms) is a test of the flight, on a
//! clock of its own.

use std::thread;
use std::time::Duration;

use sandbox::{FaultKind, When};

use super::{cache_status, is_hit, lab, reads};
use crate::support::eventually;
use crate::support::lab::Lab;

const ROOM: &str = "/v1/rooms/2101";

fn warm(lab: &Lab) -> Vec<u8> {
    let answer = lab.gateway.get(ROOM);
    thread::sleep(Duration::from_millis(5));
    answer.body
}

/// github.com/nginx/nginx/issues/1000: the failing origin is asked on every request.
#[test]
fn nginx_1000_a_failing_vendor_is_not_asked_on_every_request() {
    for windows in [
        "stale_while_revalidate: 0s, stale_if_error: 1h",
        "stale_while_revalidate: 1h, stale_if_error: 1h",
    ] {
        let lab = lab(&format!(
            "{{failure_pause: 1h, operations: {{getRoom: {{ttl: 1ms, {windows}}}}}}}"
        ));
        warm(&lab);
        lab.break_all(&["netex.get"], When::Before, |_| FaultKind::status(500));
        let asked = || reads(&lab);
        assert_eq!(lab.gateway.get(ROOM).status, 200);
        // The read and the one repetition that a failed read gets.
        eventually("the vendor has failed", || asked() >= 3);
        eventually("the failure is known", || {
            cache_status(&lab.gateway.get(ROOM)).contains("hit")
        });
        let before = asked();
        for _ in 0..50 {
            let answer = lab.gateway.get(ROOM);
            assert_eq!(answer.status, 200);
            assert!(is_hit(&answer), "{answer:?}");
        }
        assert_eq!(asked(), before, "{windows}");
    }
}

/// github.com/nginx/nginx/issues/880: a refresh that dies leaves the entry UPDATING for ever.
#[test]
fn nginx_880_a_refresh_that_dies_does_not_end_refreshing() {
    let lab =
        lab("{failure_pause: 1ms, operations: {getRoom: {ttl: 1ms, stale_while_revalidate: 1h}}}");
    warm(&lab);
    lab.break_all(&["netex.get"], When::Before, |_| FaultKind::Hang);
    assert_eq!(lab.gateway.get(ROOM).status, 200);
    eventually("the refresh hangs", || reads(&lab) == 2);
    let mut room = lab.sandbox.room(2101).unwrap();
    room.name = "new".to_owned();
    lab.sandbox.put_room(room);
    lab.sandbox.clear_faults();
    eventually("another refresh has ended", || {
        lab.gateway.get(ROOM).json()["name"] == "new"
    });
}

/// github.com/darkweak/souin/issues/846: a stale answer has its body twice.
#[test]
fn souin_846_the_body_goes_out_once() {
    let lab =
        lab("{operations: {getRoom: {ttl: 1ms, stale_while_revalidate: 1h, stale_if_error: 1h}}}");
    let body = warm(&lab);
    lab.break_all(&["netex.get"], When::Before, |_| FaultKind::status(500));
    let mut client = lab.gateway.client();
    for _ in 0..3 {
        let stale = client.request("GET", ROOM, &[], b"");
        assert_eq!(stale.body, body);
        assert_eq!(
            stale.header("content-length"),
            Some(body.len().to_string().as_str())
        );
        // What follows on the connection would show a body too many.
        let head = client.request("HEAD", ROOM, &[], b"");
        assert_eq!(
            head.header("content-length"),
            stale.header("content-length")
        );
        let etag = stale.header("etag").unwrap().to_owned();
        let unchanged = client.request("GET", ROOM, &[("If-None-Match", &etag)], b"");
        assert_eq!(unchanged.status, 304);
    }
}

/// github.com/meziantou/Meziantou.Framework/pull/2824: stale for 403, 404 and 410 "reads as an
/// authorization bug".
#[test]
fn meziantou_2824_a_definite_answer_is_never_replaced_by_a_stale_one() {
    for status in [401, 403, 404, 410] {
        let lab = lab(
            "{failure_pause: 1ms, operations: {getRoom: {ttl: 1ms, stale_while_revalidate: 0s, stale_if_error: 1h}}}",
        );
        warm(&lab);
        lab.break_all(&["netex.get"], When::Before, |_| FaultKind::status(status));
        for _ in 0..2 {
            let answer = lab.gateway.get(ROOM);
            assert!(answer.status >= 400, "{status}: {answer:?}");
        }
    }
}

/// github.com/nodejs/undici/issues/5507: stale-if-error does not hold for a connection that fails.
#[test]
fn undici_5507_a_stale_answer_goes_out_when_the_connection_fails() {
    let lab = lab(
        "{failure_pause: 1ms, operations: {getRoom: {ttl: 1ms, stale_while_revalidate: 0s, stale_if_error: 1h}}}",
    );
    let body = warm(&lab);
    lab.break_all(&["netex.get"], When::Before, |_| FaultKind::Refuse);
    let answer = lab.gateway.get(ROOM);
    assert_eq!((answer.status, answer.body), (200, body));
}
