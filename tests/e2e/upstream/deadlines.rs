//! One deadline for all of a request; a caller may shorten it.

use std::time::{Duration, Instant};

use sandbox::{FaultKind, When};

use crate::support::Answer;
use crate::support::lab::{Lab, Plan};

const ROOM: &str = "/v1/rooms/2101";
const DAY: &str = "/v1/training-days/4728d47a-c96a-11ed-97ec-b6c48b3dc692";
const CREATE: &str = r#"{"type":"PHYSICAL_ROOM","external_id":"neu","name":"Aula"}"#;
/// Far above the deadlines asked for, far below those that would apply without.
const GENEROUS: Duration = Duration::from_secs(20);

fn long() -> Lab {
    Plan::default().settings("deadline: 30s\n").start()
}

fn get_within(lab: &Lab, target: &str, seconds: &str) -> Answer {
    lab.gateway
        .request("GET", target, &[("Request-Timeout", seconds)], b"")
}

#[test]
fn a_caller_shortens_the_deadline() {
    let lab = long();
    let started = Instant::now();
    lab.break_all(&["netex.*", "ispring.get_day"], When::Before, |_| {
        FaultKind::Hang
    });
    for target in [ROOM, "/v1/rooms", "/v1/rooms/by-external-id/pr002", DAY] {
        let answer = get_within(&lab, target, "0.3");
        assert_eq!(answer.problem(), "upstream-timeout", "{answer:?}");
    }
    let headers = [
        ("Content-Type", "application/json"),
        ("Request-Timeout", "0.3"),
    ];
    let answer = lab
        .gateway
        .request("POST", "/v1/rooms", &headers, CREATE.as_bytes());
    assert_eq!(answer.problem(), "write-outcome-unknown", "{answer:?}");
    assert!(started.elapsed() < GENEROUS);
}

#[test]
fn the_deadline_covers_the_fetch_of_a_token() {
    let lab = long();
    let started = Instant::now();
    lab.break_all(&["ispring.token"], When::Before, |_| FaultKind::Hang);
    let answer = get_within(&lab, DAY, "0.3");
    assert_eq!(answer.problem(), "upstream-timeout", "{answer:?}");
    let headers = [
        ("Content-Type", "application/json"),
        ("Request-Timeout", "0.3"),
    ];
    let body = br#"{"url":"https://a.example"}"#;
    let answer = lab.gateway.request("PATCH", DAY, &headers, body);
    assert_eq!(answer.problem(), "upstream-timeout", "{answer:?}");
    assert_eq!(answer.json()["outcome"], "not-done", "nothing was sent");
    assert!(started.elapsed() < GENEROUS);
}

#[test]
fn a_caller_cannot_lengthen_it() {
    let lab = Plan::default().settings("deadline: 500ms\n").start();
    let started = Instant::now();
    lab.break_all(&["netex.get"], When::Before, |_| FaultKind::Hang);
    for seconds in ["100", "99999999999999999999999999", "1.", "1e3"] {
        let answer = get_within(&lab, ROOM, seconds);
        assert_eq!(answer.problem(), "upstream-timeout", "{answer:?}");
    }
    assert!(started.elapsed() < GENEROUS);
}

#[test]
fn what_is_no_time_is_refused() {
    let lab = Lab::start();
    for seconds in [
        "", "0", "0.0", "-1", "abc", "1e", "e3", "1e-999", "inf", "NaN", "1 s", "1,5", "1.2.3",
        ".5",
    ] {
        let answer = get_within(&lab, ROOM, seconds);
        assert_eq!(answer.status, 400, "{seconds:?}: {answer:?}");
        assert_eq!(
            answer.errors(),
            [(
                "Request-Timeout".to_owned(),
                "bad-request-timeout".to_owned()
            )]
        );
    }
    assert_eq!(lab.sandbox.ledger(), []);
    assert_eq!(get_within(&lab, ROOM, "1.5").status, 200);
}
