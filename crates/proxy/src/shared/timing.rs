//! The times of the protocol (docs/fleet.md says what each is for).

use std::time::Duration;

/// How long things take at most. All members of a fleet have the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Timing {
    /// A member serves from its cache for so long after it sent a beat.
    pub lease: Duration,
    /// A writer waits so long for members that say nothing: a lease, and a tenth for clocks that run wrong (it
    /// stands two clocks that go wrong by 4.7 % each).
    pub wait: Duration,
    /// The longest time between two beats.
    pub beat: Duration,
    /// A beat without a reply is given up, and its connection with it.
    pub beat_timeout: Duration,
    /// For how long a write can still be applied after it began: the deadline of the vendor calls and the hold of
    /// an unknown outcome.
    pub keep: Duration,
}

impl Timing {
    pub const LEASE: Duration = Duration::from_secs(1);
    /// See [`Timing::wait`].
    pub const WAIT: Duration = Duration::from_millis(1100);
    pub const BEAT: Duration = Duration::from_millis(250);

    /// For writes that can be applied for `keep` after they began.
    #[must_use]
    pub fn new(keep: Duration) -> Self {
        Self {
            lease: Self::LEASE,
            wait: Self::WAIT,
            beat: Self::BEAT,
            beat_timeout: Self::BEAT,
            keep,
        }
    }

    /// How long an entry stays in the journal: twice the longest life of a write, two leases, and some.
    /// Trimmed earlier, a joining member would miss a hold.
    #[must_use]
    pub fn retention(&self) -> Duration {
        (self.keep + self.lease) * 2 + self.lease * 8
    }

    /// Behind the reply to a `begin` that no `end` followed: then it is held everywhere.
    #[must_use]
    pub fn late_hold(&self) -> Duration {
        self.wait * 2
    }
}
