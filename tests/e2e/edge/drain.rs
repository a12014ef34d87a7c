//! Leaving: every accepted request is answered, and then the process ends with 0.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use sandbox::{FaultKind, When};

use crate::support::Client;
use crate::support::eventually;
use crate::support::lab::{Lab, Plan};

const DAY: &str = "/v1/training-days/4728d47a-c96a-11ed-97ec-b6c48b3dc692";

fn lab(drain: &str) -> Lab {
    Plan::default()
        .settings(&format!("deadline: 10s\ndrain: {drain}\n"))
        .start()
}

/// A read under way that the vendor takes this long for.
fn slow_read(lab: &Lab, ms: u64) -> Client {
    lab.break_next("ispring.get_day", When::Before, FaultKind::Delay { ms });
    let mut client = lab.gateway.client();
    client.send("GET", DAY, &[], b"");
    eventually("the call", || !lab.calls("ispring.get_day").is_empty());
    client
}

#[test]
fn readiness_turns_while_the_listener_still_accepts() {
    let mut lab = lab("{delay: 2s, limit: 30s}");
    lab.gateway.signal("TERM");
    eventually("unreadiness", || {
        lab.gateway.admin_get("/readyz").status == 503
    });
    let answer = lab.gateway.get(DAY);
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.header("connection"), Some("close"), "{answer:?}");
    assert_eq!(lab.gateway.admin_get("/livez").status, 200);
    assert_eq!(lab.gateway.wait(), 0);
}

#[test]
fn new_connections_end_and_what_is_under_way_is_answered() {
    let mut lab = lab("{delay: 100ms, limit: 60s}");
    let mut slow = slow_read(&lab, 3_000);
    lab.gateway.signal("TERM");
    eventually("the end of the listener", || {
        TcpStream::connect(lab.gateway.api).is_err()
    });
    let answer = slow.read(false).expect("it was accepted");
    assert_eq!(answer.status, 200, "{answer:?}");
    // After the last answer, not after the limit: `wait` gives up before that.
    let answered = Instant::now();
    assert_eq!(lab.gateway.wait(), 0);
    assert!(answered.elapsed() < Duration::from_secs(20));
}

#[test]
fn a_write_under_way_is_finished() {
    let mut lab = lab("{delay: 0s, limit: 60s}");
    lab.break_next("netex.create", When::Before, FaultKind::Delay { ms: 1_500 });
    let mut client = lab.gateway.client();
    let body = br#"{"type":"PHYSICAL_ROOM","external_id":"neu","name":"Aula"}"#;
    let json = [("Content-Type", "application/json")];
    client.send("POST", "/v1/rooms", &json, body);
    eventually("the call", || !lab.calls("netex.create").is_empty());
    lab.gateway.signal("TERM");
    let answer = client.read(false).expect("an answer");
    assert_eq!(answer.status, 201, "{answer:?}");
    assert!(lab.sandbox.room_named("neu").is_some());
    assert_eq!(lab.gateway.wait(), 0);
}

#[test]
fn a_write_whose_caller_left_is_finished_too() {
    let mut lab = lab("{delay: 0s, limit: 60s}");
    lab.break_next("netex.delete", When::Before, FaultKind::Hang);
    let mut client = lab.gateway.client();
    client.send("DELETE", "/v1/rooms/2101", &[("Request-Timeout", "2")], b"");
    eventually("the call", || !lab.calls("netex.delete").is_empty());
    drop(client);
    lab.gateway.signal("TERM");
    assert_eq!(lab.gateway.wait(), 0);
    let looked = lab.calls("netex.get").len();
    assert!(looked > 0, "it was found out what became of it");
}

#[test]
fn an_idle_process_ends_before_its_limit() {
    let mut lab = lab("{delay: 0s, limit: 120s}");
    let _idle = lab.gateway.client(); // says nothing
    let mut kept = lab.gateway.client();
    assert_eq!(kept.request("GET", DAY, &[], b"").status, 200);
    lab.gateway.signal("TERM");
    assert_eq!(lab.gateway.wait(), 0, "`wait` gives up before the limit");
    assert!(kept.is_closed());
}

#[test]
fn the_limit_ends_what_does_not_end_and_says_so() {
    let mut lab = lab("{delay: 0s, limit: 700ms}");
    let mut slow = slow_read(&lab, 8_000);
    lab.break_next("ispring.update_day", When::Before, FaultKind::Hang);
    let mut write = lab.gateway.client();
    let json: &[(&str, &str)] = &[("Content-Type", "application/json")];
    write.send("PATCH", DAY, json, br#"{"url":"https://example.com/a"}"#);
    eventually("the write", || !lab.calls("ispring.update_day").is_empty());
    lab.gateway.signal("TERM");
    let answer = slow.read(false).expect("an answer");
    assert_eq!(answer.status, 503, "{answer:?}");
    assert_eq!(answer.problem(), "shutting-down");
    assert_eq!(answer.header("connection"), Some("close"));
    assert!(answer.header("retry-after").is_some());
    let answer = write.read(false).expect("an answer");
    assert_eq!(answer.problem(), "write-outcome-unknown", "{answer:?}");
    assert_eq!(answer.json()["outcome"], "unknown");
    assert_eq!(lab.gateway.wait(), 0);
    lab.gateway.wait_for_log("drain limit reached");
}

#[test]
fn a_second_signal_ends_it_at_once() {
    for drain in ["{delay: 0s, limit: 120s}", "{delay: 120s, limit: 120s}"] {
        let mut lab = lab(drain);
        lab.break_all(&["ispring.get_day"], When::Before, |_| FaultKind::Hang);
        let mut slow = slow_read(&lab, 9_000);
        lab.gateway.signal("TERM");
        lab.gateway.wait_for_log("draining");
        eventually("unreadiness", || {
            // Without a delay the port may close before the question, or before its answer.
            lab.gateway.readiness().is_none_or(|status| status == 503)
        });
        lab.gateway.signal("TERM");
        lab.gateway.wait();
        assert!(slow.is_closed(), "it was not waited for");
    }
}

/// One request on a connection that then ends. `None`: not a byte came back.
fn get(mut stream: TcpStream) -> Option<String> {
    let request = format!("GET {DAY} HTTP/1.1\r\nHost: gateway\r\nConnection: close\r\n\r\n");
    let mut answer = String::new();
    let _sent = stream.write_all(request.as_bytes());
    let _ended = stream.read_to_string(&mut answer);
    (!answer.is_empty()).then_some(answer)
}

/// Callers who come and go until nobody is let in. While the listener is open each is answered.
#[test]
fn nobody_is_turned_away_during_the_delay() {
    let mut lab = lab("{delay: 300ms, limit: 60s}");
    let served = AtomicUsize::new(0);
    let answered: Vec<usize> = std::thread::scope(|scope| {
        let call = || {
            let mut answered = 0;
            while let Ok(stream) = TcpStream::connect(lab.gateway.api) {
                // Also what the system let in as the listener closed.
                let answer = get(stream).expect("let in, and turned away");
                assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
                assert!(answer.ends_with('}'), "cut: {answer}");
                answered += 1;
                served.fetch_add(1, Ordering::SeqCst);
            }
            answered
        };
        let callers: Vec<_> = (0..4).map(|_| scope.spawn(call)).collect();
        eventually("a stream of callers", || served.load(Ordering::SeqCst) > 20);
        lab.gateway.signal("TERM");
        let ended = callers.into_iter().map(|caller| caller.join());
        ended.map(|count| count.expect("a caller ends")).collect()
    });
    assert_eq!(lab.gateway.wait(), 0);
    assert!(answered.iter().all(|count| *count > 0), "{answered:?}");
}

/// What lies in the queue of the listener when it closes is accepted and answered, none is reset.
#[test]
fn a_flood_of_new_connections_loses_none() {
    for _ in 0..4 {
        let mut lab = lab("{delay: 0s, limit: 60s}");
        let served = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            let call = || {
                for _ in 0..3_000 {
                    let Ok(mut stream) = TcpStream::connect(lab.gateway.api) else {
                        break;
                    };
                    let request = b"GET /problems HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
                    stream.write_all(request).expect("let in, and reset");
                    let mut answer = Vec::new();
                    stream.read_to_end(&mut answer).expect("let in, and reset");
                    assert!(answer.starts_with(b"HTTP/1.1 200 "), "let in, and left");
                    assert!(answer.ends_with(b"}"), "cut");
                    served.fetch_add(1, Ordering::SeqCst);
                }
            };
            for _ in 0..32 {
                scope.spawn(call);
            }
            eventually("a flood", || served.load(Ordering::SeqCst) > 50);
            lab.gateway.signal("TERM");
        });
        assert_eq!(lab.gateway.wait(), 0);
    }
}

#[test]
fn who_was_let_in_before_is_still_heard() {
    let mut lab = lab("{delay: 0s, limit: 60s}");
    let mut early = lab.gateway.client();
    assert_eq!(early.request("GET", "/v1/rooms/2101", &[], b"").status, 200);
    let mut slow = slow_read(&lab, 2_000);
    lab.gateway.signal("TERM");
    eventually("the end of the listener", || {
        TcpStream::connect(lab.gateway.api).is_err()
    });
    let answer = early.request("GET", "/v1/rooms/2102", &[], b"");
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.header("connection"), Some("close"), "{answer:?}");
    assert_eq!(slow.read(false).expect("an answer").status, 200);
    assert_eq!(lab.gateway.wait(), 0);
}
