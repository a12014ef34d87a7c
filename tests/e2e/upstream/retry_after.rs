//! A vendor that asks for silence gets it, and the caller is told how long.

use std::time::{Duration, SystemTime};

use sandbox::{FaultKind, When};

use crate::support::lab::Lab;

const ROOM: &str = "/v1/rooms/2101";
const DAY: &str = "/v1/training-days/4728d47a-c96a-11ed-97ec-b6c48b3dc692";

fn after(status: u16, value: &str) -> FaultKind {
    FaultKind::status_with(status, "Retry-After", value)
}

fn told(answer: &crate::support::Answer) -> u64 {
    let value = answer.header("retry-after");
    value
        .unwrap_or_else(|| panic!("no Retry-After: {answer:?}"))
        .parse()
        .expect("seconds")
}

#[test]
fn seconds_dates_and_nonsense_become_a_wait_of_1_to_60_seconds() {
    let date = |from_now: i64| {
        let now = SystemTime::now();
        let by = Duration::from_secs(from_now.unsigned_abs());
        httpdate(if from_now < 0 { now - by } else { now + by })
    };
    let cases = [
        (Some("7".to_owned()), 7..=7),
        (Some("0".to_owned()), 1..=1),
        (Some("3600".to_owned()), 60..=60),
        (Some("99999999999999999999999".to_owned()), 60..=60),
        (Some(date(20)), 15..=20),
        (Some(date(-3600)), 1..=1),
        (Some("soon".to_owned()), 1..=1),
        (None, 1..=1),
    ];
    std::thread::scope(|scope| {
        for (value, expected) in cases {
            scope.spawn(move || {
                let lab = Lab::start();
                let kind = match &value {
                    Some(value) => after(429, value),
                    None => FaultKind::status(429),
                };
                lab.break_next("netex.delete", When::Before, kind);
                let answer = lab.gateway.request("DELETE", ROOM, &[], b"");
                assert_eq!(answer.problem(), "upstream-unavailable");
                assert_eq!(answer.json()["outcome"], "not-done");
                let told = told(&answer);
                assert!(expected.contains(&told), "{value:?}: {told}");
            });
        }
    });
}

/// RFC 9110 §5.6.7, by the `date` command of the machine.
fn httpdate(at: SystemTime) -> String {
    let seconds = at
        .duration_since(SystemTime::UNIX_EPOCH)
        .expect("after 1970")
        .as_secs();
    let output = std::process::Command::new("date")
        .args([
            "-u",
            "-d",
            &format!("@{seconds}"),
            "+%a, %d %b %Y %H:%M:%S GMT",
        ])
        .env("LC_ALL", "C")
        .output()
        .expect("date runs");
    String::from_utf8(output.stdout)
        .expect("text")
        .trim()
        .to_owned()
}

#[test]
fn a_read_waits_for_a_moment() {
    for status in [429, 503] {
        let lab = Lab::start();
        lab.break_next("netex.get", When::Before, after(status, "1"));
        assert_eq!(lab.gateway.get(ROOM).status, 200);
        assert_eq!(lab.calls("netex.get").len(), 2);
    }
}

#[test]
fn a_long_wait_is_told_at_once_and_kept() {
    for (status, problem) in [(429, "upstream-unavailable"), (503, "upstream-error")] {
        let lab = Lab::start();
        lab.break_next("netex.get", When::Before, after(status, "40"));
        let first = lab.gateway.get(ROOM);
        assert_eq!(first.problem(), problem);
        assert_eq!(told(&first), 40);
        // Reads and writes are told the rest, and the vendor hears nothing.
        let read = lab.gateway.get("/v1/rooms");
        let write = lab.gateway.request("DELETE", ROOM, &[], b"");
        for answer in [&read, &write] {
            assert_eq!(answer.problem(), "upstream-unavailable", "{answer:?}");
            assert!((1..=40).contains(&told(answer)), "{answer:?}");
        }
        assert_eq!(write.json()["outcome"], "not-done");
        assert_eq!(lab.sandbox.ledger().len(), 1);
        assert_eq!(lab.gateway.get(DAY).status, 200, "the other vendor");
    }
}

/// It was sent, and the silence asked for does not keep us from finding out.
#[test]
fn a_write_that_ends_in_503_is_looked_up_all_the_same() {
    let lab = Lab::start();
    lab.break_next("netex.delete", When::After, after(503, "40"));
    let answer = lab.gateway.request("DELETE", ROOM, &[], b"");
    assert_eq!(answer.status, 204, "{answer:?}");
    let lab = Lab::start();
    lab.break_next("netex.delete", When::Before, after(503, "40"));
    let answer = lab.gateway.request("DELETE", ROOM, &[], b"");
    assert_eq!(answer.json()["outcome"], "not-done", "{answer:?}");
    assert_eq!(told(&answer), 40);
}
