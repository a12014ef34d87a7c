//! The clock of leases: it runs on while the machine is suspended. That of the standard library stops then, and a
//! lease would outlive the waits of the other members.

use std::ops::Add;
use std::sync::OnceLock;
use std::time::Duration;

use tokio::time::Instant;

/// A moment since the machine was started, to the nanosecond.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BootInstant(u64);

/// Where moments come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Clock {
    Boot,
    /// The one of tokio, which a test stops and moves.
    Tokio,
}

impl BootInstant {
    #[must_use]
    pub const fn from_nanos(nanos: u64) -> Self {
        Self(nanos)
    }

    #[must_use]
    pub const fn as_nanos(self) -> u64 {
        self.0
    }

    /// Nothing, if the other one is later.
    #[must_use]
    pub const fn saturating_duration_since(self, earlier: Self) -> Duration {
        Duration::from_nanos(self.0.saturating_sub(earlier.0))
    }
}

impl Add<Duration> for BootInstant {
    type Output = Self;

    fn add(self, time: Duration) -> Self {
        let nanos = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        Self(self.0.saturating_add(nanos))
    }
}

impl Clock {
    #[must_use]
    pub fn now(self) -> BootInstant {
        match self {
            Self::Boot => boot_time(),
            Self::Tokio => {
                static START: OnceLock<Instant> = OnceLock::new();
                let now = Instant::now();
                let start = START.get_or_init(|| now);
                // Not at 0, so that there is something before it.
                let since = now.saturating_duration_since(*start);
                BootInstant(1 << 40) + since
            }
        }
    }
}

fn boot_time() -> BootInstant {
    use rustix::time::{ClockId, clock_gettime};
    // `CLOCK_MONOTONIC` runs on in a suspended machine everywhere but on Linux.
    #[cfg(target_os = "linux")]
    const ID: ClockId = ClockId::Boottime;
    #[cfg(not(target_os = "linux"))]
    const ID: ClockId = ClockId::Monotonic;
    let time = clock_gettime(ID);
    let seconds = u64::try_from(time.tv_sec).unwrap_or(0);
    let nanos = u64::try_from(time.tv_nsec).unwrap_or(0);
    BootInstant(seconds.saturating_mul(1_000_000_000).saturating_add(nanos))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_runs_and_does_not_go_back() {
        let (first, second) = (Clock::Boot.now(), Clock::Boot.now());
        assert!(second >= first && first.as_nanos() > 0);
        assert_eq!(
            first.saturating_duration_since(first + Duration::from_secs(1)),
            Duration::ZERO
        );
    }
}
