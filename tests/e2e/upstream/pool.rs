//! Pooled connections, at vendors that close them.

use std::collections::{BTreeSet, HashMap};
use std::sync::Barrier;
use std::time::Duration;

use sandbox::{FaultKind, When};

use crate::support::Answer;
use crate::support::lab::{Lab, Plan};

const CALLERS: usize = 8;
const EACH: usize = 250;

fn create(name: &str) -> String {
    format!(r#"{{"type":"PHYSICAL_ROOM","external_id":"{name}","name":"Aula"}}"#)
}

/// Creates 2,000 rooms over 8 connections, in rounds with a pause, and returns how many of them are
/// not done. A word that is not true, or a create that the vendor saw twice, is a defect.
fn create_many(lab: &Lab, pause: Duration) -> usize {
    let round = Barrier::new(CALLERS);
    let answers: Vec<(String, Answer)> = std::thread::scope(|scope| {
        let round = &round;
        let call = move |caller: usize| {
            let mut client = lab.gateway.client();
            let name = |number: usize| format!("pool-{caller}-{number}");
            let send = |number| {
                if !pause.is_zero() {
                    std::thread::sleep(pause);
                    round.wait();
                }
                let body = create(&name(number));
                let json = [("Content-Type", "application/json")];
                (
                    name(number),
                    client.request("POST", "/v1/rooms", &json, body.as_bytes()),
                )
            };
            (0..EACH).map(send).collect::<Vec<_>>()
        };
        let callers: Vec<_> = (0..CALLERS)
            .map(|caller| scope.spawn(move || call(caller)))
            .collect();
        let ended = callers.into_iter().map(|caller| caller.join());
        ended
            .flat_map(|answers| answers.expect("a caller ends"))
            .collect()
    });
    let mut seen: HashMap<String, usize> = HashMap::new();
    for call in lab.calls("netex.create") {
        *seen
            .entry(String::from_utf8_lossy(&call.body).into_owned())
            .or_default() += 1;
    }
    assert!(seen.values().all(|count| *count == 1), "never twice");
    let mut not_done = 0;
    for (name, answer) in &answers {
        let there = lab.sandbox.room_named(name).is_some();
        if answer.status == 201 {
            assert!(there, "a lie: {name}: {answer:?}");
            continue;
        }
        not_done += 1;
        assert!(!there, "a look-up would have shown it: {answer:?}");
        if answer.json()["outcome"] == "unknown" {
            assert_eq!(answer.json()["safe_to_repeat"], true, "{answer:?}");
        } else {
            assert_eq!(answer.problem(), "upstream-unavailable", "{answer:?}");
        }
    }
    assert_eq!(answers.len(), CALLERS * EACH);
    not_done
}

/// With each close a write on a pooled connection is a gamble; who saw it once does not gamble again.
#[test]
fn a_vendor_that_closes_after_each_answer_sees_every_write_once() {
    let lab = Lab::start();
    lab.break_all(&["netex.create"], When::Before, |_| {
        FaultKind::AnswerThenClose
    });
    let not_done = create_many(&lab, Duration::ZERO);
    println!("closes after each answer: {not_done} of 2000 not done");
    assert!(not_done <= CALLERS, "{not_done}");
}

/// Each round finds connections that are about as old as the vendor lets them become.
#[test]
fn a_vendor_that_closes_idle_connections_sees_every_write_once() {
    let idle = Duration::from_millis(20);
    let lab = Plan::default()
        .config(|config| config.idle_close = Some(idle))
        .start();
    let not_done = create_many(&lab, idle);
    println!("closes after 20 ms: {not_done} of 2000 not done");
    assert!(not_done <= CALLERS, "{not_done}");
}

#[test]
fn a_vendor_that_keeps_connections_gets_few() {
    let lab = Lab::start();
    assert_eq!(create_many(&lab, Duration::ZERO), 0);
    let calls = lab.calls("netex.create");
    let connections: BTreeSet<u64> = calls.iter().map(|call| call.connection).collect();
    assert!(connections.len() <= 2 * CALLERS, "{}", connections.len());
}
