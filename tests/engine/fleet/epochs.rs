//! Another server, other data, a journal that was trimmed, and members that come and go.

use std::time::Duration;

use proxy::upstream::Upstream;

use super::door::{Door, ROOM, Setup, ms, settle, shown};
use super::rooms::Rooms;
use crate::stage::{get, replace};
use crate::store::MemoryStore;
use crate::store::faults::{Fault, Part};

async fn is_cached(door: &Door) -> bool {
    door.read().await;
    door.read().await.1.contains("; hit")
}

#[tokio::test(start_paused = true)]
async fn data_that_are_new_are_held_whole_until_nothing_can_be_lost() {
    let breaks: [fn(&Door, &Rooms); 4] = [
        |door, _| door.store.flush(),
        |door, _| door.store.restart(true),
        |door, _| door.store.restart(false),
        |door, vendor| door.store.lose_journal(&vendor.account()),
    ];
    for (number, broken) in breaks.iter().enumerate() {
        let vendor = Rooms::new();
        let [a, b] = Door::several(&vendor).await;
        assert!(is_cached(&b).await);
        broken(&a, &vendor);
        ms(300).await;
        let (_, status) = b.read().await;
        assert!(status.contains("fwd=bypass"), "{number}: {status}");
        assert!(!status.contains("no-lease"), "{number}: {status}");
        // The new epoch is known for less than a lease.
        let (took, _) = a.write().await;
        assert_eq!(took, 1_100, "{number}");
        assert_eq!(b.name().await, vendor.name());
        ms(68_000).await;
        assert!(!is_cached(&b).await, "{number}");
        ms(3_000).await;
        assert!(is_cached(&b).await, "{number}");
        assert!(a.write().await.0 <= 10, "{number}");
        assert_eq!(b.name().await, vendor.name());
    }
}

#[tokio::test(start_paused = true)]
async fn a_write_that_began_in_another_epoch_waits_in_full() {
    let vendor = Rooms::new();
    let [a, b] = Door::several(&vendor).await;
    assert!(is_cached(&b).await);
    vendor.takes(0, 3_000);
    let write = a.start(replace());
    settle().await;
    a.store.restart(true);
    ms(2_000).await;
    let answer = write.await.unwrap();
    assert_eq!(answer.at, 1_200 + 3_000 + 1_100);
    assert_eq!(b.name().await, vendor.name());
}

#[tokio::test(start_paused = true)]
async fn after_a_failover_to_a_copy_that_lacks_a_write_nothing_older_is_served() {
    for replicas in [0, 1] {
        let (vendor, store) = (Rooms::new(), MemoryStore::new());
        let setup = Setup {
            replicas,
            ..Setup::default()
        };
        let [a, b] = [(); 2].map(|()| Door::with(&store, &vendor, &setup));
        ms(1_200).await;
        assert!(is_cached(&b).await);
        let copy = store.copy();
        if replicas == 0 {
            // The copy falls behind: it lacks the end, and its numbers are given again.
            b.store.fail(|faults| faults.stands_still = true);
            a.write().await;
            b.store.fail(|faults| faults.stands_still = false);
        }
        store.promote(copy);
        let other = a.write();
        other.await;
        assert_eq!(b.name().await, vendor.name());
        ms(300).await;
        assert_eq!(b.name().await, vendor.name());
        // With replicas that must have it nothing is lost where the journal is still there.
        assert_eq!(is_cached(&b).await, replicas == 1);
    }
}

/// Two servers that both think that they are the primary: who is with the old one is not waited for by
/// acknowledgements of the new one, but by its lease.
#[tokio::test(start_paused = true)]
async fn acknowledgements_of_another_server_say_nothing() {
    let vendor = Rooms::new();
    let [a, b] = Door::several(&vendor).await;
    assert!(is_cached(&b).await);
    let old = a.store.primary();
    let copy = a.store.copy();
    // It is cut off from everybody but the old primary, which takes no writes any more.
    b.store.stay_with(Some(old));
    a.store.promote(copy);
    b.store.fail(|faults| faults.read_only = true);
    let (took, _) = a.write().await;
    assert_eq!(took, 1_100);
    let (name, status) = b.read().await;
    assert_eq!(name, vendor.name());
    assert!(status.contains("no-lease"), "{status}");
}

#[tokio::test(start_paused = true)]
async fn who_missed_entries_that_were_trimmed_begins_anew() {
    let vendor = Rooms::new();
    let [a, b] = Door::several(&vendor).await;
    assert!(is_cached(&b).await);
    b.store.fail(|faults| faults.away = true);
    ms(1_500).await;
    a.write().await;
    let last = a.store.records(&vendor.account()).last().unwrap().number;
    a.store.trim(&vendor.account(), last);
    b.store.fail(|faults| faults.away = false);
    ms(300).await;
    assert_eq!(b.name().await, vendor.name());
    assert!(is_cached(&b).await);
    let joins = |reason: &str| {
        b.metric(&format!(
            "lms_gateway_shared_joins_total{{reason=\"{reason}\",upstream=\"netex\"}}"
        ))
    };
    assert_eq!((joins("start"), joins("gap")), (1.0, 1.0));
}

#[tokio::test(start_paused = true)]
async fn who_comes_late_holds_what_is_open() {
    let (vendor, store) = (Rooms::new(), MemoryStore::new());
    let a = Door::new(&store, &vendor);
    ms(1_200).await;
    vendor.takes(0, 6_000);
    let write = a.start(replace());
    ms(100).await;
    let late = Door::new(&store, &vendor);
    settle().await;
    let (_, status) = late.read().await;
    assert!(
        status.contains("fwd=bypass") && !status.contains("no-lease"),
        "{status}"
    );
    let answer = write.await.unwrap();
    assert_eq!(answer.status, 204);
    assert_eq!(late.name().await, vendor.name());
    assert!(is_cached(&late).await, "released with its end");
}

#[tokio::test(start_paused = true)]
async fn a_reply_that_is_late_grants_what_is_left_of_its_lease() {
    let vendor = Rooms::new();
    let [a, b] = Door::several(&vendor).await;
    assert!(is_cached(&b).await);
    // Its beat is answered, and nothing later.
    b.store.fail(|faults| {
        faults.once(Part::Beat, Fault::ReplyLate(Duration::from_millis(240)));
        for _ in 0..40 {
            faults.once(Part::Beat, Fault::Away);
        }
    });
    let before = b.store.commands(Part::Beat);
    while b.store.commands(Part::Beat) == before {
        ms(1).await;
    }
    // The beat has read, and its reply is on its way.
    let (took, _) = a.write().await;
    assert_eq!(took, 1_100);
    assert_eq!(
        b.name().await,
        vendor.name(),
        "it counts from before it was sent"
    );
}

/// It began to read before it was a member, and what it brings comes when it is one.
#[tokio::test(start_paused = true)]
async fn who_joins_keeps_nothing_of_calls_that_were_under_way() {
    let (vendor, store) = (Rooms::new(), MemoryStore::new());
    let a = Door::new(&store, &vendor);
    ms(1_200).await;
    let b = Door::new(&store, &vendor);
    b.store.fail(|faults| faults.stands_still = true);
    vendor.takes(300, 0);
    let under_way = b.start(get(ROOM));
    ms(50).await;
    assert!(a.write().await.0 <= 10, "b is on no list");
    let last = a.store.records(&vendor.account()).last().unwrap().number;
    // Nothing tells of it any more.
    a.store.trim(&vendor.account(), last - 1);
    b.store.fail(|faults| faults.stands_still = false);
    settle().await;
    assert_eq!(shown(&under_way.await.unwrap()).0, "Sala 0");
    assert_eq!(b.name().await, vendor.name());
    assert!(is_cached(&b).await);
}

#[tokio::test(start_paused = true)]
async fn many_entries_come_in_several_beats_and_there_is_no_lease_before_all() {
    let vendor = Rooms::new();
    let [a, b] = Door::several(&vendor).await;
    assert!(is_cached(&b).await);
    b.store.fail(|faults| faults.away = true);
    ms(1_500).await;
    for _ in 0..150 {
        a.write().await;
    }
    b.store.fail(|faults| faults.away = false);
    ms(300).await;
    assert_eq!(b.name().await, vendor.name());
    assert!(is_cached(&b).await);
}

/// Its entries can be read, and nothing can be told: that must not become a storm of beats.
#[tokio::test(start_paused = true)]
async fn a_store_that_takes_no_writes_is_asked_every_quarter_of_a_second() {
    let vendor = Rooms::new();
    let [a, b] = Door::several(&vendor).await;
    b.store.fail(|faults| faults.read_only = true);
    ms(2_000).await;
    a.write().await;
    for owes in [false, true] {
        if owes {
            b.write().await;
        }
        let parts = [Part::Beat, Part::Append];
        let asked = || {
            parts
                .map(|part| b.store.commands(part))
                .iter()
                .sum::<usize>()
        };
        let before = asked();
        ms(5_000).await;
        let asked = asked() - before;
        assert!(asked <= 22, "{asked} in 5 s");
        assert!(b.read().await.1.contains("no-lease"));
    }
}

#[tokio::test(start_paused = true)]
async fn a_member_that_does_not_hear_reads_every_quarter_of_a_second() {
    let vendor = Rooms::new();
    let [a, b] = Door::several(&vendor).await;
    assert!(is_cached(&b).await);
    b.store.fail(|faults| faults.deaf = true);
    ms(1_000).await;
    for _ in 0..5 {
        let (took, _) = a.write().await;
        assert!(took <= 300, "{took}");
        assert_eq!(b.name().await, vendor.name());
    }
}
