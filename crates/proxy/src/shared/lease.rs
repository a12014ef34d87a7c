//! Until when a member may serve from its cache.

use std::sync::atomic::{AtomicU64, Ordering};

use super::clock::{BootInstant, Clock};

/// Of one member and account; granted by its beats, asked by its reads.
#[derive(Debug)]
pub struct Lease {
    until: AtomicU64,
    clock: Clock,
}

/// One that was given up: it is over, and is not granted again.
const GIVEN_UP: u64 = 1;

impl Lease {
    /// One that is not granted yet.
    #[must_use]
    pub const fn new(clock: Clock) -> Self {
        Self {
            until: AtomicU64::new(0),
            clock,
        }
    }

    /// Whether what the cache holds may be looked at by a request that is here already. The clock is read first:
    /// the other way round a read could come between a lease that ends and a write that no longer waits for it.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        let now = self.clock.now();
        now.as_nanos() < self.until.load(Ordering::SeqCst)
    }

    /// Grants it until then. All that the grant rests on must have reached the fence before.
    pub fn grant(&self, until: BootInstant) {
        let _given_up = self
            .until
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |now| {
                (now != GIVEN_UP).then_some(until.as_nanos())
            });
    }

    /// Ends it for good; before the member leaves, since no write waits for it afterwards.
    pub fn give_up(&self) {
        self.until.store(GIVEN_UP, Ordering::SeqCst);
    }

    #[must_use]
    pub fn until(&self) -> BootInstant {
        BootInstant::from_nanos(self.until.load(Ordering::SeqCst))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_lease_ends_with_its_time_and_is_given_up_once() {
        let lease = Lease::new(Clock::Tokio);
        assert!(!lease.is_valid());
        lease.grant(Clock::Tokio.now() + Duration::from_secs(1));
        tokio::time::advance(Duration::from_millis(999)).await;
        assert!(lease.is_valid());
        tokio::time::advance(Duration::from_millis(1)).await;
        assert!(!lease.is_valid());
        lease.grant(Clock::Tokio.now() + Duration::from_secs(1));
        lease.give_up();
        assert!(!lease.is_valid());
        lease.grant(Clock::Tokio.now() + Duration::from_secs(1));
        assert!(
            !lease.is_valid(),
            "a beat that was under way changes nothing"
        );
    }
}
