//! A vendor that fails is left alone for a while, and its trouble stays its own.

use std::sync::atomic::{AtomicUsize, Ordering};

use sandbox::{FaultKind, When};

use crate::support::Answer;
use crate::support::eventually;
use crate::support::lab::{Lab, Plan};

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
    eventually("a closed circuit", || lab.gateway.get(ROOM).status == 200);
    for room in 2102..2110 {
        assert_eq!(lab.gateway.get(&format!("/v1/rooms/{room}")).status, 200);
    }
}

#[test]
fn a_probe_that_fails_leaves_it_open() {
    let lab = guarded("deadline: 5s\n");
    lab.break_all(&["netex.*"], When::Before, |_| FaultKind::status(500));
    open(&lab);
    let mut refused = 0;
    eventually("a probe", || {
        refused += usize::from(is_open(&lab.gateway.get(ROOM)));
        lab.calls("netex.get").len() > 7
    });
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
        eventually("sixty who hang", || lab.calls("netex.get").len() >= 60);
        for _ in 0..100 {
            assert_eq!(lab.gateway.get(DAY).status, 200);
        }
        assert_eq!(ended.load(Ordering::SeqCst), 0, "they hang still");
    });
}

#[test]
fn a_call_of_before_does_not_settle_the_circuit_for_the_probe() {
    let lab = Plan::default()
        .settings("deadline: 8s\n")
        .upstreams("    breaker: {failures: 2, wait: 500ms, max_wait: 500ms}\n")
        .start();
    lab.break_next("netex.list", When::Before, FaultKind::Delay { ms: 3_000 });
    let arrived = |operation: &str, count: usize| {
        eventually(operation, || lab.calls(operation).len() >= count);
    };
    std::thread::scope(|scope| {
        let old = scope.spawn(|| lab.gateway.get("/v1/rooms"));
        arrived("netex.list", 1);
        lab.break_all(&["netex.get"], When::Before, |_| FaultKind::status(500));
        open(&lab);
        let failed = lab.calls("netex.get").len();
        lab.sandbox.clear_faults();
        lab.break_all(&["netex.get"], When::Before, |_| FaultKind::Hang);
        scope.spawn(|| while is_open(&lab.gateway.get("/v1/rooms/1")) {});
        arrived("netex.get", failed + 1);
        let old = old.join().expect("it is answered");
        assert_eq!(old.status, 200, "{old:?}");
        let next = lab.gateway.get("/v1/rooms/2");
        assert!(is_open(&next), "the probe has not ended: {next:?}");
        assert_eq!(lab.calls("netex.get").len(), failed + 1);
        lab.sandbox.clear_faults();
    });
}

#[test]
fn one_token_that_was_not_given_is_one_failure_however_many_wait_for_it() {
    let lab = guarded("deadline: 5s\n");
    lab.break_all(&["ispring.token"], When::Before, |_| FaultKind::status(500));
    let told = |answer: &Answer| {
        assert_eq!(answer.problem(), "upstream-unavailable", "{answer:?}");
        let detail = answer.json()["detail"].to_string();
        assert!(detail.contains("There is no token"), "{detail}");
    };
    std::thread::scope(|scope| {
        for _ in 0..20 {
            scope.spawn(|| told(&lab.gateway.get(DAY)));
        }
    });
    let fetches = lab.calls("ispring.token").len();
    assert!(fetches < 7, "{fetches}");
    let open = "lms_gateway_upstream_circuit_open{upstream=\"ispring\"}";
    assert_eq!(lab.gateway.metric(open), 0.0);
    lab.sandbox.clear_faults();
    eventually("a day that is served again", || {
        let answer = lab.gateway.get(DAY);
        let served = answer.status == 200;
        if !served {
            told(&answer);
        }
        served
    });
}
