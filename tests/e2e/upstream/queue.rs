//! So many calls at once, so many waiting: reads give way to writes.

use sandbox::{FaultKind, When};

use crate::support::eventually;
use crate::support::lab::Plan;

#[test]
fn reads_are_shed_before_writes() {
    let lab = Plan::default()
        .settings("deadline: 10s\n")
        .upstreams("    queue: {concurrency: 2, waiting: 4, wait: 5s}\n")
        .start();
    lab.break_all(&["netex.get"], When::Before, |_| FaultKind::Delay {
        ms: 1_500,
    });
    let read = |number: u64| lab.gateway.get(&format!("/v1/rooms/{}", 2101 + number));
    let (read, answers) = (&read, std::sync::Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for number in 0..8 {
            let answers = &answers;
            scope.spawn(move || {
                let answer = read(number);
                answers.lock().expect("nobody panics").push(answer);
            });
        }
        // Two go, two wait, four are told at once.
        eventually("four who are shed", || {
            answers.lock().expect("nobody panics").len() >= 4
        });
        let create = r#"{"type":"PHYSICAL_ROOM","external_id":"neu","name":"Aula"}"#;
        let write = lab.gateway.send_json("POST", "/v1/rooms", create);
        assert_eq!(write.status, 201, "a write still waits: {write:?}");
    });
    let answers = answers.into_inner().expect("nobody panicked");
    let (served, shed): (Vec<_>, Vec<_>) =
        answers.into_iter().partition(|answer| answer.status == 200);
    assert_eq!((served.len(), shed.len()), (4, 4));
    for answer in shed {
        assert_eq!(answer.problem(), "upstream-unavailable");
        assert!(answer.header("retry-after").is_some());
    }
}

#[test]
fn nobody_waits_for_ever() {
    let lab = Plan::default()
        .settings("deadline: 20s\n")
        .upstreams("    queue: {concurrency: 1, waiting: 4, wait: 200ms}\n")
        .start();
    lab.break_next("netex.get", When::Before, FaultKind::Delay { ms: 2_000 });
    std::thread::scope(|scope| {
        let lab = &lab;
        let first = scope.spawn(move || lab.gateway.get("/v1/rooms/2101"));
        eventually("the call", || !lab.calls("netex.get").is_empty());
        let write = lab.gateway.request("DELETE", "/v1/rooms/2102", &[], b"");
        assert_eq!(write.problem(), "upstream-unavailable", "{write:?}");
        assert_eq!(write.json()["outcome"], "not-done");
        assert_eq!(lab.calls("netex.delete").len(), 0);
        assert_eq!(first.join().expect("it ends").status, 200);
    });
}
