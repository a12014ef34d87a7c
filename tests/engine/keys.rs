//! `Idempotency-Key`: one key, one room, one answer, for a day.

use proxy::upstream::FailureKind;

use crate::stage::{ABSENT, Answer, Ask, ROOM, Stage, create};
use crate::vendor::{Step, answer, lost, not_sent, silent};

const DAY: u64 = 24 * 3_600_000;
const LOOK: &str = "FollowUp GET externalid/pr001";

fn keyed() -> Ask {
    create().header("idempotency-key", "k1")
}

fn made() -> Step {
    let place = "https://vendor.example/admin/rest/administration/api/physicalrooms/id/2145";
    answer(201, "").header("location", place).after(100)
}

fn absent() -> Step {
    answer(404, ABSENT)
}

/// A create whose answer is lost and that no look-up shows: unknown at 600 ms.
fn unknown() -> [Step; 4] {
    [lost(), absent(), absent(), absent()]
}

fn is_replay(answer: &Answer) -> bool {
    answer.header("idempotent-replayed") == "true"
}

#[tokio::test(start_paused = true)]
async fn of_two_at_once_one_is_sent_and_the_other_is_told_so() {
    let stage = Stage::new([made()]);
    let first = stage.start(keyed());
    stage.until(50).await;
    let second = stage.send(keyed()).await;
    assert_eq!(second.brief(), (50, 409, "unknown"));
    assert_eq!(second.code(), "request-in-progress");
    assert_eq!(second.header("retry-after"), "1");
    let first = first.await.unwrap();
    assert_eq!(first.brief(), (100, 201, ""));
    assert!(!is_replay(&first));
    let third = stage.send(keyed()).await;
    assert!(is_replay(&third));
    assert_eq!((third.status, &third.body), (201, &first.body));
    assert_eq!(stage.calls(), ["0 Write POST"]);
}

#[tokio::test(start_paused = true)]
async fn an_answer_is_kept_for_a_day() {
    let stage = Stage::new([made(), answer(400, r#"{"code": "ERR006"}"#)]);
    stage.send(keyed()).await;
    stage.until(DAY - 1).await;
    assert!(is_replay(&stage.send(keyed()).await));
    stage.until(DAY + 1).await;
    let anew = stage.send(keyed()).await;
    assert_eq!((anew.status, is_replay(&anew)), (409, false));
}

#[tokio::test(start_paused = true)]
async fn another_request_under_the_key_is_refused() {
    let stage = Stage::new([made()]);
    stage.send(keyed()).await;
    let body = r#"{"type": "PHYSICAL_ROOM", "external_id": "pr001", "name": "Aula"}"#;
    let other = Ask::new("POST", "/v1/rooms", body).header("idempotency-key", "k1");
    let other = stage.send(other).await;
    assert_eq!(other.brief(), (100, 422, "not-done"));
    assert_eq!(other.code(), "idempotency-key-reused");
}

#[tokio::test(start_paused = true)]
async fn after_an_unknown_outcome_a_look_that_shows_it_answers() {
    let steps = unknown().into_iter().chain([answer(200, ROOM)]);
    let stage = Stage::new(steps);
    assert_eq!(stage.send(keyed()).await.brief(), (600, 504, "unknown"));
    stage.until(1_000).await;
    let found = stage.send(keyed()).await;
    assert_eq!(found.brief(), (1_000, 201, ""));
    assert_eq!(stage.calls()[4..], [format!("1000 {LOOK}")]);
    assert!(is_replay(&stage.send(keyed()).await));
}

#[tokio::test(start_paused = true)]
async fn after_an_unknown_outcome_it_is_sent_where_a_look_shows_nothing() {
    let steps = unknown().into_iter().chain([absent(), made()]);
    let stage = Stage::new(steps);
    stage.send(keyed()).await;
    stage.until(1_000).await;
    assert_eq!(stage.send(keyed()).await.brief(), (1_100, 201, ""));
    let calls = [format!("1000 {LOOK}"), "1000 Write POST".to_owned()];
    assert_eq!(stage.calls()[4..], calls);
}

#[tokio::test(start_paused = true)]
async fn after_an_unknown_outcome_a_look_that_fails_sends_nothing() {
    let steps = unknown().into_iter().chain([answer(503, "")]);
    let stage = Stage::new(steps);
    stage.send(keyed()).await;
    let still = stage.send(keyed()).await;
    assert_eq!(still.brief(), (600, 504, "unknown"));
    assert_eq!(stage.calls().len(), 5);
}

#[tokio::test(start_paused = true)]
async fn a_name_that_the_first_attempt_took_meanwhile_is_ours() {
    let taken = answer(400, r#"{"code": "ERR006"}"#);
    let steps = unknown()
        .into_iter()
        .chain([absent(), taken, answer(200, ROOM)]);
    let stage = Stage::new(steps);
    stage.send(keyed()).await;
    let ours = stage.send(keyed()).await;
    assert_eq!(ours.brief(), (600, 201, ""));
    assert_eq!(ours.body["id"], "2145");
}

#[tokio::test(start_paused = true)]
async fn a_refusal_of_the_second_attempt_says_nothing_of_the_first() {
    let refused = answer(400, r#"{"code": "ROO003"}"#);
    let stage = Stage::new(unknown().into_iter().chain([absent(), refused]));
    stage.send(keyed()).await;
    assert_eq!(stage.send(keyed()).await.brief(), (600, 504, "unknown"));
}

#[tokio::test(start_paused = true)]
async fn an_unknown_outcome_is_kept_for_a_day_and_then_nobody_looks() {
    let steps = unknown().into_iter().chain([made()]);
    let stage = Stage::new(steps);
    stage.send(keyed()).await;
    stage.until(DAY + 601).await;
    assert_eq!(stage.send(keyed()).await.status, 201);
    assert_eq!(stage.calls()[4..], [format!("{} Write POST", DAY + 601)]);
}

#[tokio::test(start_paused = true)]
async fn what_was_not_sent_leaves_the_key_free() {
    let stage = Stage::new([not_sent(FailureKind::Connect), made()]);
    assert_eq!(stage.send(keyed()).await.brief(), (0, 503, "not-done"));
    let again = stage.send(keyed()).await;
    assert_eq!((again.status, is_replay(&again)), (201, false));
}

#[tokio::test(start_paused = true)]
async fn a_request_that_dies_under_way_is_unknown_to_its_key() {
    let stage = Stage::new([silent(), answer(200, ROOM)]);
    let first = stage.start(keyed());
    stage.until(100).await;
    first.abort();
    assert!(first.await.is_err());
    assert_eq!(stage.send(keyed()).await.brief(), (100, 201, ""));
    let calls = ["0 Write POST".to_owned(), format!("100 {LOOK}")];
    assert_eq!(stage.calls(), calls);
}
