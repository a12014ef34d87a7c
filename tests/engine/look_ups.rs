//! After an unclear answer: at once, after 150 ms, after another 450 ms, and what they show.

use crate::stage::{ABSENT, Ask, CONTRACT, ROOM, Stage, create, delete, replace};
use crate::vendor::{Step, answer, cut, lost, silent};

const OTHER: &str = r#"{"id": 9, "external_id": "pr001", "name": "Aula"}"#;

/// What a look-up by name finds: nothing, 10 ms later.
fn absent() -> Step {
    answer(404, ABSENT).after(10)
}

fn room() -> Step {
    answer(200, ROOM).after(10)
}

#[tokio::test(start_paused = true)]
async fn three_looks_by_the_clock_and_then_it_is_unknown() {
    let stage = Stage::new([lost().after(100), absent(), absent(), absent()]);
    let unknown = stage.send(create()).await;
    assert_eq!(unknown.brief(), (730, 504, "unknown"));
    assert_eq!(unknown.code(), "write-outcome-unknown");
    assert_eq!(unknown.body["safe_to_repeat"], true);
    assert_eq!(
        stage.calls(),
        [
            "0 Write POST",
            "100 FollowUp GET externalid/pr001",
            "260 FollowUp GET externalid/pr001",
            "720 FollowUp GET externalid/pr001",
        ]
    );
    assert_eq!(stage.deadlines(), [6_000, 10_000, 10_000, 10_000]);
}

#[tokio::test(start_paused = true)]
async fn the_look_that_shows_it_is_the_last() {
    for looks in 0..3_usize {
        let late = std::iter::repeat_with(absent).take(looks);
        let steps = std::iter::once(lost().after(100)).chain(late);
        let stage = Stage::new(steps.chain([room()]));
        let made = stage.send(create()).await;
        let at = [110, 270, 730][looks];
        assert_eq!(made.brief(), (at, 201, ""));
        assert_eq!(made.body["id"], "2145");
        assert_eq!(stage.calls().len(), looks + 2);
    }
}

#[tokio::test(start_paused = true)]
async fn another_under_the_name_ends_the_looking() {
    let stage = Stage::new([lost(), answer(200, OTHER)]);
    let taken = stage.send(create()).await;
    // It could still be ours, as the vendor spells it.
    assert_eq!(taken.brief(), (0, 409, "unknown"));
    assert_eq!(taken.code(), "external-id-taken");
    assert_eq!(stage.calls().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn looks_that_fail_are_repeated_and_promise_nothing() {
    let broken = || answer(503, "").after(10);
    let stage = Stage::new([lost(), broken(), broken(), broken()]);
    let unknown = stage.send(create()).await;
    assert_eq!(unknown.brief(), (630, 504, "unknown"));
    assert_eq!(unknown.body.get("safe_to_repeat"), None);

    let stage = Stage::new([lost(), broken(), room()]);
    assert_eq!(stage.send(create()).await.brief(), (170, 201, ""));
}

#[tokio::test(start_paused = true)]
async fn after_a_whole_server_error_one_look_tells() {
    let error = || answer(500, "").after(50);
    let stage = Stage::new([error(), absent()]);
    let not_done = stage.send(create()).await;
    assert_eq!(not_done.brief(), (60, 502, "not-done"));
    assert_eq!(not_done.code(), "upstream-error");
    assert_eq!(stage.calls().len(), 2);

    let stage = Stage::new([error(), room()]);
    assert_eq!(stage.send(create()).await.brief(), (60, 201, ""));

    let stage = Stage::new([error(), answer(200, OTHER)]);
    assert_eq!(stage.send(create()).await.brief(), (50, 409, "not-done"));
}

#[tokio::test(start_paused = true)]
async fn after_a_server_error_a_look_that_fails_is_repeated() {
    let broken = || answer(503, "");
    let stage = Stage::new([answer(500, ""), broken(), absent()]);
    let not_done = stage.send(create()).await;
    assert_eq!(not_done.brief(), (160, 502, "not-done"));

    let stage = Stage::new([answer(500, ""), broken(), broken(), broken()]);
    assert_eq!(stage.send(create()).await.brief().2, "unknown");
}

#[tokio::test(start_paused = true)]
async fn an_intermediarys_timeout_and_a_cut_error_prove_nothing() {
    for unclear in [answer(504, ""), cut(500, "{")] {
        let stage = Stage::new([unclear, absent(), absent(), absent()]);
        let unknown = stage.send(create()).await;
        assert_eq!((unknown.at, unknown.brief().2), (630, "unknown"));
    }
}

#[tokio::test(start_paused = true)]
async fn a_vendor_that_hangs_leaves_time_for_the_looks() {
    let stage = Stage::new([silent(), absent(), room()]);
    let made = stage.send(create()).await;
    assert_eq!(made.brief(), (6_170, 201, ""));
}

#[tokio::test(start_paused = true)]
async fn a_look_that_hangs_ends_with_the_request() {
    let stage = Stage::new([silent(), silent()]);
    let unknown = stage.send(create()).await;
    assert_eq!(unknown.brief(), (10_000, 504, "unknown"));
    assert_eq!(unknown.body.get("safe_to_repeat"), None, "nothing was seen");
    assert_eq!(stage.deadlines(), [6_000, 10_000]);
}

#[tokio::test(start_paused = true)]
async fn a_look_for_which_no_time_is_left_is_not_begun() {
    // 120 ms for the call and 80 for the looks: the second would come 150 ms after the first.
    let stage = Stage::new([silent(), absent()]);
    let hasty = create().header("request-timeout", "0.2");
    let unknown = stage.send(hasty).await;
    assert_eq!(unknown.brief(), (130, 504, "unknown"));
    assert_eq!(stage.calls().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_delete_is_shown_by_absence() {
    let stage = Stage::new([lost(), room(), room(), absent()]);
    let gone = stage.send(delete("/v1/rooms/2145")).await;
    assert_eq!(gone.brief(), (630, 204, ""));

    let stage = Stage::new([lost(), room(), room(), room()]);
    let unknown = stage.send(delete("/v1/rooms/2145")).await;
    assert_eq!(unknown.brief(), (630, 504, "unknown"));
}

#[tokio::test(start_paused = true)]
async fn a_replacement_is_read_back_until_it_is_as_sent() {
    let before = || answer(200, OTHER).after(10);
    let stage = Stage::new([lost(), before(), room()]);
    assert_eq!(stage.send(replace()).await.brief(), (170, 204, ""));

    let stage = Stage::new([lost(), before(), before(), before()]);
    let unknown = stage.send(replace()).await;
    assert_eq!(unknown.brief(), (630, 504, "unknown"));
    assert_eq!(unknown.body.get("safe_to_repeat"), None);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_read_back_is_not_looked_for_twice() {
    let stage = Stage::new([lost(), room()]);
    let body = r#"{"external_id": "pr001", "name": "Sala 1", "contact_email": "a@b"}"#;
    let unknown = stage.send(Ask::new("PUT", "/v1/rooms/2145", body)).await;
    assert_eq!(unknown.brief(), (10, 504, "unknown"));
    let detail = unknown.body["detail"].as_str().unwrap();
    assert!(detail.contains("contact_email"), "{detail}");
}

/// The read by name takes the name from the path: it would be as sent whatever the vendor has.
#[tokio::test(start_paused = true)]
async fn what_the_read_repeats_of_our_request_is_not_compared() {
    let mut contract = CONTRACT.to_owned();
    let look_up = "look_up: getRoomByExternalId, with: {external_id: /external_id}";
    let by_two = format!("{look_up}, compare: [/external_id, /name]");
    let read = "path: /admin/rest/administration/api/physicalrooms/externalid/{external_id}\n        response: ";
    let repeating = "{encoding: json, success: [{status: [200], body: required, emit: {status: 200}, \
                     value: [{to: /external_id, from: path}, {from: body}]}]}";
    let echo = format!("{read}{repeating}");
    let read = format!("{read}{{$ref: '#/components/x-responses/room'}}");
    for (told, instead) in [(look_up, &by_two), (&read, &echo)] {
        assert!(contract.contains(told), "{told}");
        contract = contract.replacen(told, instead, 1);
    }
    // Of what was sent the vendor shows nothing here.
    let bare = || answer(200, r#"{"id": 9}"#).after(10);
    let stage = Stage::under(&contract, [lost(), bare(), bare(), bare()]);
    let unknown = stage.send(create()).await;
    assert_eq!(unknown.code(), "write-outcome-unknown");
    assert_eq!(unknown.body["outcome"], "unknown");

    let stage = Stage::under(&contract, [lost(), room()]);
    assert_eq!(stage.send(create()).await.brief(), (10, 201, ""));
}

/// pr001 becomes pr002.
fn rename() -> Ask {
    let body = r#"{"external_id": "pr002", "name": "Sala 1"}"#;
    Ask::new("PUT", "/v1/rooms/by-external-id/pr001", body)
}

fn renamed() -> Step {
    answer(
        200,
        r#"{"id": 2145, "external_id": "pr002", "name": "Sala 1"}"#,
    )
    .after(10)
}

#[tokio::test(start_paused = true)]
async fn a_rename_is_shown_by_the_new_name_and_the_absence_of_the_old() {
    let stage = Stage::new([lost(), renamed(), absent()]);
    assert_eq!(stage.send(rename()).await.brief(), (20, 204, ""));
    assert_eq!(
        stage.calls(),
        [
            "0 Write PUT externalid/pr001",
            "0 FollowUp GET externalid/pr002",
            "10 FollowUp GET externalid/pr001",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn while_the_old_name_is_there_the_new_one_is_anothers() {
    let round = || [renamed(), room()];
    let steps = [lost()]
        .into_iter()
        .chain([round(), round(), round()].into_iter().flatten());
    let stage = Stage::new(steps);
    assert_eq!(stage.send(rename()).await.brief(), (660, 504, "unknown"));
    let looks = stage.calls();
    assert_eq!(
        [&looks[1], &looks[3], &looks[5]],
        [
            "0 FollowUp GET externalid/pr002",
            "170 FollowUp GET externalid/pr002",
            "640 FollowUp GET externalid/pr002",
        ]
    );
}
