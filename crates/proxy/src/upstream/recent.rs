//! What became of a vendor's last calls. Written at the end of each without a lock, and read by who looks at `/status`.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// Older calls say nothing of now.
pub const WINDOW: Duration = Duration::from_secs(300);
/// So many calls are kept: enough for a p95, and 2 KiB.
pub const MOST_CALLS: usize = 256;

pub struct Recent {
    opened: Instant,
    next: AtomicUsize,
    slots: [AtomicU64; MOST_CALLS],
    /// The last call failed. Only then does a success touch the lock.
    failing: AtomicBool,
    trouble: Mutex<Trouble>,
}

/// Failures are few, so that this may be behind a lock.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trouble {
    /// The first of the failures after which there was no success yet, and how many they are.
    pub since: Option<Instant>,
    pub in_a_row: usize,
    pub last: Option<(Instant, String)>,
    /// The first success after the last failure.
    pub recovered: Option<Instant>,
}

/// The calls of the last minutes.
#[derive(Debug, Clone, PartialEq)]
pub struct Calls {
    pub count: usize,
    pub failed: usize,
    pub first_failure: Option<Instant>,
    /// `None` without calls.
    pub p50: Option<Duration>,
    pub p95: Option<Duration>,
}

// One call in one word, so that none is seen half: used, failed, seconds since the opening, and its time in units
// of 10 µs.
const USED: u64 = 1 << 63;
const FAILED: u64 = 1 << 62;
const SECONDS: u64 = (1 << 30) - 1;
const UNIT_MICROS: u128 = 10;

impl Recent {
    pub fn new() -> Self {
        Self {
            opened: Instant::now(),
            next: AtomicUsize::new(0),
            slots: [const { AtomicU64::new(0) }; MOST_CALLS],
            failing: AtomicBool::new(false),
            trouble: Mutex::default(),
        }
    }

    pub const fn opened(&self) -> Instant {
        self.opened
    }

    /// A call ended that took `elapsed`; `failure` is why the vendor could not be said to work.
    pub fn add(&self, elapsed: Duration, failure: Option<String>) {
        let now = Instant::now();
        let second = now.duration_since(self.opened).as_secs().min(SECONDS);
        let units = elapsed.as_micros() / UNIT_MICROS;
        let units = u64::from(u32::try_from(units).unwrap_or(u32::MAX));
        let failed = if failure.is_some() { FAILED } else { 0 };
        let next = self.next.fetch_add(1, Ordering::Relaxed);
        if let Some(slot) = self.slots.get(next % MOST_CALLS) {
            slot.store(USED | failed | second << 32 | units, Ordering::Relaxed);
        }
        match failure {
            Some(why) => {
                let mut trouble = self.lock();
                trouble.since.get_or_insert(now);
                trouble.in_a_row += 1;
                trouble.last = Some((now, why));
                self.failing.store(true, Ordering::Relaxed);
            }
            None if self.failing.load(Ordering::Relaxed) => {
                let mut trouble = self.lock();
                trouble.since = None;
                trouble.in_a_row = 0;
                trouble.recovered = Some(now);
                self.failing.store(false, Ordering::Relaxed);
            }
            None => {}
        }
    }

    pub fn trouble(&self) -> Trouble {
        self.lock().clone()
    }

    /// What the calls of the last [`WINDOW`] came to, at most [`MOST_CALLS`].
    pub fn calls(&self) -> Calls {
        let now = Instant::now();
        let mut times: Vec<u64> = Vec::new();
        let (mut failed, mut first_failure) = (0, None);
        for slot in &self.slots {
            let word = slot.load(Ordering::Relaxed);
            let at = self.opened + Duration::from_secs(word >> 32 & SECONDS);
            if word & USED == 0 || now.duration_since(at) > WINDOW {
                continue;
            }
            times.push(word & u64::from(u32::MAX));
            if word & FAILED != 0 {
                failed += 1;
                first_failure = Some(first_failure.map_or(at, |first: Instant| first.min(at)));
            }
        }
        times.sort_unstable();
        // The nearest rank: a time that a call really took.
        let quantile = |percent: usize| {
            let rank = (times.len() * percent).div_ceil(100).saturating_sub(1);
            let units = times.get(rank)?;
            Some(Duration::from_micros(units * 10))
        };
        Calls {
            count: times.len(),
            failed,
            first_failure,
            p50: quantile(50),
            p95: quantile(95),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Trouble> {
        // Each change is whole before anything could panic.
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn quantiles_are_times_that_calls_took_and_old_calls_leave() {
        let recent = Recent::new();
        assert_eq!((recent.calls().count, recent.calls().p50), (0, None));
        for millis in 1..=100 {
            let why = (millis == 7).then(|| "lost".to_owned());
            recent.add(Duration::from_millis(millis), why);
        }
        let calls = recent.calls();
        assert_eq!((calls.count, calls.failed), (100, 1));
        assert_eq!(calls.p50, Some(Duration::from_millis(50)));
        assert_eq!(calls.p95, Some(Duration::from_millis(95)));
        tokio::time::advance(WINDOW + Duration::from_secs(2)).await;
        assert_eq!(recent.calls().count, 0);
        for _ in 0..MOST_CALLS * 2 {
            recent.add(Duration::from_secs(90_000), None);
        }
        assert_eq!(recent.calls().count, MOST_CALLS);
    }

    #[tokio::test(start_paused = true)]
    async fn a_row_of_failures_begins_with_the_first_and_ends_with_a_success() {
        let recent = Recent::new();
        recent.add(Duration::ZERO, None);
        assert_eq!(recent.trouble(), Trouble::default());
        tokio::time::advance(Duration::from_secs(5)).await;
        let first = Instant::now();
        for why in ["lost", "timeout"] {
            recent.add(Duration::ZERO, Some(why.to_owned()));
            tokio::time::advance(Duration::from_secs(5)).await;
        }
        let trouble = recent.trouble();
        assert_eq!((trouble.since, trouble.in_a_row), (Some(first), 2));
        assert_eq!(trouble.last.unwrap().1, "timeout");
        recent.add(Duration::ZERO, None);
        let trouble = recent.trouble();
        assert_eq!((trouble.since, trouble.in_a_row), (None, 0));
        assert_eq!(trouble.recovered, Some(Instant::now()));
    }
}
