//! A vendor that fails is left alone for a while, and its trouble stays its own.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use sandbox::{FaultKind, When};

use crate::support::Answer;
use crate::writes::lab::{Lab, Plan};

const ROOM: &str = "/v1/rooms/2101";
const DAY: &str = "/v1/training-days/4728d47a-c96a-11ed-97ec-b6c48b3dc692";

/// With the breaker of the default settings.
fn guarded(settings: &str) -> Lab {
    Plan::default().settings(settings).upstreams("").start()
}

fn is_open(answer: &Answer) -> bool {
    answer.status == 503 && answer.problem() == "upstream-unavailable"
}

/// Reads until the circuit is open.
fn open(lab: &Lab) {
    for number in 0..20 {
        if is_open(&lab.gateway.get(&format!("/v1/rooms/{}", 10_000 + number))) {
            return;
        }
    }
    panic!("it does not open");
}

#[test]
fn it_opens_after_7_failures_and_closes_after_a_good_probe() {
    let lab = guarded("deadline: 5s\n");
    lab.break_all(&["netex.*"], When::Before, |_| FaultKind::status(500));
    open(&lab);
    assert_eq!(lab.calls("netex.get").len(), 7);
    let write = lab.gateway.request("DELETE", ROOM, &[], b"");
    assert!(is_open(&write), "{write:?}");
    assert_eq!(write.json()["outcome"], "not-done");
    let wait = write.header("retry-after").expect("how long");
    assert!((1..=60).contains(&wait.parse().expect("seconds")), "{wait}");
    assert_eq!(lab.calls("netex.delete").len(), 0);
    assert_eq!(lab.gateway.get(DAY).status, 200, "the other vendor");
    lab.sandbox.clear_faults();
    let until = Instant::now() + Duration::from_secs(30);
    while lab.gateway.get(ROOM).status != 200 {
        assert!(Instant::now() < until, "it does not close");
        std::thread::sleep(Duration::from_millis(50));
    }
    for room in 2102..2110 {
        assert_eq!(lab.gateway.get(&format!("/v1/rooms/{room}")).status, 200);
    }
}

#[test]
fn a_probe_that_fails_leaves_it_open() {
    let lab = guarded("deadline: 5s\n");
    lab.break_all(&["netex.*"], When::Before, |_| FaultKind::status(500));
    open(&lab);
    let until = Instant::now() + Duration::from_secs(30);
    let mut refused = 0;
    while lab.calls("netex.get").len() == 7 {
        assert!(Instant::now() < until, "no probe goes");
        refused += usize::from(is_open(&lab.gateway.get(ROOM)));
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(refused > 1, "few of many go");
    for _ in 0..20 {
        assert!(is_open(&lab.gateway.get(ROOM)));
    }
    assert_eq!(lab.calls("netex.get").len(), 8, "one probe");
}

#[test]
fn an_answer_of_the_4xx_never_opens_it() {
    let lab = guarded("deadline: 5s\n");
    for status in [400, 401, 403, 404, 409, 416] {
        lab.break_all(&["netex.get"], When::Before, |_| FaultKind::status(status));
        for number in 0..25 {
            let answer = lab.gateway.get(&format!("/v1/rooms/{}", 20_000 + number));
            assert!(!is_open(&answer), "{status}: {answer:?}");
        }
        lab.sandbox.clear_faults();
    }
    assert_eq!(lab.calls("netex.get").len(), 6 * 25);
}

#[test]
fn a_vendor_that_hangs_opens_it() {
    let lab = guarded("deadline: 1s\n");
    lab.break_all(&["netex.get"], When::Before, |_| FaultKind::Hang);
    std::thread::scope(|scope| {
        for number in 0..7 {
            let lab = &lab;
            scope.spawn(move || lab.gateway.get(&format!("/v1/rooms/{}", 30_000 + number)));
        }
    });
    // A caller's deadline ends a moment before that of the call, which is what counts.
    assert!((0..3).any(|_| is_open(&lab.gateway.get(ROOM))));
}

#[test]
fn callers_in_a_hurry_do_not_open_it() {
    let lab = guarded("deadline: 5s\n");
    assert_eq!(lab.gateway.get(DAY).status, 200, "there is a token");
    lab.break_all(&["ispring.get_day"], When::Before, |_| FaultKind::Delay {
        ms: 200,
    });
    for _ in 0..10 {
        let hurry = [("Request-Timeout", "0.05")];
        let answer = lab.gateway.request("GET", DAY, &hurry, b"");
        assert_eq!(answer.problem(), "upstream-timeout");
    }
    assert_eq!(lab.gateway.get(DAY).status, 200);
}

#[test]
fn a_vendor_that_hangs_delays_nobody_else() {
    let lab = guarded("deadline: 8s\n");
    lab.break_all(&["netex.*"], When::Before, |_| FaultKind::Hang);
    let ended = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for number in 0..60 {
            let (lab, ended) = (&lab, &ended);
            scope.spawn(move || {
                lab.gateway.get(&format!("/v1/rooms/{}", 50_000 + number));
                ended.fetch_add(1, Ordering::SeqCst);
            });
        }
        let until = Instant::now() + Duration::from_secs(5);
        while lab.calls("netex.get").len() < 60 {
            assert!(Instant::now() < until, "they do not all hang");
            std::thread::sleep(Duration::from_millis(5));
        }
        for _ in 0..100 {
            assert_eq!(lab.gateway.get(DAY).status, 200);
        }
        assert_eq!(ended.load(Ordering::SeqCst), 0, "they hang still");
    });
}
