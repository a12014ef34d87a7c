//! What is read at one replica after a write was answered at another.

use std::time::Duration;

use super::door::{Door, ROOM, ms, settle, shown};
use super::rooms::Rooms;
use crate::stage::get;
use crate::store::MemoryStore;
use crate::store::faults::Part;

#[tokio::test(start_paused = true)]
async fn a_read_shows_a_write_that_was_answered_at_another_replica() {
    let vendor = Rooms::new();
    let [a, b, c] = Door::several(&vendor).await;
    for _ in 0..5 {
        for door in [&a, &b, &c] {
            door.read().await;
            let (name, status) = door.read().await;
            assert_eq!(name, vendor.name());
            assert!(status.contains("; hit"), "{status}");
        }
        let (took, status) = a.write().await;
        assert_eq!(status, 204);
        assert!(took <= 10, "{took} ms: both have read it at once");
        for door in [&b, &c, &a] {
            assert_eq!(door.name().await, vendor.name());
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_hit_asks_the_store_nothing() {
    let vendor = Rooms::new();
    let [a, b] = Door::several(&vendor).await;
    a.read().await;
    let asked = |door: &Door| {
        let parts = [Part::Append, Part::Members, Part::Take, Part::Rate];
        parts
            .map(|part| door.store.commands(part))
            .iter()
            .sum::<usize>()
    };
    let (before, beats) = (asked(&a), a.store.commands(Part::Beat));
    for _ in 0..1_000 {
        assert!(a.read().await.1.contains("; hit"));
    }
    assert_eq!((asked(&a), a.store.commands(Part::Beat)), (before, beats));
    drop(b);
}

#[tokio::test(start_paused = true)]
async fn who_hears_nothing_serves_nothing_and_the_answer_waits_until_then() {
    let vendor = Rooms::new();
    let [a, b] = Door::several(&vendor).await;
    b.read().await;
    b.store.fail(|faults| faults.stands_still = true);
    let write = tokio::time::timeout(Duration::from_secs(5), a.write());
    let reads = async {
        // As long as the write is not answered it may show either.
        for _ in 0..200 {
            if !b.read().await.1.contains("; hit") {
                return;
            }
            ms(10).await;
        }
    };
    let ((took, _), ()) = tokio::join!(async { write.await.unwrap() }, reads);
    assert_eq!(took, 1_100);
    let (name, status) = b.read().await;
    assert_eq!(name, vendor.name());
    assert!(status.contains("fwd=bypass"), "{status}");
    assert!(status.ends_with("detail=no-lease"), "{status}");
    // It stays so, and what it keeps meanwhile is judged by the journal.
    a.write().await;
    b.store.fail(|faults| faults.stands_still = false);
    settle().await;
    assert_eq!(b.name().await, vendor.name());
    assert!(b.read().await.1.contains("; hit"));
}

#[tokio::test(start_paused = true)]
async fn without_a_lease_readers_share_the_next_call() {
    let vendor = Rooms::new();
    let [a, _b] = Door::several(&vendor).await;
    a.store.fail(|faults| faults.away = true);
    ms(1_100).await;
    vendor.takes(100, 0);
    let before = vendor.reads();
    let mut readers = Vec::new();
    for _ in 0..500 {
        readers.push(a.start(get(ROOM)));
        ms(1).await;
    }
    for reader in readers {
        assert_eq!(reader.await.unwrap().status, 200);
    }
    assert_eq!(vendor.most_reads_at_once(), 1);
    let reads = vendor.reads() - before;
    assert!(reads <= 7, "{reads} calls for 500 readers in 500 ms");
}

#[tokio::test(start_paused = true)]
async fn without_a_lease_nobody_is_given_what_was_read_before_they_came() {
    let vendor = Rooms::new();
    let [a, b] = Door::several(&vendor).await;
    vendor.takes(300, 0);
    b.store.fail(|faults| faults.away = true);
    ms(1_200).await;
    let before = b.start(get(ROOM));
    ms(50).await;
    a.write().await;
    let after = b.start(get(ROOM));
    let (old, _) = shown(&before.await.unwrap());
    let (new, status) = shown(&after.await.unwrap());
    assert_eq!((old.as_str(), new), ("Sala 0", vendor.name()));
    assert!(status.contains("no-lease"), "{status}");
}

#[tokio::test(start_paused = true)]
async fn with_a_lease_a_call_from_before_an_answered_write_is_not_joined() {
    let vendor = Rooms::new();
    let [a, b] = Door::several(&vendor).await;
    vendor.takes(300, 0);
    let before = b.start(get(ROOM));
    ms(50).await;
    a.write().await;
    let after = b.start(get(ROOM));
    assert_eq!(shown(&before.await.unwrap()).0, "Sala 0");
    assert_eq!(shown(&after.await.unwrap()).0, vendor.name());
    let (name, status) = b.read().await;
    assert_eq!(name, vendor.name(), "what came late is not kept");
    assert!(status.contains("; hit"), "{status}");
}

const STALE: &str =
    "cache: {operations: {getRoom: {ttl: 2s, stale_while_revalidate: 5m, stale_if_error: 1h}}}";

#[tokio::test(start_paused = true)]
async fn without_a_lease_there_is_no_stale_answer() {
    for (away, error) in [(false, false), (true, false), (false, true), (true, true)] {
        let (vendor, store) = (Rooms::new(), MemoryStore::new());
        let setup = super::door::Setup {
            settings: STALE,
            ..Default::default()
        };
        let door = Door::with(&store, &vendor, &setup);
        settle().await;
        door.read().await;
        ms(if error { 10 * 60_000 } else { 3_000 }).await;
        vendor.fail(error);
        if away {
            door.store.fail(|faults| faults.away = true);
            ms(1_200).await;
        }
        let answer = door.send(get(ROOM)).await;
        let (_, status) = shown(&answer);
        assert_eq!(status.contains("detail=stale"), !away, "{status}");
        assert_eq!(answer.status, if away && error { 502 } else { 200 });
    }
}

#[tokio::test(start_paused = true)]
async fn only_if_cached_finds_nothing_without_a_lease() {
    let vendor = Rooms::new();
    let [a] = Door::several(&vendor).await;
    a.read().await;
    let ask = || get(ROOM).header("cache-control", "only-if-cached");
    assert_eq!(a.send(ask()).await.status, 200);
    a.store.fail(|faults| faults.away = true);
    ms(1_100).await;
    assert_eq!(a.send(ask()).await.status, 504);
}

#[tokio::test(start_paused = true)]
async fn a_write_whose_writer_died_is_held_and_seen_in_the_end() {
    let vendor = Rooms::new();
    let [a, b] = Door::several(&vendor).await;
    b.read().await;
    vendor.takes(0, 30_000);
    let write = a.start(crate::stage::replace());
    settle().await;
    a.store.fail(|faults| faults.away = true);
    write.abort();
    assert!(b.read().await.1.contains("; hit"), "it is noted only");
    ms(1_000).await;
    let (name, status) = b.read().await;
    assert_eq!(name, vendor.name());
    assert!(
        status.contains("fwd=bypass") && !status.contains("no-lease"),
        "{status}"
    );
    assert!(
        !b.read().await.1.contains("hit"),
        "nor is it kept meanwhile"
    );
    // The others ask for the next one together.
    vendor.takes(100, 0);
    let (before, mut readers) = (vendor.reads(), Vec::new());
    for _ in 0..50 {
        readers.push(b.start(get(ROOM)));
        ms(1).await;
    }
    for reader in readers {
        reader.await.unwrap();
    }
    assert_eq!(vendor.reads() - before, 2);
    ms(70_000).await;
    b.read().await;
    assert!(b.read().await.1.contains("; hit"));
}
