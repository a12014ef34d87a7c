//! What the metrics say of a vendor at this moment, also where nobody calls it.

use sandbox::{FaultKind, When};

use crate::support::eventually;
use crate::support::lab::{Lab, Plan};

const OPEN: &str = "lms_gateway_upstream_circuit_open{upstream=\"netex\"}";
const CALLS: &str = "lms_gateway_upstream_in_flight{upstream=\"netex\"}";

fn wait_for(lab: &Lab, series: &str, value: f64) {
    eventually(series, || {
        let now = lab.gateway.metric(series);
        if (now - value).abs() <= f64::EPSILON {
            Ok(())
        } else {
            Err(now)
        }
    });
}

/// A circuit that opens at the first trouble.
fn open(wait: &str) -> Lab {
    let breaker = format!("    breaker: {{failures: 2, wait: {wait}}}\n");
    let lab = Plan::default().upstreams(&breaker).start();
    assert!(lab.gateway.admin_get("/metrics").text().contains(OPEN));
    assert_eq!(lab.gateway.metric(OPEN), 0.0, "nobody has called yet");
    lab.break_all(&["netex.get"], When::Before, |_| FaultKind::status(500));
    for room in 1..3 {
        lab.gateway.get(&format!("/v1/rooms/{room}"));
    }
    assert_eq!(lab.gateway.metric(OPEN), 1.0);
    lab
}

#[test]
fn a_circuit_that_lets_the_next_call_go_is_not_told_as_open() {
    let lab = open("2s");
    let calls = lab.calls("netex.get").len();
    wait_for(&lab, OPEN, 0.0);
    assert_eq!(lab.calls("netex.get").len(), calls, "nobody called");
}

#[test]
fn a_reload_leaves_no_gauge_of_what_was_before() {
    let lab = open("60s");
    lab.gateway.signal("HUP");
    lab.gateway.wait_for_log("reloaded");
    assert_eq!(lab.gateway.metric(OPEN), 0.0);
    let text = lab.gateway.admin_get("/metrics").text();
    assert_eq!(text.matches(OPEN).count(), 1);
}

#[test]
fn calls_are_told_while_they_last() {
    let lab = Lab::start();
    lab.break_all(&["netex.get"], When::Before, |_| FaultKind::Hang);
    std::thread::scope(|scope| {
        for room in 1..3 {
            let lab = &lab;
            scope.spawn(move || lab.gateway.get(&format!("/v1/rooms/{room}")));
        }
        wait_for(&lab, CALLS, 2.0);
        // They are under way still, on the upstream of before.
        lab.gateway.signal("HUP");
        lab.gateway.wait_for_log("reloaded");
        assert_eq!(lab.gateway.metric(CALLS), 2.0);
    });
    wait_for(&lab, CALLS, 0.0);
}
