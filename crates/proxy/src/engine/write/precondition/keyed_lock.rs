//! Conditional writes to one resource follow each other: of two that name the same entity tag only one can
//! hold, since the second is compared with what the first has written.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::OwnedMutexGuard;
use tokio::time::{Instant, timeout_at};

type Lock = Arc<tokio::sync::Mutex<()>>;

/// One lock for each resource that a conditional write is at. Grows and shrinks with the requests under way.
#[derive(Debug, Default)]
pub struct KeyedLock(Mutex<HashMap<String, Lock>>);

/// Holds the lock of one key until it is dropped.
#[derive(Debug)]
pub struct KeyedGuard<'l> {
    locks: &'l KeyedLock,
    key: String,
    lock: Option<Lock>,
    guard: Option<OwnedMutexGuard<()>>,
}

impl KeyedLock {
    /// Waits for the lock of a key, at the latest until `deadline`; then `None`.
    pub async fn lock(&self, key: String, deadline: Instant) -> Option<KeyedGuard<'_>> {
        let lock = self.all().entry(key.clone()).or_default().clone();
        let mut guard = KeyedGuard {
            locks: self,
            key,
            lock: Some(lock.clone()),
            guard: None,
        };
        guard.guard = Some(timeout_at(deadline, lock.lock_owned()).await.ok()?);
        Some(guard)
    }

    fn all(&self) -> MutexGuard<'_, HashMap<String, Lock>> {
        // Nothing panics while the map is locked.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for KeyedGuard<'_> {
    fn drop(&mut self) {
        let mut all = self.locks.all();
        self.guard = None;
        self.lock = None;
        // New users come while the map is locked, so that a lock which only the map has is nobody's.
        let is_unused = |lock: &Lock| Arc::strong_count(lock) == 1;
        if all.get(&self.key).is_some_and(is_unused) {
            all.remove(&self.key);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn soon() -> Instant {
        Instant::now() + Duration::from_millis(10)
    }

    #[tokio::test(start_paused = true)]
    async fn one_after_the_other_and_nothing_is_left() {
        let locks = KeyedLock::default();
        let first = locks.lock("a".to_owned(), soon()).await;
        assert!(first.is_some());
        assert!(locks.lock("b".to_owned(), soon()).await.is_some());
        assert!(locks.lock("a".to_owned(), soon()).await.is_none());
        assert_eq!(locks.all().len(), 1);
        let (second, ()) = tokio::join!(locks.lock("a".to_owned(), soon()), async {
            tokio::task::yield_now().await;
            drop(first);
        });
        assert!(second.is_some());
        drop(second);
        assert!(locks.all().is_empty());
    }
}
