//! How long an answer is good for, and for what. Ages run on the monotonic clock.

use std::time::{Duration, Instant};

/// The three times of a cache rule (RFC 9111 §4.2, RFC 5861).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lifetimes {
    pub ttl: Duration,
    /// After `ttl`: the old answer goes out at once while one refresh runs.
    pub stale_while_revalidate: Duration,
    /// After `ttl`: the old answer goes out where the vendor times out, cannot be reached or fails.
    pub stale_if_error: Duration,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    Fresh,
    /// Good to serve while a refresh runs, and on an error.
    Stale,
    /// Good to serve on an error only.
    OnError,
    Dead,
}

impl Lifetimes {
    /// The same with a `ttl` that is up to a tenth shorter, so that a fleet which filled its caches
    /// together does not ask the vendor together. `random` picks from the whole range of the type.
    #[must_use]
    pub fn jittered(self, random: u16) -> Self {
        let cut = self
            .ttl
            .mul_f64(0.1 * f64::from(random) / f64::from(u16::MAX));
        Self {
            ttl: self.ttl.saturating_sub(cut),
            ..self
        }
    }

    #[must_use]
    pub fn at(&self, age: Duration) -> Freshness {
        let Some(over) = age.checked_sub(self.ttl) else {
            return Freshness::Fresh;
        };
        if over < self.stale_while_revalidate {
            Freshness::Stale
        } else if over < self.stale_if_error {
            Freshness::OnError
        } else {
            Freshness::Dead
        }
    }

    /// After this age an entry is of no use.
    #[must_use]
    pub fn end(&self) -> Duration {
        self.ttl
            .saturating_add(self.stale_while_revalidate.max(self.stale_if_error))
    }

    /// Whole seconds of freshness that are left; negative when stale (RFC 9211 §2.4).
    #[must_use]
    pub fn left(&self, age: Duration) -> i64 {
        let seconds = |time: Duration| i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
        seconds(self.ttl) - seconds(age)
    }
}

/// The age at `now` of what was asked for at `start`: never negative.
#[must_use]
pub fn age(start: Instant, now: Instant) -> Duration {
    now.saturating_duration_since(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn times(ttl: u32, revalidate: u32, error: u32) -> Lifetimes {
        Lifetimes {
            ttl: SECOND * ttl,
            stale_while_revalidate: SECOND * revalidate,
            stale_if_error: SECOND * error,
        }
    }

    #[test]
    fn an_entry_is_fresh_then_stale_then_for_errors_then_dead() {
        let times = times(10, 5, 60);
        let moment = Duration::from_nanos(1);
        for (age, expected) in [
            (Duration::ZERO, Freshness::Fresh),
            (SECOND * 10 - moment, Freshness::Fresh),
            (SECOND * 10, Freshness::Stale),
            (SECOND * 15 - moment, Freshness::Stale),
            (SECOND * 15, Freshness::OnError),
            (SECOND * 70 - moment, Freshness::OnError),
            (SECOND * 70, Freshness::Dead),
            (Duration::MAX, Freshness::Dead),
        ] {
            assert_eq!(times.at(age), expected, "{age:?}");
        }
        assert_eq!(times.end(), SECOND * 70);
    }

    #[test]
    fn without_stale_times_an_entry_dies_with_its_ttl() {
        assert_eq!(times(10, 0, 0).at(SECOND * 10), Freshness::Dead);
        assert_eq!(times(0, 0, 0).at(Duration::ZERO), Freshness::Dead);
    }

    #[test]
    fn jitter_only_shortens_and_by_a_tenth_at_most() {
        let times = times(100, 5, 60);
        assert_eq!(times.jittered(0), times);
        assert_eq!(times.jittered(u16::MAX).ttl, SECOND * 90);
        let middle = times.jittered(u16::MAX / 2).ttl;
        assert!(SECOND * 94 < middle && middle < SECOND * 96, "{middle:?}");
        assert_eq!(
            times.jittered(u16::MAX).stale_if_error,
            times.stale_if_error
        );
    }

    #[test]
    fn what_is_left_can_be_negative() {
        assert_eq!(times(10, 5, 0).left(SECOND * 4), 6);
        assert_eq!(times(10, 5, 0).left(SECOND * 13), -3);
    }

    #[test]
    fn a_clock_that_jumps_gives_no_negative_age() {
        let now = Instant::now();
        assert_eq!(age(now + SECOND, now), Duration::ZERO);
        assert_eq!(age(now, now + SECOND), SECOND);
    }
}
