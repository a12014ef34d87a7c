//! One vendor call for all who ask for the same, each with a deadline of its own.

use crate::stage::{Ask, ROOM, Stage, get, replace};
use crate::vendor::{answer, silent};

const TARGET: &str = "/v1/rooms/2145";
const CALL: &str = "Read GET id/2145";

fn hasty() -> Ask {
    get(TARGET).header("request-timeout", "0.5")
}

#[tokio::test(start_paused = true)]
async fn two_readers_are_one_call_and_are_answered_together() {
    let stage = Stage::new([answer(200, ROOM).after(100)]);
    let first = stage.start(get(TARGET));
    stage.until(60).await;
    let second = stage.send(get(TARGET)).await;
    let first = first.await.unwrap();
    assert_eq!((first.at, second.at), (100, 100));
    assert_eq!(first.body, second.body);
    assert!(!first.header("cache-status").contains("collapsed"));
    assert!(second.header("cache-status").contains("collapsed"));
    assert_eq!(stage.calls(), [format!("0 {CALL}")]);
    // The third has it from the store.
    let third = stage.send(get(TARGET)).await;
    assert!(third.header("cache-status").contains("; hit"));
}

#[tokio::test(start_paused = true)]
async fn the_hasty_leave_and_the_patient_are_served() {
    for hasty_is_first in [true, false] {
        let stage = Stage::new([answer(200, ROOM).after(9_000)]);
        let (first, second) = if hasty_is_first {
            (hasty(), get(TARGET))
        } else {
            (get(TARGET), hasty())
        };
        let (first, second) = (stage.start(first), stage.start(second));
        let (first, second) = (first.await.unwrap(), second.await.unwrap());
        let (hasty, patient) = if hasty_is_first {
            (first, second)
        } else {
            (second, first)
        };
        assert_eq!(hasty.brief(), (500, 504, ""));
        assert_eq!(hasty.code(), "upstream-timeout");
        assert_eq!(patient.brief(), (9_000, 200, ""));
        assert_eq!(stage.calls(), [format!("0 {CALL}")]);
        assert_eq!(stage.deadlines(), [10_000], "not the hasty one's");
    }
}

#[tokio::test(start_paused = true)]
async fn who_hangs_up_takes_the_call_from_nobody() {
    let stage = Stage::new([answer(200, ROOM).after(100)]);
    let leader = stage.start(get(TARGET));
    stage.until(10).await;
    let waiter = stage.start(get(TARGET));
    stage.until(20).await;
    leader.abort();
    assert!(leader.await.is_err_and(|gone| gone.is_cancelled()));
    assert_eq!(waiter.await.unwrap().brief(), (100, 200, ""));
    assert_eq!(stage.calls(), [format!("0 {CALL}")]);
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_told_to_those_who_waited_and_to_nobody_else() {
    let stage = Stage::new([answer(500, "").after(100), answer(200, ROOM).after(100)]);
    let both = [(); 2].map(|()| stage.start(get(TARGET)));
    for waiter in both {
        assert_eq!(waiter.await.unwrap().brief(), (100, 502, ""));
    }
    assert_eq!(stage.send(get(TARGET)).await.brief(), (200, 200, ""));
    assert_eq!(stage.calls().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_hangs_ends_at_its_own_deadline() {
    let stage = Stage::new([silent(), answer(200, ROOM)]);
    let first = stage.start(get(TARGET));
    stage.until(4_000).await;
    let second = stage.start(get(TARGET));
    // The second would have waited until 14 s.
    assert_eq!(first.await.unwrap().brief(), (10_000, 504, ""));
    assert_eq!(second.await.unwrap().brief(), (10_000, 504, ""));
    assert_eq!(stage.send(get(TARGET)).await.status, 200);
}

const NEW: &str = r#"{"id": 2145, "external_id": "pr001", "name": "Aula"}"#;

#[tokio::test(start_paused = true)]
async fn after_an_answered_write_nobody_joins_a_call_from_before() {
    let stage = Stage::new([
        answer(200, ROOM).after(300),
        answer(200, "").after(50),
        answer(200, NEW).after(50),
        answer(200, NEW).after(50),
    ]);
    let before = stage.start(get(TARGET));
    stage.until(50).await;
    let written = stage.start(replace());
    stage.until(70).await;
    let meanwhile = stage.start(get(TARGET));
    assert_eq!(written.await.unwrap().brief(), (100, 204, ""));
    stage.until(150).await;
    let after = stage.send(get(TARGET)).await;
    assert_eq!((after.at, &after.body["name"]), (200, &"Aula".into()));
    // Whoever made the call began before the write was answered, and may be told what was then; it is
    // not kept.
    let old = before.await.unwrap();
    assert_eq!((old.at, &old.body["name"]), (300, &"Sala 1".into()));
    assert!(!old.header("cache-status").contains("stored"));
    // Who joined it while the write was under way asks anew.
    let anew = meanwhile.await.unwrap();
    assert_eq!((anew.at, &anew.body["name"]), (350, &"Aula".into()));
    let kept = stage.send(get(TARGET)).await;
    assert_eq!(kept.body["name"], "Aula");
    assert!(kept.header("cache-status").contains("; hit"));
    assert_eq!(
        stage.calls(),
        [
            format!("0 {CALL}"),
            "50 Write PUT id/2145".to_owned(),
            format!("150 {CALL}"),
            format!("300 {CALL}"),
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn who_asks_for_the_vendor_joins_no_call_that_is_out_already() {
    let stage = Stage::new([answer(200, ROOM).after(300), answer(200, NEW).after(50)]);
    let before = stage.start(get(TARGET));
    stage.until(100).await;
    let anew = stage
        .send(get(TARGET).header("cache-control", "no-cache"))
        .await;
    assert_eq!((anew.at, &anew.body["name"]), (150, &"Aula".into()));
    assert_eq!(before.await.unwrap().at, 300);
}
