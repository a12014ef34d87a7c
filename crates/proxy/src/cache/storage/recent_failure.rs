//! A failure of the vendor that is remembered with the entry it did not refresh.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Remembers that the vendor failed, so that a stale entry does not send every request to a vendor
/// that is down.
#[derive(Debug, Default)]
pub struct RecentFailure {
    /// Milliseconds of the entry's age until which nobody asks; 0 is never.
    until: AtomicU64,
}

impl RecentFailure {
    /// The vendor failed when the entry was of this age; nobody asks for `pause`.
    pub fn remember(&self, age: Duration, pause: Duration) {
        self.until
            .fetch_max(millis(age.saturating_add(pause)), Ordering::Relaxed);
    }

    #[must_use]
    pub fn is_remembered(&self, age: Duration) -> bool {
        millis(age) < self.until.load(Ordering::Relaxed)
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_failure_is_remembered_for_its_pause() {
        let failure = RecentFailure::default();
        assert!(!failure.is_remembered(Duration::ZERO));
        failure.remember(SECOND * 20, SECOND * 5);
        assert!(failure.is_remembered(SECOND * 24));
        assert!(!failure.is_remembered(SECOND * 25));
        failure.remember(SECOND, SECOND);
        assert!(
            failure.is_remembered(SECOND * 24),
            "an earlier one does not shorten it"
        );
    }
}
