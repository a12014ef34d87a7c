//! `Idempotency-Key` through any door: one vendor write, whoever dies and whatever the store does.

use std::sync::Arc;

use proxy::phases::Phase;
use proxy::upstream::FailureKind;
use tokio::time::Instant;

use super::door::{Door, Setup, ms};
use crate::stage::{ABSENT, Answer, Ask, ROOM, create};
use crate::store::MemoryStore;
use crate::store::faults::{Fault, Part};
use crate::vendor::{Scripted, Step, answer, lost, not_sent, silent};

/// Before that acknowledgements say nothing: members may have a lease of a store from before.
const KNOWN: u64 = 1_200;

/// Three doors before one vendor.
struct House {
    doors: [Door; 3],
    vendor: Arc<Scripted>,
    store: MemoryStore,
}

impl House {
    async fn new(steps: impl IntoIterator<Item = Step>) -> Self {
        let vendor = Arc::new(Scripted::new(Instant::now(), steps));
        let store = MemoryStore::new();
        let door = || Door::over(&store, vendor.clone(), &Setup::default());
        let doors = [door(), door(), door()];
        ms(KNOWN).await;
        Self {
            doors,
            vendor,
            store,
        }
    }

    /// Without the times.
    fn calls(&self) -> Vec<String> {
        let calls = self.vendor.calls();
        let calls = calls.iter().map(ToString::to_string);
        calls
            .map(|call| call.split_once(' ').unwrap().1.to_owned())
            .collect()
    }

    fn writes(&self) -> usize {
        let calls = self.calls();
        calls.iter().filter(|call| *call == "Write POST").count()
    }

    /// The process behind a door is gone, and nothing of it is heard again.
    fn kill(&self, door: usize, request: &tokio::task::JoinHandle<Answer>) {
        self.doors[door].store.fail(|faults| faults.away = true);
        request.abort();
    }
}

impl Drop for House {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            assert_eq!(self.vendor.left(), 0, "steps that nobody asked for");
        }
    }
}

fn keyed() -> Ask {
    create().header("idempotency-key", "k1")
}

fn made() -> Step {
    let place = "https://vendor.example/admin/rest/administration/api/physicalrooms/id/2145";
    answer(201, "").header("location", place)
}

fn taken() -> Step {
    answer(400, r#"{"code": "ERR006"}"#)
}

fn absent() -> Step {
    answer(404, ABSENT)
}

/// A create whose answer is lost and that no look-up shows.
fn unknown() -> [Step; 4] {
    [lost(), absent(), absent(), absent()]
}

fn is_replay(answer: &Answer) -> bool {
    answer.header("idempotent-replayed") == "true"
}

fn wait(answer: &Answer) -> u64 {
    answer.header("retry-after").parse().unwrap()
}

#[tokio::test(start_paused = true)]
async fn of_a_hundred_through_three_doors_one_is_sent_and_all_get_its_answer() {
    let house = House::new([made().after(300)]).await;
    let all: Vec<_> = (0..100)
        .map(|number| house.doors[number % 3].start(keyed()))
        .collect();
    let (mut first, mut running) = (None, 0);
    for one in all {
        let answer = one.await.unwrap();
        match answer.status {
            201 => assert!(first.replace(answer).is_none()),
            _ => {
                assert_eq!(answer.code(), "request-in-progress");
                assert_eq!((answer.brief().2, wait(&answer)), ("unknown", 1));
                running += 1;
            }
        }
    }
    let first = first.unwrap();
    assert_eq!((running, is_replay(&first)), (99, false));
    for door in &house.doors {
        let again = door.send(keyed()).await;
        assert!(is_replay(&again));
        assert_eq!((again.status, &again.body), (201, &first.body));
        assert_eq!(again.header("location"), first.header("location"));
    }
    assert_eq!(house.writes(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_answer_is_kept_only_when_no_member_can_serve_what_was_before() {
    let house = House::new([made()]).await;
    house.doors[2]
        .store
        .fail(|faults| faults.stands_still = true);
    let start = Instant::now();
    let first = house.doors[0].start(keyed());
    for time in [50, 500, 500] {
        ms(time).await;
        let early = house.doors[1].send(keyed()).await;
        assert_eq!(
            early.code(),
            "request-in-progress",
            "after {:?}",
            start.elapsed()
        );
    }
    assert_eq!(first.await.unwrap().status, 201);
    assert!(start.elapsed().as_millis() >= 1_100);
    assert!(is_replay(&house.doors[1].send(keyed()).await));
}

#[tokio::test(start_paused = true)]
async fn another_request_under_the_key_is_refused_at_every_door() {
    let house = House::new([made()]).await;
    house.doors[0].send(keyed()).await;
    let body = r#"{"type": "PHYSICAL_ROOM", "external_id": "pr001", "name": "Aula"}"#;
    let other = || Ask::new("POST", "/v1/rooms", body).header("idempotency-key", "k1");
    for door in &house.doors {
        let refused = door.send(other()).await;
        assert_eq!((refused.status, refused.brief().2), (422, "not-done"));
        assert_eq!(refused.code(), "idempotency-key-reused");
    }
}

#[tokio::test(start_paused = true)]
async fn a_refusal_of_the_vendors_is_replayed_and_one_of_ours_is_forgotten() {
    let house = House::new([not_sent(FailureKind::Connect), taken()]).await;
    let ours = house.doors[0].send(keyed()).await;
    assert_eq!((ours.status, ours.brief().2), (503, "not-done"));
    let refused = house.doors[1].send(keyed()).await;
    assert_eq!((refused.status, is_replay(&refused)), (409, false));
    let again = house.doors[2].send(keyed()).await;
    assert!(is_replay(&again));
    assert_eq!((again.status, &again.body), (409, &refused.body));
}

#[tokio::test(start_paused = true)]
async fn who_died_before_it_sent_is_taken_over_when_nothing_can_come_any_more() {
    let house = House::new([
        made().first(Phase::Queue, 60_000),
        absent(),
        absent(),
        made(),
    ])
    .await;
    let start = Instant::now();
    let first = house.doors[0].start(keyed());
    ms(100).await;
    house.kill(0, &first);
    assert_eq!(
        house.doors[1].send(keyed()).await.code(),
        "request-in-progress"
    );
    // By then its request would have ended.
    ms(11_100).await;
    let open = house.doors[1].send(keyed()).await;
    assert_eq!(
        (open.code(), open.brief().2),
        ("write-outcome-unknown", "unknown")
    );
    let left = wait(&open);
    assert!((57..=58).contains(&left), "{left}");
    ms(1_000 * left).await;
    assert!(start.elapsed().as_secs() >= 68);
    assert_eq!(house.doors[2].send(keyed()).await.status, 201);
    assert!(is_replay(&house.doors[1].send(keyed()).await));
    let look = "FollowUp GET externalid/pr001";
    assert_eq!(house.calls(), ["Write POST", look, look, "Write POST"]);
}

#[tokio::test(start_paused = true)]
async fn what_a_look_up_shows_of_one_who_died_is_done_before_its_time() {
    let house = House::new([silent(), answer(200, ROOM)]).await;
    let first = house.doors[0].start(keyed());
    ms(100).await;
    house.kill(0, &first);
    ms(11_100).await;
    let found = house.doors[1].send(keyed()).await;
    assert_eq!((found.status, is_replay(&found)), (201, false));
    let again = house.doors[2].send(keyed()).await;
    assert!(is_replay(&again));
    assert_eq!(again.body, found.body);
    assert_eq!(house.writes(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_request_that_is_cut_off_tells_its_key_what_may_have_left() {
    let house = House::new([
        made().first(Phase::Queue, 60_000),
        silent(),
        answer(200, ROOM),
    ])
    .await;
    let first = house.doors[0].start(keyed());
    ms(100).await;
    first.abort();
    ms(10).await;
    // Nothing had left, so the key is free at once.
    let second = house.doors[1].start(keyed());
    ms(100).await;
    second.abort();
    ms(10).await;
    let found = house.doors[2].send(keyed()).await;
    assert_eq!(found.status, 201);
    assert_eq!(house.writes(), 2, "of which the first never left");
}

#[tokio::test(start_paused = true)]
async fn an_unknown_outcome_is_looked_for_and_sent_only_after_its_time() {
    let steps = unknown().into_iter().chain([absent(), absent(), made()]);
    let house = House::new(steps).await;
    let first = house.doors[0].send(keyed()).await;
    assert_eq!((first.status, first.brief().2), (504, "unknown"));
    let second = house.doors[1].send(keyed()).await;
    assert_eq!((second.status, second.brief().2), (504, "unknown"));
    let left = wait(&second);
    assert!((55..=60).contains(&left), "{left}");
    ms(1_000 * left).await;
    assert_eq!(house.doors[2].send(keyed()).await.status, 201);
    assert_eq!(house.writes(), 2);
}

#[tokio::test(start_paused = true)]
async fn with_the_store_away_nothing_is_sent() {
    let house = House::new([]).await;
    for fault in [Fault::Away, Fault::ReadOnly] {
        let door = &house.doors[0];
        door.store.fail(|faults| faults.once(Part::Take, fault));
        let refused = door.send(keyed()).await;
        assert_eq!((refused.status, refused.brief().2), (503, "not-done"));
        assert_eq!(refused.code(), "coordination-unavailable");
        assert_eq!(wait(&refused), 1);
    }
    assert!(house.calls().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_key_whose_taking_nobody_heard_of_is_given_back() {
    for fault in [
        Fault::ReplyLost,
        Fault::ReplyLate(std::time::Duration::from_millis(100)),
    ] {
        let house = House::new([made()]).await;
        let door = &house.doors[0];
        door.store.fail(|faults| faults.once(Part::Take, fault));
        let refused = door.send(keyed()).await;
        assert_eq!(refused.code(), "coordination-unavailable");
        ms(200).await;
        assert_eq!(house.doors[1].send(keyed()).await.status, 201);
        assert_eq!(house.writes(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn an_end_that_the_store_did_not_take_is_told_when_it_is_back() {
    for fault in [Fault::Away, Fault::ReplyLost, Fault::ReadOnly] {
        let house = House::new([made()]).await;
        let door = &house.doors[0];
        for _ in 0..3 {
            door.store.fail(|faults| faults.once(Part::End, fault));
        }
        let first = door.send(keyed()).await;
        assert_eq!(first.status, 201, "the truth is told all the same");
        if !matches!(fault, Fault::ReplyLost) {
            let early = house.doors[1].send(keyed()).await;
            assert_eq!(early.code(), "request-in-progress");
        }
        ms(3_000).await;
        let again = house.doors[1].send(keyed()).await;
        assert!(is_replay(&again), "{fault:?}");
        assert_eq!(again.body, first.body);
    }
}

#[tokio::test(start_paused = true)]
async fn after_a_flush_the_vendors_own_refusal_is_what_stops_a_second() {
    let house = House::new([made().after(500), taken()]).await;
    let first = house.doors[0].start(keyed());
    ms(100).await;
    house.store.flush();
    let second = house.doors[1].send(keyed()).await;
    assert_eq!((second.status, second.code()), (409, "external-id-taken"));
    assert_eq!(first.await.unwrap().status, 201);
    // Who came second holds the key; the first cannot end what is not its own any more.
    let again = house.doors[2].send(keyed()).await;
    assert_eq!((again.status, is_replay(&again)), (409, true));
}

#[tokio::test(start_paused = true)]
async fn a_store_that_hangs_costs_a_write_its_budget_once() {
    let house = House::new([]).await;
    house.doors[0]
        .store
        .fail(|faults| faults.stands_still = true);
    let start = Instant::now();
    let refused = house.doors[0].send(keyed()).await;
    assert_eq!(refused.code(), "coordination-unavailable");
    assert_eq!(start.elapsed().as_millis(), 25);
    house.doors[0]
        .store
        .fail(|faults| faults.stands_still = false);
}
