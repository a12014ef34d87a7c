//! How often a caller may ask.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::settings::QuotaSettings;

/// A bucket that holds `requests` and fills up in `per`, kept as one moment (the "generic cell rate
/// algorithm"): nothing has to run while nobody asks.
pub struct Quota {
    per: Duration,
    one: Duration,
    /// When the bucket will be full again.
    full: Mutex<Option<Instant>>,
}

impl Quota {
    #[must_use]
    pub fn new(settings: QuotaSettings) -> Self {
        let requests = u32::try_from(settings.requests).unwrap_or(u32::MAX).max(1);
        Self {
            per: settings.per,
            one: settings.per / requests,
            full: Mutex::new(None),
        }
    }

    /// Takes one request out.
    ///
    /// # Errors
    /// How long until there is one again.
    pub fn take(&self, now: Instant) -> Result<(), Duration> {
        // A moment is whole after any panic.
        let mut full = self.full.lock().unwrap_or_else(PoisonError::into_inner);
        let after = full.map_or(now, |full| full.max(now)) + self.one;
        let ahead = after - now;
        if ahead > self.per {
            return Err(ahead - self.per);
        }
        *full = Some(after);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_bucket_empties_at_once_and_fills_with_time() {
        let quota = Quota::new(QuotaSettings {
            requests: 4,
            per: SECOND * 8,
        });
        let start = Instant::now();
        for _ in 0..4 {
            assert_eq!(quota.take(start), Ok(()));
        }
        assert_eq!(quota.take(start), Err(SECOND * 2));
        assert_eq!(
            quota.take(start + SECOND),
            Err(SECOND),
            "a refusal costs nothing"
        );
        assert_eq!(quota.take(start + SECOND * 2), Ok(()));
        assert_eq!(quota.take(start + SECOND * 2), Err(SECOND * 2));
        for _ in 0..4 {
            assert_eq!(
                quota.take(start + SECOND * 60),
                Ok(()),
                "and never holds more"
            );
        }
        assert!(quota.take(start + SECOND * 60).is_err());
    }
}
