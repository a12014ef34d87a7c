//! A write that no read shows and that the contract declares repeatable goes once more.

use crate::stage::{ABSENT, Ask, Stage};
use crate::vendor::{answer, lost, silent};

fn activate() -> Ask {
    Ask::new("PUT", "/v1/rooms/2145/status", r#"{"status": "active"}"#)
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_is_asked_for_again_at_once() {
    let stage = Stage::new([lost().after(100), answer(200, "").after(10)]);
    assert_eq!(stage.send(activate()).await.brief(), (110, 204, ""));
    assert_eq!(
        stage.calls(),
        [
            "0 Write PUT id/2145/status",
            "100 WriteRetry PUT id/2145/status"
        ]
    );
    assert_eq!(stage.deadlines(), [6_000, 10_000]);
}

#[tokio::test(start_paused = true)]
async fn once_more_and_no_more() {
    let stage = Stage::new([lost(), lost().after(10)]);
    let unknown = stage.send(activate()).await;
    assert_eq!(unknown.brief(), (10, 504, "unknown"));
    assert_eq!(stage.calls().len(), 2);

    let stage = Stage::new([silent(), silent()]);
    assert_eq!(
        stage.send(activate()).await.brief(),
        (10_000, 504, "unknown")
    );
}

#[tokio::test(start_paused = true)]
async fn a_refusal_of_the_second_says_nothing_of_the_first() {
    let stage = Stage::new([lost(), answer(404, ABSENT)]);
    assert_eq!(stage.send(activate()).await.brief(), (0, 504, "unknown"));
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_the_vendor_asks_for_is_kept_if_it_is_short() {
    let busy = |wait| answer(503, "").header("retry-after", wait).after(50);
    let stage = Stage::new([busy("2"), answer(200, "")]);
    assert_eq!(stage.send(activate()).await.brief(), (2_050, 204, ""));

    let stage = Stage::new([busy("3")]);
    let unknown = stage.send(activate()).await;
    assert_eq!((unknown.at, unknown.brief().2), (50, "unknown"));

    // Nor is it begun where it would end after the request.
    let stage = Stage::new([busy("2")]);
    let hasty = activate().header("request-timeout", "2");
    let unknown = stage.send(hasty).await;
    assert_eq!((unknown.at, unknown.brief().2), (50, "unknown"));
}
