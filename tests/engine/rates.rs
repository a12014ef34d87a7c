//! A rate that members keep together, and what each has of it alone.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use proxy::metrics::{Metrics, RateOf};
use proxy::shared::{Allowance, Crowd, Rate, RateName, RateSharing, StoreBudget};
use tokio::runtime::Handle;
use tokio::time::{Instant, advance};

use crate::store::MemoryStore;
use crate::store::faults::{Fault, Part};

const BUDGET: Duration = Duration::from_millis(25);

#[derive(Debug)]
struct Members(AtomicU64);

impl Crowd for Members {
    fn members(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// One member, with a way of its own to the store.
struct Door {
    allowance: Arc<Allowance>,
    store: MemoryStore,
}

/// So many members of one rate.
fn doors(count: usize, rate: Rate) -> Vec<Door> {
    let store = MemoryStore::new();
    let crowd: Arc<dyn Crowd> = Arc::new(Members(AtomicU64::new(count as u64)));
    let doors = (0..count).map(|_| {
        let store = store.of_another();
        let sharing = RateSharing {
            store: Arc::new(store.clone()),
            crowd: crowd.clone(),
            metrics: Arc::new(Metrics::new().unwrap()),
            runtime: Handle::current(),
        };
        let name = RateName::of_caller("a", rate);
        Door {
            allowance: Allowance::shared(rate, RateOf::Caller, name, sharing),
            store,
        }
    });
    doors.collect()
}

impl Door {
    async fn take(&self) -> Result<(), Duration> {
        self.allowance.take(&StoreBudget::new(BUDGET)).await
    }

    async fn reserve(&self, patience: Duration) -> Result<Duration, Duration> {
        let budget = StoreBudget::new(BUDGET);
        self.allowance.reserve(patience, &budget).await
    }

    /// How many of these come through; what is asked beside them is answered first.
    async fn take_of(&self, tries: usize) -> usize {
        let mut taken = 0;
        for _ in 0..tries {
            taken += usize::from(self.take().await.is_ok());
            tokio::task::yield_now().await;
            tokio::task::yield_now().await;
        }
        taken
    }
}

fn rate(requests: usize, seconds: u64) -> Rate {
    Rate::new(requests, Duration::from_secs(seconds))
}

const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[tokio::test(start_paused = true)]
async fn a_small_rate_is_kept_exactly_over_three_doors() {
    let doors = doors(3, rate(10, 60));
    let mut taken = 0;
    for round in 0..20 {
        taken += usize::from(doors[round % 3].take().await.is_ok());
    }
    assert_eq!(taken, 10);
    for door in &doors {
        assert_eq!(door.take().await, Err(seconds(6)));
    }
    advance(seconds(6)).await;
    assert_eq!(doors[1].take().await, Ok(()));
    assert_eq!(doors[2].take().await, Err(seconds(6)));
}

#[tokio::test(start_paused = true)]
async fn a_large_rate_is_taken_ahead_and_never_exceeded() {
    let doors = doors(3, rate(2_400, 2_400));
    let mut taken = 0;
    for door in &doors {
        taken += door.take_of(700).await;
    }
    assert_eq!(taken, 2_100);
    let asked = doors[0].store.commands(Part::Rate);
    assert!(asked < 30, "700 requests asked {asked} times");
    taken += doors[0].take_of(1_000).await;
    // What the others took ahead is theirs.
    assert!((2_200..=2_400).contains(&taken), "{taken}");
    let ahead = 2_400 - taken;
    let mut rest = 0;
    for door in &doors {
        rest += door.take_of(400).await;
    }
    assert_eq!(rest, ahead, "all of it is given, and no more");
}

#[tokio::test(start_paused = true)]
async fn what_was_taken_ahead_runs_out_and_little_is_taken_for_few() {
    let doors = doors(1, rate(800, 800));
    assert_eq!(doors[0].take_of(300).await, 300);
    advance(seconds(2)).await;
    assert!(doors[0].allowance.take_at_once(Instant::now()).is_none());
    // One in ten seconds is one command each, and nothing is wasted on it.
    let before = doors[0].store.commands(Part::Rate);
    for _ in 0..10 {
        advance(seconds(10)).await;
        assert_eq!(doors[0].take_of(1).await, 1);
    }
    let asked = doors[0].store.commands(Part::Rate) - before;
    assert!((10..=12).contains(&asked), "{asked}");
}

#[tokio::test(start_paused = true)]
async fn with_the_store_away_each_has_its_share_of_what_was_left() {
    for fault in [Fault::Away, Fault::ReadOnly, Fault::Late(seconds(3))] {
        let doors = doors(3, rate(12, 60));
        assert_eq!(doors[0].take_of(6).await, 6);
        for door in &doors {
            assert!(door.take().await.is_ok());
        }
        // Three of twelve are left; each has a third of that.
        let mut taken = 0;
        for door in &doors {
            for _ in 0..4 {
                door.store.fail(|faults| faults.once(Part::Rate, fault));
            }
            taken += door.take_of(6).await;
        }
        // Who asked first had seen more left than who asked last.
        assert!((3..=4).contains(&taken), "{taken} after {fault:?}");
        let refused = doors[0].take().await.unwrap_err();
        assert!(refused <= seconds(15) && !refused.is_zero(), "{refused:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_store_that_hangs_costs_one_request_its_budget_and_the_next_ones_nothing() {
    let doors = doors(1, rate(1_000, 1_000));
    doors[0].store.fail(|faults| faults.stands_still = true);
    let start = Instant::now();
    assert_eq!(doors[0].take().await, Ok(()));
    assert_eq!(start.elapsed(), BUDGET);
    for _ in 0..200 {
        assert_eq!(doors[0].take().await, Ok(()));
        advance(Duration::from_millis(20)).await;
    }
    assert_eq!(start.elapsed(), BUDGET + Duration::from_secs(4));
    doors[0].store.fail(|faults| faults.stands_still = false);
    // Asked beside the requests, it is found again.
    for _ in 0..3 {
        advance(seconds(1)).await;
        let _either = doors[0].take().await;
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    let before = doors[0].store.commands(Part::Rate);
    doors[0].take().await.unwrap();
    assert!(doors[0].store.commands(Part::Rate) > before);
}

#[tokio::test(start_paused = true)]
async fn who_gives_up_asking_leaves_it_to_the_next() {
    let doors = doors(1, rate(1_000, 1_000));
    doors[0]
        .store
        .fail(|faults| faults.once(Part::Rate, Fault::Late(seconds(1))));
    let gone = tokio::time::timeout(Duration::from_millis(1), doors[0].take()).await;
    assert!(gone.is_err());
    assert_eq!(doors[0].take_of(100).await, 100);
    let asked = doors[0].store.commands(Part::Rate);
    assert!(asked < 20, "in batches again: {asked}");
}

#[tokio::test(start_paused = true)]
async fn a_flushed_store_begins_with_a_full_bucket() {
    let doors = doors(2, rate(4, 60));
    assert_eq!(doors[0].take_of(5).await, 4);
    doors[1].store.flush();
    assert_eq!(doors[1].take_of(5).await, 4);
}

#[tokio::test(start_paused = true)]
async fn places_towards_a_vendor_are_given_in_turn_to_three_doors() {
    let doors = doors(3, rate(2, 10));
    let patience = seconds(12);
    let mut waits = Vec::new();
    for turn in 0..6 {
        waits.push(doors[turn % 3].reserve(patience).await);
    }
    let due = |at| Ok(seconds(at));
    assert_eq!(waits[..4], [due(0), due(0), due(5), due(10)]);
    assert_eq!(waits[4..], [Err(seconds(15)), Err(seconds(15))]);
    // What goes in any case is paid by those who come later.
    advance(seconds(20)).await;
    doors[0].allowance.count();
    tokio::task::yield_now().await;
    assert_eq!(doors[1].reserve(patience).await, due(0));
    assert_eq!(doors[1].reserve(patience).await, due(5));
    assert_eq!(doors[2].reserve(patience).await, due(10));
    doors[2].store.fail(|faults| faults.away = true);
    // As the fleet was: it waits for its share, which is a third.
    let alone = doors[2].reserve(seconds(100)).await.unwrap();
    assert!(alone >= seconds(15), "{alone:?}");
}

#[tokio::test(start_paused = true)]
async fn a_rate_of_one_process_needs_no_store() {
    let alone = Allowance::alone(rate(2, 10));
    let budget = StoreBudget::new(Duration::ZERO);
    let mut waits = Vec::new();
    for _ in 0..4 {
        waits.push(alone.reserve(seconds(5), &budget).await);
    }
    let zero = Ok(Duration::ZERO);
    assert_eq!(waits, [zero, zero, Ok(seconds(5)), Err(seconds(10))]);
}
