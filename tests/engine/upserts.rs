//! An update that becomes a create where nothing is there, and never a second one.

use crate::stage::{ABSENT, Ask, ROOM, Stage};
use crate::vendor::{Step, answer, lost};

const TARGET: &str = "/v1/rooms/by-external-id/pr001";
const TAKEN: &str = r#"{"code": "ERR006"}"#;
const UPDATE: &str = "Write PUT externalid/pr001";
const LOOK: &str = "FollowUp GET externalid/pr001";

fn upsert() -> Ask {
    let body = r#"{"type": "PHYSICAL_ROOM", "name": "Sala 1"}"#;
    Ask::new("PUT", TARGET, body)
}

fn absent() -> Step {
    answer(404, ABSENT).after(100)
}

fn made() -> Step {
    let place = "https://vendor.example/admin/rest/administration/api/physicalrooms/id/2145";
    answer(201, "").header("location", place).after(100)
}

#[tokio::test(start_paused = true)]
async fn what_is_there_is_updated_by_one_call() {
    let stage = Stage::new([answer(200, "").after(100)]);
    assert_eq!(stage.send(upsert()).await.brief(), (100, 204, ""));
    assert_eq!(stage.calls(), [format!("0 {UPDATE}")]);
}

#[tokio::test(start_paused = true)]
async fn what_is_not_there_is_made_in_the_time_that_is_left() {
    let stage = Stage::new([absent(), made()]);
    assert_eq!(stage.send(upsert()).await.brief(), (200, 201, ""));
    let calls = [format!("0 {UPDATE}"), "100 Write POST".to_owned()];
    assert_eq!(stage.calls(), calls);
    assert_eq!(
        stage.deadlines(),
        [6_000, 100 + 5_940],
        "0.6 of what is left"
    );
}

#[tokio::test(start_paused = true)]
async fn without_a_type_nothing_is_made() {
    let stage = Stage::new([absent()]);
    let update = Ask::new("PUT", TARGET, r#"{"name": "Sala 1"}"#);
    assert_eq!(stage.send(update).await.brief(), (100, 404, "not-done"));
}

#[tokio::test(start_paused = true)]
async fn a_lost_race_is_one_more_update_and_a_second_one_the_end() {
    let stage = Stage::new([absent(), answer(400, TAKEN), answer(200, "")]);
    assert_eq!(stage.send(upsert()).await.brief(), (100, 204, ""));
    let calls = [
        format!("0 {UPDATE}"),
        "100 Write POST".to_owned(),
        format!("100 {UPDATE}"),
    ];
    assert_eq!(stage.calls(), calls);

    let stage = Stage::new([absent(), answer(400, TAKEN), absent()]);
    assert_eq!(stage.send(upsert()).await.brief(), (200, 404, "not-done"));
}

#[tokio::test(start_paused = true)]
async fn an_update_whose_answer_is_lost_is_looked_for_and_never_made_anew() {
    let stage = Stage::new([lost(), absent(), absent(), absent()]);
    assert_eq!(stage.send(upsert()).await.brief(), (900, 504, "unknown"));
    let calls = [
        format!("0 {UPDATE}"),
        format!("0 {LOOK}"),
        format!("250 {LOOK}"),
        format!("800 {LOOK}"),
    ];
    assert_eq!(stage.calls(), calls);
}

#[tokio::test(start_paused = true)]
async fn a_create_whose_answer_is_lost_is_looked_for() {
    let stage = Stage::new([absent(), lost(), answer(200, ROOM)]);
    let made = stage.send(upsert()).await;
    assert_eq!(made.brief(), (100, 201, ""));
    assert_eq!(made.body["id"], "2145");

    let stage = Stage::new([absent(), lost(), absent(), absent(), absent()]);
    let unknown = stage.send(upsert()).await;
    assert_eq!(unknown.brief(), (1_000, 504, "unknown"));
    assert_eq!(unknown.body["safe_to_repeat"], true);
}
