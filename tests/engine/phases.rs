//! Where the time of a request goes: phases that sum up to the whole, and the slow one is named.

use std::collections::BTreeMap;

use proxy::phases::Phase;
use proxy::upstream::FailureKind;

use crate::stage::{ABSENT, Ask, ROOM, Stage, create, get, replace};
use crate::vendor::{Step, answer, lost, not_sent, panics, silent};

const TARGET: &str = "/v1/rooms/2145";
const NAMED: &str = "/v1/rooms/by-external-id/pr001";
const PLACE: &str = "https://vendor.example/admin/rest/administration/api/physicalrooms/id/2145";

/// The phases of all requests so far, in milliseconds; together they are the whole.
#[track_caller]
fn expect(stage: &Stage, expected: &[(&str, u64)]) {
    let (phases, whole) = stage.phases();
    let named = expected.iter().map(|(name, ms)| ((*name).to_owned(), *ms));
    assert_eq!(phases, named.collect::<BTreeMap<_, _>>());
    assert_eq!(phases.values().sum::<u64>(), whole);
}

/// One request alone.
async fn alone(steps: impl IntoIterator<Item = Step>, ask: Ask, expected: &[(&str, u64)]) {
    let stage = Stage::new(steps);
    stage.send(ask).await;
    expect(&stage, expected);
}

fn made() -> Step {
    answer(201, "").header("location", PLACE)
}

/// All that can come before a call.
fn prepared(step: Step) -> Step {
    step.first(Phase::Token, 50)
        .first(Phase::Queue, 30)
        .first(Phase::Connect, 20)
}

const BEFORE: [(&str, u64); 3] = [("token", 50), ("queue", 30), ("connect", 20)];

#[tokio::test(start_paused = true)]
async fn a_miss_and_a_write_tell_each_part_of_their_call() {
    let expected = [&BEFORE[..], &[("vendor", 400)]].concat();
    let read = prepared(answer(200, ROOM).after(400));
    alone([read], get(TARGET), &expected).await;
    alone([prepared(made().after(400))], create(), &expected).await;
}

#[tokio::test(start_paused = true)]
async fn a_hit_has_no_part_in_the_call_that_filled_it() {
    let stage = Stage::new([answer(200, ROOM).after(400)]);
    stage.send(get(TARGET)).await;
    let hit = stage.send(get(TARGET)).await;
    assert!(hit.header("cache-status").contains("; hit"));
    expect(&stage, &[("vendor", 400)]);
}

#[tokio::test(start_paused = true)]
async fn who_waits_for_anothers_call_is_in_its_phases() {
    let stage = Stage::new([answer(200, ROOM).first(Phase::Queue, 100).after(400)]);
    let first = stage.start(get(TARGET));
    stage.until(60).await;
    let second = stage.send(get(TARGET)).await;
    assert!(second.header("cache-status").contains("collapsed"));
    first.await.unwrap();
    // 100 + 400, and from the 60th on.
    expect(&stage, &[("queue", 140), ("vendor", 800)]);
}

#[tokio::test(start_paused = true)]
async fn who_has_less_time_than_a_shared_call_knows_where_it_was() {
    let stage = Stage::new([answer(200, ROOM).first(Phase::Queue, 9_000).after(400)]);
    let hasty = get(TARGET).header("request-timeout", "0.5");
    assert_eq!(stage.send(hasty).await.brief(), (500, 504, ""));
    expect(&stage, &[("queue", 500)]);
}

#[tokio::test(start_paused = true)]
async fn a_refresh_in_the_background_is_no_request() {
    let rule = "{ttl: 10s, stale_while_revalidate: 1h}";
    let settings = format!("cache: {{operations: {{getRoom: {rule}}}}}\n");
    let steps = [answer(200, ROOM), answer(200, ROOM).after(400)];
    let stage = Stage::with(&settings, steps);
    stage.send(get(TARGET)).await;
    stage.until(20_000).await;
    let stale = stage.send(get(TARGET)).await;
    assert!(stale.header("cache-status").contains("revalidate"));
    stage.until(30_000).await;
    expect(&stage, &[]);
}

#[tokio::test(start_paused = true)]
async fn a_look_up_is_one_phase_with_all_that_it_waits_for() {
    let look_up = prepared(answer(200, ROOM).after(40));
    let steps = [lost().after(200), look_up];
    alone(steps, create(), &[("vendor", 200), ("look-up", 140)]).await;
    // Three looks, after 0, 150 and 450 ms.
    let absent = || answer(404, ABSENT).after(10);
    let steps = [lost().after(200), absent(), absent(), absent()];
    alone(steps, create(), &[("vendor", 200), ("look-up", 630)]).await;
    // A 201 that does not say where.
    let steps = [answer(201, "").after(70), answer(200, ROOM).after(30)];
    alone(steps, create(), &[("vendor", 70), ("look-up", 30)]).await;
}

#[tokio::test(start_paused = true)]
async fn an_upsert_adds_up_its_calls() {
    let upsert = || {
        Ask::new(
            "PUT",
            NAMED,
            r#"{"type": "PHYSICAL_ROOM", "name": "Sala 1"}"#,
        )
    };
    let steps = [
        prepared(answer(404, ABSENT).after(100)),
        made().first(Phase::Queue, 5).after(60),
    ];
    let expected = [
        ("token", 50),
        ("queue", 35),
        ("connect", 20),
        ("vendor", 160),
    ];
    alone(steps, upsert(), &expected).await;
}

#[tokio::test(start_paused = true)]
async fn a_condition_is_read_and_waited_for() {
    let stage = Stage::new([
        answer(200, ROOM).after(100),
        answer(200, "").after(10),
        answer(200, ROOM).after(100),
        answer(200, "").after(10),
    ]);
    let first = stage.start(replace().header("if-match", "*"));
    stage.send(replace().header("if-match", "*")).await;
    first.await.unwrap();
    expect(&stage, &[("vendor", 220), ("queue", 110)]);
}

#[tokio::test(start_paused = true)]
async fn what_never_left_names_where_it_stayed() {
    for (phase, kind) in [
        (Phase::Queue, FailureKind::Shed),
        (Phase::Token, FailureKind::CredentialsRejected),
        (Phase::Connect, FailureKind::Connect),
    ] {
        let step = not_sent(kind).first(phase, 3_000);
        alone([step], create(), &[(phase.label(), 3_000)]).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_vendor_that_is_silent_is_named() {
    alone([silent()], get(TARGET), &[("vendor", 10_000)]).await;
}

#[tokio::test(start_paused = true)]
async fn a_bug_leaves_its_phase_open_to_the_end() {
    for sent in [true, false] {
        let phase = if sent { "vendor" } else { "connect" };
        let step = panics(sent).first(Phase::Connect, 0).after(70);
        alone([step], create(), &[(phase, 70)]).await;
    }
}

#[tokio::test(start_paused = true)]
async fn who_is_cut_by_the_end_of_the_process_is_where_it_was() {
    let stage = Stage::new([silent()]);
    let cut = stage.start(create());
    stage.until(700).await;
    stage.leave();
    assert_eq!(cut.await.unwrap().at, 700);
    expect(&stage, &[("vendor", 700)]);
}

#[tokio::test(start_paused = true)]
async fn a_caller_who_sends_slowly_or_leaves_is_named() {
    let slow = create().slowly(800, false);
    alone([made().after(20)], slow, &[("read", 800), ("vendor", 20)]).await;
    alone([], create().slowly(800, true), &[("read", 800)]).await;
}

#[tokio::test(start_paused = true)]
async fn what_is_refused_takes_no_time_of_a_vendor() {
    let refused = Ask::new("POST", "/v1/rooms", "{}").slowly(5, false);
    alone([], refused, &[("read", 5)]).await;
    alone([], get("/nothing"), &[]).await;
}
