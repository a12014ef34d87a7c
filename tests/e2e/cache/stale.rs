//! Stale, rightly: while one refresh runs, and where the vendor fails; never otherwise.

use std::thread;
use std::time::Duration;

use sandbox::{FaultKind, When};

use super::{cache_status, lab, reads, replacement, settings};
use crate::support::Answer;
use crate::support::eventually;
use crate::support::lab::{Lab, Plan};

const ROOM: &str = "/v1/rooms/2101";
/// Stale a millisecond after the fill, and good to go out for longer than any test runs.
const REVALIDATE: &str = "{failure_pause: 1ms, operations: {getRoom: {ttl: 1ms, stale_while_revalidate: 1h, stale_if_error: 0s}}}";
const ON_ERROR: &str = "{failure_pause: 1ms, operations: {getRoom: {ttl: 1ms, stale_while_revalidate: 0s, stale_if_error: 1h}}}";

/// Fills the cache and lets the entry become stale.
fn warm(lab: &Lab) -> Answer {
    let answer = lab.gateway.get(ROOM);
    assert_eq!(answer.status, 200, "{answer:?}");
    thread::sleep(Duration::from_millis(5));
    answer
}

fn rename(lab: &Lab, name: &str) {
    let mut room = lab.sandbox.room(2101).unwrap();
    room.name = name.to_owned();
    lab.sandbox.put_room(room);
}

#[test]
fn the_old_answer_goes_out_at_once_while_one_refresh_runs() {
    let lab = lab(REVALIDATE);
    let old = warm(&lab);
    rename(&lab, "new");
    lab.break_next("netex.get", When::Before, FaultKind::Delay { ms: 1_000 });
    for _ in 0..20 {
        let answer = lab.gateway.get(ROOM);
        assert_eq!(answer.body, old.body);
        let status = cache_status(&answer);
        assert!(status.starts_with("lms-gateway; hit; ttl="), "{status}");
        assert!(
            status.ends_with("; detail=stale-while-revalidate"),
            "{status}"
        );
    }
    assert_eq!(reads(&lab), 2, "twenty stale answers, one refresh");
    eventually("the refresh has ended", || {
        lab.gateway.get(ROOM).json()["name"] == "new"
    });
    let refreshes = r#"lms_gateway_cache_refreshes_total{operation="getRoom"}"#;
    assert!(lab.gateway.metric(refreshes) >= 1.0);
}

#[test]
fn a_stale_answer_goes_out_where_the_vendor_fails() {
    for fault in [
        FaultKind::Hang,
        FaultKind::Reset,
        FaultKind::Close,
        FaultKind::Refuse,
        FaultKind::Truncate { bytes: 200 },
        FaultKind::status(500),
        FaultKind::status(503),
    ] {
        let lab = lab(ON_ERROR);
        let old = warm(&lab);
        lab.break_all(&["netex.get"], When::Before, |_| fault.clone());
        let answer = lab.gateway.get(ROOM);
        assert_eq!(answer.status, 200, "{fault:?}: {answer:?}");
        assert_eq!(answer.body, old.body);
        let status = cache_status(&answer);
        assert!(status.starts_with("lms-gateway; fwd=stale"), "{status}");
        assert!(status.ends_with("; detail=stale-if-error"), "{status}");
        assert!(answer.header("age").is_some());
    }
}

#[test]
fn a_stale_answer_never_hides_what_the_vendor_says() {
    for (fault, problem) in [
        (FaultKind::status(401), "upstream-credentials-rejected"),
        (FaultKind::status(403), "upstream-access-denied"),
        (
            FaultKind::ErrorCode {
                code: "ERR004".to_owned(),
            },
            "room-not-found",
        ),
        (FaultKind::status(404), "room-not-found"),
        (
            FaultKind::Html { status: 200 },
            "upstream-contract-violation",
        ),
        (
            FaultKind::Garbage { raw: None },
            "upstream-contract-violation",
        ),
    ] {
        let lab = lab(ON_ERROR);
        warm(&lab);
        lab.break_all(&["netex.get"], When::Before, |_| fault.clone());
        assert_eq!(lab.gateway.get(ROOM).problem(), problem, "{fault:?}");
    }
}

#[test]
fn a_refresh_that_is_told_401_403_or_404_ends_the_stale_serving() {
    for status in [401, 403, 404] {
        let lab = lab(
            "{operations: {getRoom: {ttl: 1ms, stale_while_revalidate: 1h, stale_if_error: 1h}}}",
        );
        warm(&lab);
        lab.break_all(&["netex.get"], When::Before, |_| FaultKind::status(status));
        assert_eq!(
            lab.gateway.get(ROOM).status,
            200,
            "the refresh is only started"
        );
        eventually("the refresh has ended", || {
            lab.gateway.get(ROOM).status != 200
        });
        // Nor does it come back when the vendor then fails.
        lab.sandbox.clear_faults();
        lab.break_all(&["netex.get"], When::Before, |_| FaultKind::status(500));
        assert_eq!(lab.gateway.get(ROOM).problem(), "upstream-error");
    }
}

#[test]
fn a_stamped_entry_is_gone_for_both() {
    for cache in [REVALIDATE, ON_ERROR] {
        let lab = lab(cache);
        warm(&lab);
        let answer = lab
            .gateway
            .send_json("PUT", ROOM, &replacement("pr002", "new"));
        assert_eq!(answer.status, 204);
        lab.break_all(&["netex.get"], When::Before, |_| FaultKind::status(500));
        assert_eq!(lab.gateway.get(ROOM).problem(), "upstream-error", "{cache}");
    }
}

#[test]
fn a_write_during_a_failing_call_leaves_nothing_to_fall_back_on() {
    let lab = lab(ON_ERROR);
    warm(&lab);
    lab.break_all(&["netex.get"], When::Before, |_| FaultKind::Hang);
    thread::scope(|scope| {
        let reader = scope.spawn(|| lab.gateway.get(ROOM));
        eventually("the vendor is asked", || reads(&lab) == 2);
        assert_eq!(
            lab.gateway
                .send_json("PUT", ROOM, &replacement("pr002", "new"))
                .status,
            204
        );
        assert_eq!(reader.join().unwrap().problem(), "upstream-timeout");
    });
}

#[test]
fn a_refresh_does_not_outlive_the_process_nor_hold_it() {
    // A refresh may take ten minutes; the test's own bound is one.
    let text = settings(REVALIDATE).replace(
        "deadline: 2s",
        "deadline: 10m\ndrain: {delay: 0s, limit: 10m}",
    );
    let mut lab = Plan::default().settings(&text).start();
    warm(&lab);
    lab.break_all(&["netex.get"], When::Before, |_| FaultKind::Hang);
    assert_eq!(lab.gateway.get(ROOM).status, 200);
    eventually("the refresh runs", || reads(&lab) == 2);
    lab.gateway.signal("TERM");
    assert_eq!(lab.gateway.wait(), 0);
}
