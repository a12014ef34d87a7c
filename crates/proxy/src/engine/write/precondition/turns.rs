//! Conditional writes to one resource take turns: of two that name the same entity tag only one can
//! hold, since the second is compared with what the first has written.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::OwnedMutexGuard;
use tokio::time::{Instant, timeout_at};

type Place = Arc<tokio::sync::Mutex<()>>;

/// The resources that a conditional write is at. Grows and shrinks with the requests under way.
#[derive(Debug, Default)]
pub struct Turns(Mutex<HashMap<String, Place>>);

/// A turn; it ends when it is dropped.
#[derive(Debug)]
pub struct Turn<'t> {
    turns: &'t Turns,
    key: String,
    place: Option<Place>,
    guard: Option<OwnedMutexGuard<()>>,
}

impl Turns {
    /// Waits for the turn, at the latest until `deadline`; then `None`.
    pub async fn take(&self, key: String, deadline: Instant) -> Option<Turn<'_>> {
        let place = self.lock().entry(key.clone()).or_default().clone();
        let mut turn = Turn {
            turns: self,
            key,
            place: Some(place.clone()),
            guard: None,
        };
        turn.guard = Some(timeout_at(deadline, place.lock_owned()).await.ok()?);
        Some(turn)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Place>> {
        // Nothing panics while the lock is held.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut places = self.turns.lock();
        self.guard = None;
        self.place = None;
        // New users come under the lock alone, so that a place of the list alone has none.
        let is_unused = |place: &Place| Arc::strong_count(place) == 1;
        if places.get(&self.key).is_some_and(is_unused) {
            places.remove(&self.key);
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
        let turns = Turns::default();
        let first = turns.take("a".to_owned(), soon()).await;
        assert!(first.is_some());
        assert!(turns.take("b".to_owned(), soon()).await.is_some());
        assert!(turns.take("a".to_owned(), soon()).await.is_none());
        assert_eq!(turns.lock().len(), 1);
        let (second, ()) = tokio::join!(turns.take("a".to_owned(), soon()), async {
            tokio::task::yield_now().await;
            drop(first);
        });
        assert!(second.is_some());
        drop(second);
        assert!(turns.lock().is_empty());
    }
}
