//! At most so many in such a time, as a bucket that fills up evenly (the "generic cell rate algorithm"): kept as
//! one moment, so that nothing has to run while nobody asks. Pure; the store's script does the same.

use std::time::Duration;

/// A bucket that holds `requests` and fills up in `per`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Rate {
    /// At least 1.
    pub requests: u32,
    pub per: Duration,
}

/// Nobody waits longer for a place.
pub const LONGEST_WAIT: Duration = Duration::from_secs(600);

/// What somebody wants of a bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Want {
    /// So many, or as many as there are.
    UpTo(u32),
    /// One, which may come so much later: its place is kept for it.
    Within(Duration),
    /// One in any case. What is too much is paid by those who come later, up to one bucket.
    Forced,
}

/// A rate, or the share of it that one of several has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Pace {
    /// The time of one request.
    one: Duration,
    /// The time in which an empty bucket fills up.
    whole: Duration,
}

/// What a bucket gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Grant {
    pub permits: u32,
    /// With permits: how long until they may be used. Without: how long until there is one.
    pub wait: Duration,
    /// How long until the bucket is full.
    pub ahead: Duration,
}

impl Rate {
    #[must_use]
    pub fn new(requests: usize, per: Duration) -> Self {
        Self {
            requests: u32::try_from(requests).unwrap_or(u32::MAX).max(1),
            per,
        }
    }

    /// What each of so many has. Everybody has at least one request in its bucket: a share of less would be none.
    #[must_use]
    pub fn share(self, sharers: u32) -> Pace {
        let nanos = self.per.as_nanos() * u128::from(sharers.max(1));
        let one = nanos / u128::from(self.requests.max(1));
        let one = Duration::from_nanos(u64::try_from(one).unwrap_or(u64::MAX).max(1));
        Pace {
            one,
            whole: self.per.max(one),
        }
    }

    /// The whole of it.
    #[must_use]
    pub fn pace(self) -> Pace {
        self.share(1)
    }
}

impl Pace {
    /// The time of one request.
    #[must_use]
    pub const fn one(self) -> Duration {
        self.one
    }

    /// The time in which an empty bucket fills up.
    #[must_use]
    pub const fn whole(self) -> Duration {
        self.whole
    }

    /// Takes what is wanted out of a bucket that is full in `ahead`.
    #[must_use]
    pub fn grant(self, ahead: Duration, want: Want) -> Grant {
        // Nobody waits for so long: the clock was put back, which must not close the bucket until it is there again.
        let ahead = if ahead > self.whole * 2 + LONGEST_WAIT {
            self.whole
        } else {
            ahead
        };
        let after = ahead.saturating_add(self.one);
        let wait = after.saturating_sub(self.whole);
        let one = |wait| Grant {
            permits: 1,
            wait,
            ahead: after,
        };
        match want {
            Want::UpTo(most) if wait.is_zero() => {
                let room = self.whole.saturating_sub(ahead).as_nanos() / self.one.as_nanos();
                let permits = most.min(u32::try_from(room).unwrap_or(u32::MAX));
                Grant {
                    permits,
                    wait: Duration::ZERO,
                    ahead: ahead + self.one * permits,
                }
            }
            Want::Within(patience) if wait <= patience => one(wait),
            Want::Forced => Grant {
                ahead: after.min(self.whole * 2).max(ahead),
                ..one(Duration::ZERO)
            },
            Want::UpTo(_) | Want::Within(_) => Grant {
                permits: 0,
                wait,
                ahead,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn pace() -> Pace {
        Rate::new(4, SECOND * 8).pace()
    }

    fn grant(permits: u32, wait: u32, ahead: u32) -> Grant {
        Grant {
            permits,
            wait: SECOND * wait,
            ahead: SECOND * ahead,
        }
    }

    #[test]
    fn a_bucket_gives_what_it_has_and_says_when_there_is_more() {
        assert_eq!(pace().grant(Duration::ZERO, Want::UpTo(1)), grant(1, 0, 2));
        assert_eq!(pace().grant(SECOND * 2, Want::UpTo(9)), grant(3, 0, 8));
        assert_eq!(pace().grant(SECOND * 8, Want::UpTo(9)), grant(0, 2, 8));
        assert_eq!(pace().grant(SECOND * 7, Want::UpTo(1)), grant(0, 1, 7));
        assert_eq!(pace().grant(SECOND * 5, Want::UpTo(0)), grant(0, 0, 5));
    }

    #[test]
    fn a_place_is_kept_for_who_can_wait_for_it() {
        assert_eq!(
            pace().grant(SECOND * 8, Want::Within(SECOND * 2)),
            grant(1, 2, 10)
        );
        assert_eq!(
            pace().grant(SECOND * 10, Want::Within(SECOND * 2)),
            grant(0, 4, 10)
        );
    }

    #[test]
    fn what_is_forced_is_paid_for_later_and_not_for_ever() {
        let mut ahead = SECOND * 8;
        for _ in 0..100 {
            let forced = pace().grant(ahead, Want::Forced);
            assert_eq!((forced.permits, forced.wait), (1, Duration::ZERO));
            ahead = forced.ahead;
        }
        assert_eq!(ahead, SECOND * 16);
    }

    #[test]
    fn shares_are_the_whole_together_and_none_is_nothing() {
        let rate = Rate::new(10, SECOND * 10);
        let share = rate.share(3);
        let got = share.grant(Duration::ZERO, Want::UpTo(10));
        assert_eq!(got.permits, 3);
        let thin = rate.share(40);
        let first = thin.grant(Duration::ZERO, Want::UpTo(10));
        assert_eq!(first.permits, 1);
        let second = thin.grant(first.ahead, Want::UpTo(1));
        assert_eq!((second.permits, second.wait), (0, SECOND * 40));
    }

    #[test]
    fn a_clock_that_was_put_back_closes_no_bucket_for_long() {
        let refused = pace().grant(SECOND * 100_000, Want::UpTo(1));
        assert_eq!(refused, grant(0, 2, 8));
        let kept = pace().grant(SECOND * 100, Want::Within(SECOND * 94));
        assert_eq!(kept, grant(1, 94, 102), "a place that is waited for");
    }
}
