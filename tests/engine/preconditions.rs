//! A write under a condition: one read first, within half of the time, and one writer of a path at a time.

use crate::stage::{ABSENT, Ask, ROOM, Stage, get, replace};
use crate::vendor::{answer, lost, silent};

const NAMED: &str = "/v1/rooms/by-external-id/pr001";
const NEW: &str = r#"{"id": 2145, "external_id": "pr001", "name": "Aula"}"#;

fn upsert() -> Ask {
    Ask::new(
        "PUT",
        NAMED,
        r#"{"type": "PHYSICAL_ROOM", "name": "Sala 1"}"#,
    )
}

#[tokio::test(start_paused = true)]
async fn the_read_has_half_of_the_time_and_the_write_its_share_of_the_rest() {
    let stage = Stage::new([answer(200, ROOM).after(1_000), answer(200, "").after(10)]);
    let written = stage.send(replace().header("if-match", "*")).await;
    assert_eq!(written.brief(), (1_010, 204, ""));
    let calls = ["0 Read GET id/2145", "1000 Write PUT id/2145"];
    assert_eq!(stage.calls(), calls);
    assert_eq!(stage.deadlines(), [5_000, 1_000 + 5_400]);
}

#[tokio::test(start_paused = true)]
async fn a_read_that_hangs_or_fails_leaves_the_write_unsent() {
    let stage = Stage::new([silent()]);
    let late = stage.send(replace().header("if-match", "*")).await;
    assert_eq!(late.brief(), (5_000, 504, "not-done"));
    let stage = Stage::new([answer(500, "")]);
    let failed = stage.send(replace().header("if-match", "*")).await;
    assert_eq!(failed.brief(), (0, 502, "not-done"));
}

#[tokio::test(start_paused = true)]
async fn of_two_writers_under_one_tag_one_is_done() {
    let stage = Stage::new([
        answer(200, NEW),
        answer(200, NEW).after(20),
        answer(200, "").after(1_000),
        answer(200, ROOM).after(20),
    ]);
    let tag = stage
        .send(get("/v1/rooms/2145"))
        .await
        .header("etag")
        .to_owned();
    let writer = || replace().header("if-match", &tag);
    let first = stage.start(writer());
    stage.until(1).await;
    let second = stage.start(writer());
    assert_eq!(first.await.unwrap().brief(), (1_020, 204, ""));
    assert_eq!(second.await.unwrap().brief(), (1_040, 412, "not-done"));
    assert_eq!(
        stage.calls()[1..],
        [
            "0 Read GET id/2145",
            "20 Write PUT id/2145",
            "1020 Read GET id/2145"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_turn_that_does_not_come_in_time_is_not_done() {
    let stage = Stage::new([answer(200, ROOM), silent(), answer(200, ROOM)]);
    let first = stage.start(replace().header("if-match", "*"));
    stage.until(1).await;
    let hasty = replace()
        .header("if-match", "*")
        .header("request-timeout", "1");
    assert_eq!(stage.send(hasty).await.brief(), (1_001, 504, "not-done"));
    // Whoever waits longer gets it when the first has ended.
    assert_eq!(first.await.unwrap().brief(), (6_000, 204, ""));
}

#[tokio::test(start_paused = true)]
async fn a_writer_who_hangs_up_gives_the_turn_away() {
    let stage = Stage::new([
        answer(200, ROOM),
        silent(),
        answer(200, ROOM),
        answer(200, ""),
    ]);
    let first = stage.start(replace().header("if-match", "*"));
    stage.until(1).await;
    let second = stage.start(replace().header("if-match", "*"));
    stage.until(500).await;
    first.abort();
    assert_eq!(second.await.unwrap().brief(), (500, 204, ""));
}

#[tokio::test(start_paused = true)]
async fn an_upsert_of_what_must_not_be_there_only_creates() {
    let create = || upsert().header("if-none-match", "*");
    let stage = Stage::new([answer(404, ABSENT), answer(400, r#"{"code": "ERR006"}"#)]);
    assert_eq!(stage.send(create()).await.brief(), (0, 412, "not-done"));
    let calls = ["0 Read GET externalid/pr001", "0 Write POST"];
    assert_eq!(stage.calls(), calls);

    let stage = Stage::new([answer(200, ROOM)]);
    assert_eq!(stage.send(create()).await.brief(), (0, 412, "not-done"));
}

#[tokio::test(start_paused = true)]
async fn an_upsert_of_what_must_be_there_only_updates() {
    let update = || upsert().header("if-match", "*");
    let stage = Stage::new([answer(200, ROOM), answer(404, ABSENT)]);
    assert_eq!(stage.send(update()).await.brief(), (0, 412, "not-done"));
    let calls = [
        "0 Read GET externalid/pr001",
        "0 Write PUT externalid/pr001",
    ];
    assert_eq!(stage.calls(), calls);

    let stage = Stage::new([answer(404, ABSENT)]);
    assert_eq!(stage.send(update()).await.brief(), (0, 412, "not-done"));
}

#[tokio::test(start_paused = true)]
async fn what_became_of_a_conditional_write_is_looked_for_too() {
    let stage = Stage::new([answer(200, NEW), lost().after(10), answer(200, ROOM)]);
    let written = stage.send(replace().header("if-match", "*")).await;
    assert_eq!(written.brief(), (10, 204, ""));
}
