//! The bulkhead of one upstream: so many calls at once, so many waiting, none of them for long.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout_at};

/// What one upstream may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueueSettings {
    /// Calls at once. A vendor that hangs holds at most so many.
    pub concurrency: usize,
    /// Calls that wait for a place; reads fill at most half, so that they are shed before writes.
    pub waiting: usize,
    /// The longest wait.
    pub wait: Duration,
}

impl Default for QueueSettings {
    fn default() -> Self {
        Self {
            concurrency: 64,
            waiting: 512,
            wait: Duration::from_secs(1),
        }
    }
}

pub struct Queue {
    settings: QueueSettings,
    places: Arc<Semaphore>,
    waiting: AtomicUsize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shed {
    Full,
    WaitedTooLong,
}

impl Queue {
    pub fn new(settings: QueueSettings) -> Self {
        Self {
            places: Arc::new(Semaphore::new(settings.concurrency)),
            settings,
            waiting: AtomicUsize::new(0),
        }
    }

    /// A place for one call; dropping it frees the place.
    pub async fn enter(
        &self,
        write: bool,
        deadline: Instant,
    ) -> Result<OwnedSemaphorePermit, Shed> {
        if let Ok(place) = self.places.clone().try_acquire_owned() {
            return Ok(place);
        }
        let _waiting = self.place(self.room(write))?;
        let until = deadline.min(Instant::now() + self.settings.wait);
        match timeout_at(until, self.places.clone().acquire_owned()).await {
            Ok(Ok(place)) => Ok(place),
            // The semaphore is never closed; were it, nobody could be served.
            Ok(Err(_)) => Err(Shed::Full),
            Err(_) => Err(Shed::WaitedTooLong),
        }
    }

    /// A place among those who wait, until it is dropped; for what must come before a call, so there is
    /// one even where no call may wait.
    pub fn wait(&self, write: bool) -> Result<Waiting<'_>, Shed> {
        self.place(self.room(write).max(1))
    }

    fn room(&self, write: bool) -> usize {
        if write {
            self.settings.waiting
        } else {
            self.settings.waiting / 2
        }
    }

    fn place(&self, room: usize) -> Result<Waiting<'_>, Shed> {
        let waiting = Waiting::new(&self.waiting);
        if waiting.before < room {
            Ok(waiting)
        } else {
            Err(Shed::Full)
        }
    }

    pub fn in_flight(&self) -> usize {
        self.settings
            .concurrency
            .saturating_sub(self.places.available_permits())
    }
}

/// Counts one waiter until it is dropped, also when its future is.
pub struct Waiting<'q> {
    counter: &'q AtomicUsize,
    before: usize,
}

impl<'q> Waiting<'q> {
    fn new(counter: &'q AtomicUsize) -> Self {
        Self {
            before: counter.fetch_add(1, Ordering::AcqRel),
            counter,
        }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.counter.fetch_sub(1, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn queue() -> Queue {
        Queue::new(QueueSettings {
            concurrency: 1,
            waiting: 2,
            wait: Duration::from_millis(20),
        })
    }

    fn later() -> Instant {
        Instant::now() + Duration::from_secs(5)
    }

    #[tokio::test]
    async fn a_place_that_is_freed_goes_to_a_waiter() {
        let queue = queue();
        let place = queue.enter(false, later()).await.unwrap();
        assert_eq!(queue.in_flight(), 1);
        let (waiter, ()) = tokio::join!(queue.enter(false, later()), async { drop(place) });
        assert!(waiter.is_ok());
    }

    #[tokio::test]
    async fn reads_are_shed_before_writes() {
        let queue = queue();
        let _place = queue.enter(false, later()).await.unwrap();
        let (first, read, write, last) = tokio::join!(
            queue.enter(false, later()),
            queue.enter(false, later()),
            queue.enter(true, later()),
            queue.enter(true, later()),
        );
        assert_eq!(first.err(), Some(Shed::WaitedTooLong));
        assert_eq!(
            read.err(),
            Some(Shed::Full),
            "half of the queue is for reads"
        );
        // The read that was shed had left again before the write came.
        assert_eq!(write.err(), Some(Shed::WaitedTooLong));
        assert_eq!(last.err(), Some(Shed::Full));
    }

    #[tokio::test]
    async fn a_waiter_who_leaves_frees_its_seat() {
        let queue = queue();
        let _place = queue.enter(true, later()).await.unwrap();
        for _ in 0..10 {
            let left =
                tokio::time::timeout(Duration::from_millis(1), queue.enter(true, later())).await;
            assert!(left.is_err());
        }
        assert_eq!(queue.waiting.load(Ordering::Acquire), 0);
    }
}
