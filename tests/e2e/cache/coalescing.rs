//! One vendor call for many callers.

use std::thread;
use std::time::Duration;

use sandbox::{FaultKind, When};

use super::{FRESH, cache_status, lab, reads};
use crate::support::lab::Lab;
use crate::support::{Answer, Scripted, Vendor, eventually};

const ROOM: &str = "/v1/rooms/2101";

/// So many readers, of whom none waits for another's answer.
fn read_at_once(lab: &Lab, readers: usize) -> Vec<Answer> {
    let mut readers: Vec<_> = (0..readers).map(|_| lab.gateway.client()).collect();
    for reader in &mut readers {
        reader.send("GET", ROOM, &[], b"");
    }
    let answers = readers.iter_mut().map(|reader| reader.read(false).unwrap());
    answers.collect()
}

#[test]
fn a_thousand_cold_readers_are_one_vendor_call() {
    let lab = lab(FRESH);
    lab.break_next("netex.get", When::Before, FaultKind::Delay { ms: 1_000 });
    let answers = read_at_once(&lab, 1_000);
    for answer in &answers {
        assert_eq!(answer.status, 200);
        assert_eq!(answer.body, answers[0].body);
        assert_eq!(answer.header("etag"), answers[0].header("etag"));
    }
    assert_eq!(reads(&lab), 1);
    let count = |result: &str| {
        let series =
            format!(r#"lms_gateway_cache_requests_total{{operation="getRoom",result="{result}"}}"#);
        lab.gateway.metric(&series)
    };
    assert_eq!(count("miss"), 1.0);
    assert_eq!(count("collapsed") + count("hit"), 999.0);
}

#[test]
fn a_caller_who_leaves_cancels_nobody() {
    let lab = lab(FRESH);
    lab.break_next("netex.get", When::Before, FaultKind::Delay { ms: 500 });
    let mut leader = lab.gateway.client();
    leader.send("GET", ROOM, &[], b"");
    eventually("the vendor is asked", || reads(&lab) == 1);
    let mut follower = lab.gateway.client();
    follower.send("GET", ROOM, &[], b"");
    drop(leader);
    let answer = follower.read(false).unwrap();
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(cache_status(&answer).split("; ").last(), Some("collapsed"));
    assert_eq!(reads(&lab), 1);
}

#[test]
fn a_failure_is_shared_by_those_who_waited_and_by_nobody_else() {
    let lab = lab(FRESH);
    // A vendor's answer that is no reason for the gateway to ask again by itself.
    lab.break_next("netex.get", When::Before, FaultKind::status(403));
    let answers = read_at_once(&lab, 20);
    let failed = answers.iter().filter(|answer| answer.status == 502).count();
    assert!(failed >= 1, "the one who asked is told");
    for answer in answers.iter().filter(|answer| answer.status != 502) {
        assert_eq!(answer.status, 200, "who came later asked anew");
    }
    assert_eq!(lab.gateway.get(ROOM).status, 200);
}

#[test]
fn waiters_of_a_failing_call_are_all_told_at_once() {
    let lab = lab(FRESH);
    // The call ends without an answer when its time is over.
    lab.break_next("netex.get", When::Before, FaultKind::Hang);
    let mut readers: Vec<_> = (0..50).map(|_| lab.gateway.client()).collect();
    for reader in &mut readers {
        reader.send("GET", ROOM, &[], b"");
    }
    for reader in &mut readers {
        assert_eq!(reader.read(false).unwrap().problem(), "upstream-timeout");
    }
    assert_eq!(
        reads(&lab),
        1,
        "one after the other they would have asked again"
    );
}

#[test]
fn a_waiter_has_its_own_deadline() {
    let lab = lab(FRESH);
    lab.break_next("netex.get", When::Before, FaultKind::Delay { ms: 1_500 });
    thread::scope(|scope| {
        let patient = scope.spawn(|| lab.gateway.get(ROOM));
        eventually("the vendor is asked", || reads(&lab) == 1);
        let hasty = lab
            .gateway
            .request("GET", ROOM, &[("Request-Timeout", "0.1")], b"");
        assert_eq!(hasty.problem(), "upstream-timeout");
        assert_eq!(patient.join().unwrap().status, 200);
    });
    assert_eq!(reads(&lab), 1);
    // Nor does a hasty leader end the call for the others.
    lab.break_next("netex.get", When::Before, FaultKind::Delay { ms: 1_000 });
    let other = "/v1/rooms/2102";
    thread::scope(|scope| {
        let hasty = || {
            lab.gateway
                .request("GET", other, &[("Request-Timeout", "0.1")], b"")
        };
        let hasty = scope.spawn(hasty);
        eventually("the vendor is asked", || reads(&lab) == 2);
        assert_eq!(lab.gateway.get(other).status, 200);
        assert_eq!(hasty.join().unwrap().problem(), "upstream-timeout");
    });
    assert_eq!(reads(&lab), 2);
}

/// The vendor's first answer asks for a second of silence; the repetition is for whoever has the time.
#[test]
fn the_hastiest_waiter_does_not_decide_for_the_others() {
    let busy = b"HTTP/1.1 503 Busy\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n";
    for hasty_first in [true, false] {
        let vendor = Vendor::start();
        vendor
            .will(Scripted::Late(Duration::from_millis(300), busy.to_vec()))
            .will(Scripted::json(200, r#"{"id": 2101}"#));
        let gateway = vendor.setup().start();
        let hurry: &[(&str, &str)] = &[("Request-Timeout", "0.9")];
        let (mut first, mut second) = (gateway.client(), gateway.client());
        let (one, other) = if hasty_first {
            (hurry, &[][..])
        } else {
            (&[][..], hurry)
        };
        first.send("GET", ROOM, one, b"");
        eventually("the vendor is asked", || !vendor.seen().is_empty());
        second.send("GET", ROOM, other, b"");
        let (first, second) = (first.read(false).unwrap(), second.read(false).unwrap());
        let (hasty, patient) = if hasty_first {
            (first, second)
        } else {
            (second, first)
        };
        assert_eq!(hasty.problem(), "upstream-timeout", "{hasty:?}");
        assert_eq!(patient.status, 200, "{patient:?}");
        assert_eq!(vendor.seen().len(), 2);
    }
}

#[test]
fn who_asks_for_the_vendor_joins_no_call_that_is_out_already() {
    let lab = lab(FRESH);
    lab.break_next("netex.get", When::After, FaultKind::Delay { ms: 1_500 });
    let mut early = lab.gateway.client();
    early.send("GET", ROOM, &[], b"");
    eventually("the call is at the vendor", || reads(&lab) == 1);
    // Changed at the vendor, or through another gateway.
    let mut room = lab.sandbox.room(2101).expect("it is there");
    room.name = "changed".to_owned();
    lab.sandbox.put_room(room);
    for directive in ["no-cache", "max-age=0"] {
        let answer = lab
            .gateway
            .request("GET", ROOM, &[("Cache-Control", directive)], b"");
        assert_eq!(answer.json()["name"], "changed", "{directive}: {answer:?}");
        assert!(!cache_status(&answer).contains("collapsed"), "{answer:?}");
    }
    assert_eq!(early.read(false).expect("an answer").status, 200);
}
