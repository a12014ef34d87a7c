//! What the bodies of all requests together may hold in memory (`limits.bodies`).
//!
//! A body counts by the bytes that are held for it, from its first chunk until its request ends: its JSON
//! and its encoded form live as long. Where nothing is left a reader waits, and reads no further meanwhile.
//! Who waited [`MAX_WAIT`] in vain has room made: by those who hold bytes and send hardly anything more, else by
//! the latest of those who wait. So of many who each hold a part the first come to their end, and a few who
//! hold much and send nothing cannot keep everybody out.

mod ledger;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
use tokio::time::{Instant, timeout_at};

pub use ledger::MAX_WAIT;
use ledger::{Ledger, Reading};

/// The budget; it outlives a reload.
pub struct BodyBudget(Arc<Shared>);

struct Shared {
    state: Mutex<Ledger>,
}

/// Everything is taken, and this body must go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exhausted;

/// What one body holds; dropped, it is free again.
pub struct Share {
    shared: Arc<Shared>,
    number: u64,
    held: usize,
    notify: Arc<Notify>,
}

impl BodyBudget {
    #[must_use]
    pub fn new(limit: usize) -> Self {
        Self(Arc::new(Shared {
            state: Mutex::new(Ledger {
                limit,
                ..Ledger::default()
            }),
        }))
    }

    /// Another limit, from now on. What is held above it stays until it ends.
    pub fn resize(&self, limit: usize) {
        let mut state = self.0.lock();
        state.limit = limit;
        state.serve();
    }

    /// A body begins; it holds nothing yet.
    #[must_use]
    pub fn begin(&self) -> Share {
        let notify = Arc::new(Notify::new());
        let mut state = self.0.lock();
        state.last += 1;
        let number = state.last;
        let reading = Reading {
            held: 0,
            wants: 0,
            refused: false,
            since: Instant::now(),
            received: 0,
            notify: notify.clone(),
        };
        state.reading.insert(number, reading);
        Share {
            shared: self.0.clone(),
            number,
            held: 0,
            notify,
        }
    }

    #[cfg(test)]
    fn used(&self) -> usize {
        self.0.lock().used
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Ledger> {
        // Each change of the state is whole before anything could panic.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Share {
    /// So many bytes are held from now on; `received` of them are new. Waits where they find no room.
    ///
    /// # Errors
    /// There is none, and it is this body's turn to go.
    pub async fn hold(&mut self, bytes: usize, received: usize) -> Result<(), Exhausted> {
        if !self.ask(bytes, received)? {
            self.wait().await?;
        }
        self.held = self.held.max(bytes);
        Ok(())
    }

    /// `true`: there is room, and it is taken.
    fn ask(&self, bytes: usize, received: usize) -> Result<bool, Exhausted> {
        let mut state = self.shared.lock();
        let more = bytes.saturating_sub(self.held);
        let (free, limit) = (state.free(), state.limit);
        let Some(reading) = state.reading.get_mut(&self.number) else {
            return Err(Exhausted);
        };
        reading.receive(received, Instant::now());
        if reading.refused || bytes > limit {
            return Err(Exhausted);
        }
        if more > free {
            reading.wants = more;
            return Ok(false);
        }
        reading.held += more;
        state.used += more;
        Ok(true)
    }

    async fn wait(&self) -> Result<(), Exhausted> {
        let mut until = Instant::now() + MAX_WAIT;
        loop {
            let in_vain = timeout_at(until, self.notify.notified()).await.is_err();
            let mut state = self.shared.lock();
            let now = Instant::now();
            if in_vain {
                state.make_room(self.number, now);
                until = now + MAX_WAIT;
            }
            let Some(reading) = state.reading.get_mut(&self.number) else {
                return Err(Exhausted);
            };
            if reading.refused {
                return Err(Exhausted);
            }
            if reading.wants == 0 {
                // While it waited for us its caller could not show how fast it is.
                (reading.since, reading.received) = (now, 0);
                return Ok(());
            }
        }
    }

    /// Whether it waits for room at this moment.
    #[must_use]
    pub fn waits(&self) -> bool {
        let state = self.shared.lock();
        let reading = state.reading.get(&self.number);
        reading.is_some_and(|reading| reading.wants > 0)
    }

    /// Returns when this body must go, though it waits for its caller.
    pub async fn refused(&self) {
        loop {
            let notified = self.notify.notified();
            let gone = |state: &Ledger| {
                let reading = state.reading.get(&self.number);
                reading.is_none_or(|reading| reading.refused)
            };
            if gone(&self.shared.lock()) {
                return;
            }
            notified.await;
        }
    }

    /// The body is whole: nobody can take its room any more.
    pub fn is_whole(&mut self) {
        let mut state = self.shared.lock();
        if let Some(reading) = state.reading.remove(&self.number) {
            self.held = reading.held;
        }
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let mut state = self.shared.lock();
        let reading = state.reading.remove(&self.number);
        let held = reading.map_or(self.held, |reading| reading.held);
        state.used = state.used.saturating_sub(held);
        state.serve();
    }
}

#[cfg(test)]
mod tests;
