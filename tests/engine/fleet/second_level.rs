//! What one replica was answered by the vendor, and another takes over.

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use super::door::{Door, Setup, ms};
use super::rooms::Rooms;
use crate::store::MemoryStore;

async fn fleet(vendor: &std::sync::Arc<Rooms>, count: usize) -> Vec<Door> {
    let store = MemoryStore::new();
    let setup = Setup {
        cache: true,
        ..Setup::default()
    };
    let doors = (0..count).map(|_| Door::with(&store, vendor, &setup));
    let doors = doors.collect();
    ms(1_200).await;
    doors
}

#[tokio::test(start_paused = true)]
async fn a_fleet_that_starts_cold_asks_the_vendor_once() {
    for count in [3, 30] {
        let vendor = Rooms::new();
        let doors = fleet(&vendor, count).await;
        let reads = doors
            .iter()
            .map(|door| door.start(crate::stage::get(super::door::ROOM)));
        let reads: Vec<_> = reads.collect();
        for read in reads {
            assert_eq!(read.await.unwrap().status, 200);
        }
        assert_eq!(vendor.reads(), 1, "{count} at once");
        for door in &doors {
            assert!(door.read().await.1.contains("; hit"));
        }
        assert_eq!(vendor.reads(), 1);
    }
}

/// A lock that is not given back in time costs a call and the budget, no more.
#[tokio::test(start_paused = true)]
async fn a_vendor_that_takes_longer_than_the_budget_is_asked_by_each() {
    let vendor = Rooms::new();
    let doors = fleet(&vendor, 3).await;
    vendor.takes(100, 1);
    let before = tokio::time::Instant::now();
    let reads = doors
        .iter()
        .map(|door| door.start(crate::stage::get(super::door::ROOM)));
    for read in reads.collect::<Vec<_>>() {
        read.await.unwrap();
    }
    assert!(
        before.elapsed().as_millis() <= 130,
        "{:?}",
        before.elapsed()
    );
    assert_eq!(vendor.reads(), 3);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_taken_over_that_an_answered_write_made_old() {
    for seed in 0..10 {
        let mut random = StdRng::seed_from_u64(seed);
        let vendor = Rooms::new();
        let doors = fleet(&vendor, 3).await;
        for step in 0..40 {
            let door = &doors[random.gen_range(0..3)];
            match random.gen_range(0..12) {
                0..=1 => {
                    door.write().await;
                }
                // Reads while a write is under way may show either; those behind it may not.
                2 => {
                    let write = door.start(crate::stage::replace());
                    for _ in 0..random.gen_range(0..4) {
                        doors[random.gen_range(0..3)].read().await;
                        ms(random.gen_range(0..3)).await;
                    }
                    write.await.unwrap();
                }
                3 => door.store.flush(),
                4 => {
                    door.purge().await;
                }
                5 => ms(random.gen_range(0..400)).await,
                _ => {}
            }
            let reader = &doors[random.gen_range(0..3)];
            assert_eq!(
                reader.name().await,
                vendor.name(),
                "seed {seed}, step {step}"
            );
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_taken_over_is_as_old_as_it_is() {
    let vendor = Rooms::new();
    let doors = fleet(&vendor, 2).await;
    doors[0].read().await;
    ms(3_000).await;
    doors[1].read().await;
    assert_eq!(vendor.reads(), 1);
    let answer = doors[1].send(crate::stage::get(super::door::ROOM)).await;
    assert_eq!(answer.header("age"), "3");
}

#[tokio::test(start_paused = true)]
async fn who_wants_something_younger_is_not_given_what_another_call_took_over() {
    let vendor = Rooms::new();
    let doors = fleet(&vendor, 2).await;
    doors[0].read().await;
    ms(3_000).await;
    let takes_over = doors[1].start(crate::stage::get(super::door::ROOM));
    let young = crate::stage::get(super::door::ROOM).header("cache-control", "max-age=1");
    let young = doors[1].start(young);
    takes_over.await.unwrap();
    assert_eq!(young.await.unwrap().status, 200);
    assert_eq!(vendor.reads(), 2);
}
