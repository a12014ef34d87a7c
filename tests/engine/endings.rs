//! Ends that nobody planned: the process leaves, or a bug of ours strikes. What a write is told follows
//! from whether a byte of it may have left.

use proxy::upstream::FailureKind;

use crate::stage::{ROOM, Stage, create, get};
use crate::vendor::{answer, not_sent, panics, silent};

#[tokio::test(start_paused = true)]
async fn who_is_under_way_when_the_process_leaves_is_told_at_once() {
    let stage = Stage::new([silent(), not_sent(FailureKind::Connect).after(5_000)]);
    let sent = stage.start(create());
    stage.until(1).await;
    let unsent = stage.start(create());
    stage.until(700).await;
    stage.leave();
    assert_eq!(sent.await.unwrap().brief(), (700, 504, "unknown"));
    assert_eq!(unsent.await.unwrap().brief(), (700, 503, "not-done"));
}

#[tokio::test(start_paused = true)]
async fn a_bug_in_a_write_tells_what_left() {
    for (sent, outcome) in [(true, "unknown"), (false, "not-done")] {
        let stage = Stage::new([panics(sent)]);
        let refused = stage.send(create()).await;
        assert_eq!(refused.brief(), (0, 500, outcome));
        assert_eq!(refused.code(), "internal-error");
    }
}

#[tokio::test(start_paused = true)]
async fn a_bug_in_a_shared_read_is_told_to_all_who_wait_and_to_nobody_else() {
    let stage = Stage::new([panics(true), answer(200, ROOM)]);
    let both = [(); 2].map(|()| stage.start(get("/v1/rooms/2145")));
    for waiter in both {
        let told = waiter.await.unwrap();
        assert_eq!((told.status, told.code()), (500, "internal-error"));
    }
    assert_eq!(stage.send(get("/v1/rooms/2145")).await.status, 200);
    assert_eq!(stage.calls().len(), 2);
}
