//! A write whose answer tells: done or not done, and nobody is asked again.

use proxy::upstream::FailureKind;

use crate::stage::{Stage, create, delete, replace};
use crate::vendor::{answer, cut, not_sent, silent};

const PLACE: &str = "https://vendor.example/admin/rest/administration/api/physicalrooms/id/2145";

#[tokio::test(start_paused = true)]
async fn a_create_that_is_accepted_is_one_call() {
    let stage = Stage::new([answer(201, "").header("location", PLACE).after(30)]);
    let made = stage.send(create()).await;
    assert_eq!(made.brief(), (30, 201, ""));
    assert_eq!(made.body["id"], "2145");
    assert_eq!(made.header("location"), "/v1/rooms/2145");
    assert_eq!(stage.calls(), ["0 Write POST"]);
    assert_eq!(stage.deadlines(), [6_000], "0.6 of 10 s");
}

#[tokio::test(start_paused = true)]
async fn a_refusal_is_not_looked_after() {
    let stage = Stage::new([answer(400, r#"{"code": "ERR006"}"#).after(30)]);
    let refused = stage.send(create()).await;
    assert_eq!(refused.brief(), (30, 409, "not-done"));
    assert_eq!(refused.code(), "external-id-taken");
    assert_eq!(stage.calls(), ["0 Write POST"]);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_that_leaves_it_open_is_unknown() {
    let stage = Stage::new([answer(409, r#"{"code": "ROO005"}"#)]);
    let open = stage.send(replace()).await;
    assert_eq!(open.brief(), (0, 409, "unknown"));
}

#[tokio::test(start_paused = true)]
async fn what_was_not_sent_is_not_done() {
    let cases = [
        (FailureKind::Connect, 503, "upstream-unavailable"),
        (FailureKind::CircuitOpen, 503, "upstream-unavailable"),
        (FailureKind::Shed, 503, "upstream-unavailable"),
        (FailureKind::Timeout, 504, "upstream-timeout"),
    ];
    for (kind, status, code) in cases {
        let stage = Stage::new([not_sent(kind).after(20)]);
        let refused = stage.send(create()).await;
        assert_eq!(refused.brief(), (20, status, "not-done"), "{kind:?}");
        assert_eq!(refused.code(), code, "{kind:?}");
        assert_eq!(stage.calls(), ["0 Write POST"], "{kind:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_body_that_nobody_reads_may_be_cut() {
    let stage = Stage::new([cut(201, "{").header("location", PLACE)]);
    assert_eq!(stage.send(create()).await.brief(), (0, 201, ""));
}

#[tokio::test(start_paused = true)]
async fn the_callers_own_deadline_is_shared_out_too() {
    let stage = Stage::new([silent(), answer(404, r#"{"code": "ERR004"}"#)]);
    let gone = stage
        .send(delete("/v1/rooms/2145").header("request-timeout", "2"))
        .await;
    assert_eq!(gone.brief(), (1_200, 204, ""));
    assert_eq!(
        stage.calls(),
        ["0 Write DELETE id/2145", "1200 FollowUp GET id/2145"]
    );
    assert_eq!(stage.deadlines(), [1_200, 2_000]);
}
