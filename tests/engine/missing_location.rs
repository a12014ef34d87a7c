//! A 201 that does not say where: the create is done, and a look-up fills in what it can.

use crate::stage::{ABSENT, ROOM, Stage, create};
use crate::vendor::{answer, lost, silent};

#[tokio::test(start_paused = true)]
async fn the_look_up_gives_id_and_location() {
    let stage = Stage::new([answer(201, "").after(30), answer(200, ROOM).after(20)]);
    let made = stage.send(create()).await;
    assert_eq!(made.brief(), (50, 201, ""));
    assert_eq!(made.body["id"], "2145");
    assert_eq!(made.header("location"), "/v1/rooms/2145");
    assert_eq!(
        stage.calls(),
        ["0 Write POST", "30 FollowUp GET externalid/pr001"]
    );
}

#[tokio::test(start_paused = true)]
async fn one_that_finds_nothing_leaves_them_out() {
    for nothing in [answer(404, ABSENT), answer(500, ""), lost()] {
        let stage = Stage::new([answer(201, ""), nothing]);
        let made = stage.send(create()).await;
        assert_eq!(made.brief(), (0, 201, ""));
        assert_eq!(made.body.get("id"), None);
        assert_eq!(made.header("location"), "");
        assert_eq!(made.body["name"], "Sala 1");
    }
}

#[tokio::test(start_paused = true)]
async fn one_that_hangs_ends_with_the_request_and_the_create_is_done() {
    let stage = Stage::new([answer(201, ""), silent()]);
    let made = stage.send(create()).await;
    assert_eq!(made.brief(), (10_000, 201, ""));
    assert_eq!(made.body.get("id"), None);
}
