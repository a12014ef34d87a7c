//! Past its time: the old answer while one refresh runs, or where the vendor fails. A `ttl` is shortened
//! by up to a tenth at random, so the moments here lie a tenth apart.

use crate::stage::{ABSENT, Answer, ROOM, Stage, get};
use crate::vendor::{Step, answer, lost, not_sent};
use proxy::upstream::FailureKind;

const TARGET: &str = "/v1/rooms/2145";
const NEW: &str = r#"{"id": 2145, "external_id": "pr001", "name": "Aula"}"#;
const HOUR: u64 = 3_600_000;

/// Fresh for an hour, then for another served while it is refreshed, and for ten where the vendor fails.
fn stage(steps: impl IntoIterator<Item = Step>) -> Stage {
    let rule = "{ttl: 1h, stale_while_revalidate: 1h, stale_if_error: 10h}";
    let settings = format!("cache: {{operations: {{getRoom: {rule}}}}}\n");
    Stage::with(&settings, steps)
}

async fn read(stage: &Stage, at: u64) -> Answer {
    stage.until(at).await;
    stage.send(get(TARGET)).await
}

fn is_old(answer: &Answer) -> bool {
    answer.status == 200 && answer.body["name"] == "Sala 1"
}

#[tokio::test(start_paused = true)]
async fn the_old_answer_goes_out_at_once_while_one_refresh_runs() {
    let stage = stage([answer(200, ROOM), answer(200, NEW).after(100)]);
    assert!(is_old(&read(&stage, 0).await));
    let fresh = read(&stage, HOUR / 2).await;
    assert_eq!(fresh.header("age"), "1800");
    assert!(is_old(&fresh) && fresh.header("cache-status").contains("; hit; ttl="));
    let due = HOUR + HOUR / 2;
    for later in [0, 50, 99] {
        let stale = read(&stage, due + later).await;
        assert_eq!((stale.at, is_old(&stale)), (due + later, true));
        let status = stale.header("cache-status").to_owned();
        assert!(status.contains("stale-while-revalidate"), "{status}");
    }
    assert_eq!(read(&stage, due + 101).await.body["name"], "Aula");
    assert_eq!(
        stage.calls(),
        [
            "0 Read GET id/2145".to_owned(),
            format!("{due} Read GET id/2145")
        ]
    );
    assert_eq!(stage.deadlines(), [10_000, due + 10_000]);
}

#[tokio::test(start_paused = true)]
async fn a_vendor_that_fails_is_left_alone_for_a_while() {
    let failures: [fn() -> Step; 3] = [
        || answer(503, "").after(100),
        || lost().after(100),
        || not_sent(FailureKind::CircuitOpen).after(100),
    ];
    for failure in failures {
        let stage = stage([answer(200, ROOM), failure(), answer(200, NEW)]);
        read(&stage, 0).await;
        let late = 5 * HOUR;
        let first = read(&stage, late).await;
        assert_eq!((first.at, is_old(&first)), (late + 100, true));
        let status = first.header("cache-status").to_owned();
        assert!(status.contains("stale-if-error"), "{status}");
        // Five seconds from the failure on nobody asks.
        let paused = read(&stage, late + 5_099).await;
        assert_eq!((paused.at, is_old(&paused)), (late + 5_099, true));
        assert_eq!(stage.calls().len(), 2);
        let next = read(&stage, late + 5_101).await;
        assert_eq!(next.body["name"], "Aula");
    }
}

#[tokio::test(start_paused = true)]
async fn a_refresh_that_fails_is_not_begun_again_at_once() {
    let stage = stage([answer(200, ROOM), answer(503, ""), answer(200, NEW)]);
    read(&stage, 0).await;
    let due = HOUR + HOUR / 2;
    for later in [0, 1_000, 4_999] {
        assert!(is_old(&read(&stage, due + later).await));
    }
    assert_eq!(stage.calls().len(), 2);
    assert!(is_old(&read(&stage, due + 5_001).await));
    assert_eq!(read(&stage, due + 5_100).await.body["name"], "Aula");
    assert_eq!(stage.calls().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn what_the_vendor_says_of_the_thing_ends_the_stale_serving() {
    for (status, body, told) in [(404, ABSENT, 404), (401, "", 502), (403, "", 502)] {
        let stage = stage([answer(200, ROOM), answer(status, body), answer(500, "")]);
        read(&stage, 0).await;
        assert_eq!(read(&stage, 5 * HOUR).await.status, told, "{status}");
        // Gone, though the vendor fails now.
        assert_eq!(read(&stage, 5 * HOUR + 60_000).await.status, 502);
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_too_old_is_served_to_nobody() {
    let stage = stage([answer(200, ROOM), answer(503, "")]);
    read(&stage, 0).await;
    let dead = read(&stage, 11 * HOUR + 1).await;
    assert_eq!((dead.status, dead.code()), (502, "upstream-error"));
}
