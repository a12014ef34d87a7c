//! A read goes once more, and an outage is not multiplied.

use sandbox::{FaultKind, When};

use crate::support::lab::Lab;

/// Not cached.
const DAY: &str = "/v1/training-days/4728d47a-c96a-11ed-97ec-b6c48b3dc692";

#[test]
fn a_read_that_failed_goes_once_more() {
    let lab = Lab::start();
    for kind in [
        FaultKind::status(500),
        FaultKind::status(503),
        FaultKind::Reset,
        FaultKind::Close,
    ] {
        lab.sandbox.clear_ledger();
        lab.break_next("ispring.get_day", When::Before, kind.clone());
        let answer = lab.gateway.get(DAY);
        assert_eq!(answer.status, 200, "{kind:?}: {answer:?}");
        assert_eq!(lab.calls("ispring.get_day").len(), 2, "{kind:?}");
    }
}

#[test]
fn a_read_that_failed_twice_has_failed() {
    let lab = Lab::start();
    for (kind, problem) in [
        (FaultKind::status(503), "upstream-error"),
        (FaultKind::Reset, "upstream-unavailable"),
    ] {
        lab.sandbox.clear_ledger();
        lab.break_all(&["ispring.get_day"], When::Before, |_| kind.clone());
        assert_eq!(lab.gateway.get(DAY).problem(), problem);
        assert_eq!(lab.calls("ispring.get_day").len(), 2, "{kind:?}");
        lab.sandbox.clear_faults();
    }
}

#[test]
fn an_answer_is_no_reason_to_ask_again() {
    let lab = Lab::start();
    for kind in [
        FaultKind::status(404),
        FaultKind::status(400),
        FaultKind::status(403),
        FaultKind::Html { status: 200 },
        FaultKind::Hang, // its time is spent
    ] {
        lab.sandbox.clear_ledger();
        lab.break_next("ispring.get_day", When::Before, kind.clone());
        assert!(lab.gateway.get(DAY).status >= 400, "{kind:?}");
        assert_eq!(lab.calls("ispring.get_day").len(), 1, "{kind:?}");
    }
}

#[test]
fn five_hundred_failing_reads_cost_at_most_a_fifth_more() {
    let lab = Lab::start();
    lab.break_all(&["netex.get"], When::Before, |_| FaultKind::status(500));
    std::thread::scope(|scope| {
        for caller in 0..10 {
            let lab = &lab;
            scope.spawn(move || {
                for number in 0..50 {
                    let room = 10_000 + caller * 50 + number;
                    let answer = lab.gateway.get(&format!("/v1/rooms/{room}"));
                    assert_eq!(answer.problem(), "upstream-error");
                }
            });
        }
    });
    let calls = lab.calls("netex.get").len();
    println!("500 failing reads: {calls} vendor calls");
    assert!(calls > 500, "some are retried");
    assert!(calls <= 500 + 100 + 10, "{calls}");
}
