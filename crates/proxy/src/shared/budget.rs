//! What one request may wait for the store, all commands together.

use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::time::{Instant, timeout};

use super::store::StoreError;

/// Without one budget for all, a store that hangs would cost its time once for each command: for the quota, the
/// key, the begin and the end of a write.
#[derive(Debug)]
pub struct StoreBudget {
    nanos: AtomicU64,
}

impl StoreBudget {
    #[must_use]
    pub fn new(time: Duration) -> Self {
        Self {
            nanos: AtomicU64::new(nanos(time)),
        }
    }

    #[must_use]
    pub fn left(&self) -> Duration {
        Duration::from_nanos(self.nanos.load(Ordering::Relaxed))
    }

    /// Runs a command for as long as there is time.
    ///
    /// # Errors
    /// Its own, or that the time is over.
    pub async fn spend<T>(
        &self,
        command: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        let (started, left) = (Instant::now(), self.left());
        if left.is_zero() {
            return Err(StoreError::Timeout);
        }
        let result = timeout(left, command).await;
        let spent = nanos(started.elapsed());
        let _ = self
            .nanos
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
                Some(left.saturating_sub(spent))
            });
        result.unwrap_or(Err(StoreError::Timeout))
    }
}

fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_store_that_hangs_costs_the_budget_once() {
        let budget = StoreBudget::new(Duration::from_millis(25));
        let started = Instant::now();
        let quick = budget.spend(async {
            tokio::time::sleep(Duration::from_millis(10)).await;
            Ok(1)
        });
        assert_eq!(quick.await, Ok(1));
        for _ in 0..4 {
            let hangs = std::future::pending::<Result<(), StoreError>>();
            assert_eq!(budget.spend(hangs).await, Err(StoreError::Timeout));
        }
        assert_eq!(started.elapsed(), Duration::from_millis(25));
    }
}
