//! A write as the others are told of it, and how long its answer waits.

use std::time::Duration;

use proxy::shared::{Event, Record, Scope};
use proxy::upstream::Upstream;
use tokio::time::Instant;

use super::door::{Door, Setup, ms, settle};
use super::rooms::{Fate, Rooms};
use crate::stage::{create, replace};
use crate::store::MemoryStore;
use crate::store::faults::{Fault, Part};

/// What the journal says, entry by entry.
fn journal(door: &Door, vendor: &Rooms) -> Vec<&'static str> {
    let entries = door.store.records(&vendor.account());
    let records = entries.iter().filter(|entry| !entry.record.is_empty());
    let words = records.map(|entry| match Record::decode(&entry.record).unwrap().event {
        Event::Begin { .. } => "begin",
        Event::Done => "done",
        Event::Unknown { .. } => "unknown",
        Event::NotDone => "not-done",
    });
    words.collect()
}

fn writes(door: &Door, coordination: &str) -> f64 {
    door.metric(&format!(
        "lms_gateway_shared_writes_total{{coordination=\"{coordination}\",upstream=\"netex\"}}"
    ))
}

async fn alone() -> (std::sync::Arc<Rooms>, Door) {
    let vendor = Rooms::new();
    let [door] = Door::several(&vendor).await;
    (vendor, door)
}

#[tokio::test(start_paused = true)]
async fn the_others_know_that_it_begins_before_the_vendor_and_its_end_before_the_caller() {
    let (vendor, a) = alone().await;
    vendor.takes(0, 500);
    let write = a.start(replace());
    settle().await;
    assert_eq!((journal(&a, &vendor), vendor.writes()), (vec!["begin"], 1));
    write.await.unwrap();
    assert_eq!(journal(&a, &vendor), ["begin", "done"]);
    let entries = a.store.records(&vendor.account());
    let record = Record::decode(&entries[1].record).unwrap();
    assert!(matches!(record.event, Event::Begin { keep } if keep >= Duration::from_secs(70)));
    let Scope::Tags(tags) = record.scope else {
        panic!("all")
    };
    assert!(tags.contains(&"room.id=2145".into()) && tags.contains(&"room.list".into()));
    assert_eq!(writes(&a, "acknowledged"), 1.0);
}

#[tokio::test(start_paused = true)]
async fn a_process_that_knows_the_store_for_a_moment_waits_in_full() {
    let (vendor, store) = (Rooms::new(), MemoryStore::new());
    let _other = Door::new(&store, &vendor);
    ms(5_000).await;
    let young = Door::new(&store, &vendor);
    settle().await;
    assert_eq!(young.write().await, (1_100, 204));
    assert!(young.write().await.0 <= 10);
    assert_eq!(writes(&young, "waited"), 1.0);
}

#[tokio::test(start_paused = true)]
async fn what_was_not_done_waits_for_nobody_and_is_told() {
    let vendor = Rooms::new();
    let [a, b] = Door::several(&vendor).await;
    b.read().await;
    b.store.fail(|faults| faults.stands_still = true);
    vendor.next_write(Fate::Refused);
    assert_eq!(a.write().await, (0, 400));
    settle().await;
    assert_eq!(journal(&a, &vendor), ["begin", "not-done"]);
    b.store.fail(|faults| faults.stands_still = false);
    ms(2_000).await;
    assert!(
        b.read().await.1.contains("; hit"),
        "nothing is void or held"
    );
}

#[tokio::test(start_paused = true)]
async fn an_unknown_outcome_is_held_everywhere_and_seen_in_the_end() {
    let vendor = Rooms::new();
    let [a, b] = Door::several(&vendor).await;
    b.read().await;
    vendor.next_write(Fate::LostThenApplied(Duration::from_secs(40)));
    let answer = a.send(replace()).await;
    assert_eq!(
        (answer.status, answer.code()),
        (504, "write-outcome-unknown")
    );
    assert_eq!(journal(&a, &vendor), ["begin", "unknown"]);
    for _ in 0..12 {
        for door in [&a, &b] {
            let (name, status) = door.read().await;
            assert_eq!(name, vendor.name());
            assert!(status.contains("fwd=bypass"), "{status}");
        }
        ms(5_000).await;
    }
    ms(2_000).await;
    for door in [&a, &b] {
        assert_eq!(door.name().await, "Sala 1");
        assert!(door.read().await.1.contains("; hit"));
    }
}

#[tokio::test(start_paused = true)]
async fn an_end_that_cannot_be_told_is_answered_when_it_is_held_everywhere() {
    let vendor = Rooms::new();
    let [a, b] = Door::several(&vendor).await;
    b.read().await;
    vendor.takes(0, 500);
    let write = a.start(replace());
    settle().await;
    a.store.fail(|faults| faults.away = true);
    let begun = Instant::now();
    let answer = write.await.unwrap();
    let took = begun.elapsed().as_millis();
    assert_eq!(answer.status, 204);
    assert_eq!(took, 2_200 - 20, "from the reply to the begin on");
    let (name, status) = b.read().await;
    assert_eq!(name, vendor.name());
    assert!(status.contains("fwd=bypass"), "{status}");
    assert_eq!(writes(&a, "held"), 1.0);
    a.store.fail(|faults| faults.away = false);
    ms(600).await;
    assert_eq!(journal(&a, &vendor), ["begin", "done"]);
    b.read().await;
    assert!(b.read().await.1.contains("; hit"), "it is no longer held");
}

#[tokio::test(start_paused = true)]
async fn a_write_without_the_store_is_told_before_the_next_beat() {
    let vendor = Rooms::new();
    let [a, b] = Door::several(&vendor).await;
    b.read().await;
    a.store.fail(|faults| faults.away = true);
    ms(2_000).await;
    assert_eq!(a.write().await, (0, 204));
    assert_eq!(writes(&a, "uncoordinated"), 1.0);
    assert_eq!(b.name().await, "Sala 0", "nobody can know of it");
    // Its beats go through, and it cannot tell: then it has no lease.
    a.store.fail(|faults| {
        faults.away = false;
        for _ in 0..4 {
            faults.once(Part::Append, Fault::ReadOnly);
        }
    });
    ms(600).await;
    assert!(a.read().await.1.contains("no-lease"));
    ms(1_000).await;
    assert_eq!(journal(&a, &vendor), ["done"]);
    assert_eq!(b.name().await, vendor.name());
    a.read().await;
    assert!(a.read().await.1.contains("; hit"));
}

#[tokio::test(start_paused = true)]
async fn a_store_that_stands_still_costs_its_budget_once() {
    let vendor = Rooms::new();
    let [a] = Door::several(&vendor).await;
    a.store.fail(|faults| faults.stands_still = true);
    ms(2_000).await;
    assert_eq!(a.write().await, (25, 204));
}

#[tokio::test(start_paused = true)]
async fn a_write_that_nobody_can_be_told_of_is_refused_where_the_operator_says_so() {
    let (vendor, store) = (Rooms::new(), MemoryStore::new());
    let setup = Setup {
        refuses: true,
        ..Setup::default()
    };
    let a = Door::with(&store, &vendor, &setup);
    ms(1_200).await;
    for (fault, told) in [
        (Fault::Away, &[][..]),
        (Fault::ReplyLost, &["begin", "not-done"]),
    ] {
        a.store.fail(|faults| faults.once(Part::Append, fault));
        let answer = a.send(replace()).await;
        assert_eq!(answer.code(), "coordination-unavailable");
        assert_eq!(answer.brief().1, 503);
        assert_eq!(answer.body["outcome"], "not-done");
        assert_eq!(answer.header("retry-after"), "1");
        settle().await;
        assert_eq!(journal(&a, &vendor), told);
    }
    assert_eq!(vendor.writes(), 0, "nothing was sent");
    assert_eq!(writes(&a, "refused"), 2.0);
    assert_eq!(a.write().await.1, 204);
}

#[tokio::test(start_paused = true)]
async fn a_begin_whose_reply_was_lost_gets_its_end_and_is_waited_for() {
    let vendor = Rooms::new();
    let [a, b] = Door::several(&vendor).await;
    b.read().await;
    a.store
        .fail(|faults| faults.once(Part::Append, Fault::ReplyLost));
    let (took, status) = a.write().await;
    assert!(took <= 10 && status == 204, "{took}");
    assert_eq!(journal(&a, &vendor), ["begin", "done"]);
    assert_eq!(b.name().await, vendor.name());
}

#[tokio::test(start_paused = true)]
async fn a_write_that_is_cut_short_tells_what_may_have_left() {
    for (sent, told) in [(true, "unknown"), (false, "not-done")] {
        let vendor = Rooms::new();
        let [a, b] = Door::several(&vendor).await;
        b.read().await;
        vendor.takes(0, 5_000);
        if !sent {
            // It waits for the store before anything is sent.
            a.store.fail(|faults| {
                faults.once(Part::Append, Fault::ReplyLate(Duration::from_millis(24)))
            });
        }
        let write = a.start(replace());
        ms(if sent { 30 } else { 10 }).await;
        a.leave();
        let answer = write.await.unwrap();
        assert_eq!(
            answer.code(),
            if sent {
                "write-outcome-unknown"
            } else {
                "shutting-down"
            }
        );
        settle().await;
        assert_eq!(journal(&a, &vendor), ["begin", told]);
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_is_kept_under_its_key_only_when_the_others_have_it() {
    let vendor = Rooms::new();
    let [a, b] = Door::several(&vendor).await;
    b.read().await;
    b.store.fail(|faults| faults.stands_still = true);
    let keyed = || create().header("idempotency-key", "k1");
    let first = a.start(keyed());
    ms(500).await;
    // It is done at the vendor; a replay now would be an answer that nobody waited with.
    let second = a.send(keyed()).await;
    assert_eq!((second.status, second.code()), (409, "request-in-progress"));
    let first = first.await.unwrap();
    assert_eq!((first.at, first.status), (first.at, 201));
    let third = a.send(keyed()).await;
    assert_eq!(third.header("idempotent-replayed"), "true");
    assert_eq!(vendor.writes(), 1);
}

#[tokio::test(start_paused = true)]
async fn the_wait_counts_from_the_reply_to_the_end() {
    let vendor = Rooms::new();
    let [a, b] = Door::several(&vendor).await;
    b.store.fail(|faults| faults.stands_still = true);
    let late = Duration::from_millis(20);
    a.store.fail(|faults| {
        faults.once(Part::Append, Fault::Fine);
        faults.once(Part::Append, Fault::ReplyLate(late));
    });
    assert_eq!(a.write().await, (1_120, 204));
}

#[tokio::test(start_paused = true)]
async fn who_says_nothing_is_waited_for_once_and_who_came_back_stays_on_the_list() {
    let vendor = Rooms::new();
    let [a, b] = Door::several(&vendor).await;
    b.store.fail(|faults| faults.stands_still = true);
    assert_eq!(a.write().await.0, 1_100);
    settle().await;
    assert_eq!(a.store.registered(&vendor.account()).len(), 1);
    assert!(a.write().await.0 <= 10, "it is off the list");
    b.store.fail(|faults| faults.stands_still = false);
    ms(300).await;
    assert_eq!(a.store.registered(&vendor.account()).len(), 2);
    assert_eq!(b.name().await, vendor.name());
    // Its removal comes late: it has registered meanwhile, by another token.
    b.store.fail(|faults| faults.stands_still = true);
    a.store
        .fail(|faults| faults.once(Part::Remove, Fault::Late(Duration::from_millis(200))));
    assert_eq!(a.write().await.0, 1_100);
    b.store.fail(|faults| faults.stands_still = false);
    ms(300).await;
    assert_eq!(a.store.registered(&vendor.account()).len(), 2);
}

/// What was asked before a member registered would make it look like one that has left.
#[tokio::test(start_paused = true)]
async fn a_question_of_before_the_end_says_nothing_of_it() {
    let (vendor, store) = (Rooms::new(), MemoryStore::new());
    let [a, c] = [(); 2].map(|()| Door::new(&store, &vendor));
    ms(1_200).await;
    c.store.fail(|faults| {
        for _ in 0..40 {
            faults.once(Part::Beat, Fault::Away);
        }
    });
    let first = a.start(replace());
    ms(5).await;
    let late = Fault::ReplyLate(Duration::from_millis(60));
    a.store.fail(|faults| faults.once(Part::Members, late));
    ms(5).await;
    let b = Door::new(&store, &vendor);
    ms(10).await;
    b.read().await;
    b.store.fail(|faults| faults.stands_still = true);
    c.fleet.leave(Duration::from_millis(100)).await;
    assert_eq!(a.write().await, (1_100, 204));
    assert!(!b.read().await.1.contains("; hit"));
    first.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn one_asks_for_all_writes_that_wait() {
    let vendor = Rooms::new();
    let [a, b] = Door::several(&vendor).await;
    b.store.fail(|faults| faults.stands_still = true);
    let before = a.store.commands(Part::Members);
    let waiting: Vec<_> = (0..100).map(|_| a.start(replace())).collect();
    for write in waiting {
        assert_eq!(write.await.unwrap().status, 204);
    }
    let asked = a.store.commands(Part::Members) - before;
    assert!(asked < 60, "{asked} questions in 1.1 s");
}

#[tokio::test(start_paused = true)]
async fn the_wait_is_kept_back_from_the_deadline_of_the_calls() {
    let (vendor, a) = alone().await;
    vendor.takes(0, 60_000);
    for (timeout, gives_up) in [("10", 8_900), ("4", 2_900), ("1", 500)] {
        let before = Instant::now();
        vendor.next_write(Fate::Lost);
        let answer = a.send(replace().header("request-timeout", timeout)).await;
        assert_eq!(answer.status, 504);
        let took = u64::try_from(before.elapsed().as_millis()).unwrap();
        assert!(took <= gives_up + 10, "{took} of {gives_up}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_purge_reaches_all_members() {
    let vendor = Rooms::new();
    let [a, b] = Door::several(&vendor).await;
    for door in [&a, &b] {
        door.read().await;
    }
    assert_eq!(a.purge().await, (1, Some(true)));
    assert!(b.read().await.1.contains("fwd=miss"));
    b.read().await;
    // Where it cannot be told now, it is told later.
    a.store.fail(|faults| faults.away = true);
    assert_eq!(a.purge().await.1, Some(false));
    assert!(b.read().await.1.contains("; hit"));
    a.store.fail(|faults| faults.away = false);
    ms(600).await;
    assert!(b.read().await.1.contains("fwd=miss"));
}

#[tokio::test(start_paused = true)]
async fn who_leaves_gives_up_its_lease_tells_what_it_owes_and_is_awaited_no_more() {
    let vendor = Rooms::new();
    let [a, b] = Door::several(&vendor).await;
    b.read().await;
    b.store.fail(|faults| faults.away = true);
    b.write().await;
    b.store.fail(|faults| faults.away = false);
    let late = Fault::ReplyLate(Duration::from_millis(100));
    b.store.fail(|faults| faults.once(Part::Remove, late));
    let fleet = b.fleet.clone();
    let leaving = tokio::spawn(async move { fleet.leave(Duration::from_secs(1)).await });
    ms(10).await;
    // It is off the list, and nobody waits for it any more.
    assert!(!leaving.is_finished());
    assert!(b.read().await.1.contains("no-lease"), "for good");
    leaving.await.unwrap();
    assert_eq!(journal(&a, &vendor), ["done"]);
    assert_eq!(a.store.registered(&vendor.account()).len(), 1);
    assert!(a.write().await.0 <= 10);
    // A store that stands still is not waited for.
    a.store.fail(|faults| faults.stands_still = true);
    let before = Instant::now();
    a.fleet.leave(Duration::from_millis(400)).await;
    assert!(before.elapsed() <= Duration::from_millis(400));
}
