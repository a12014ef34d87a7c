//! The bulkhead of one upstream: so many calls at once, so many waiting, none of them for long.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::{Instant, timeout_at};

use crate::settings::QueueSettings;
use crate::upstream::call::report::QueueReport;

/// A slot that is freed goes to the oldest waiting write, then to the oldest waiting read.
pub struct Queue(Arc<Shared>);

struct Shared {
    settings: QueueSettings,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    running: usize,
    last: u64,
    writes: VecDeque<Waiter>,
    reads: VecDeque<Waiter>,
    /// Those who wait for what must come before a call.
    preparing: usize,
}

struct Waiter {
    number: u64,
    grant: oneshot::Sender<Result<Slot, Shed>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shed {
    Full,
    WaitedTooLong,
}

/// One call; dropping it frees the slot.
pub struct Slot(Option<Arc<Shared>>);

impl Queue {
    pub fn new(settings: QueueSettings) -> Self {
        Self(Arc::new(Shared {
            settings,
            state: Mutex::default(),
        }))
    }

    /// A slot that is free now.
    pub fn free(&self) -> Option<Slot> {
        let mut state = self.0.lock();
        let free = state.running < self.0.settings.concurrency;
        state.running += usize::from(free);
        free.then(|| Slot(Some(self.0.clone())))
    }

    /// A slot for one call, at the latest by `deadline`.
    ///
    /// # Errors
    /// Why there is none.
    pub async fn enter(&self, write: bool, deadline: Instant) -> Result<Slot, Shed> {
        let (mut granted, number) = {
            let mut state = self.0.lock();
            if state.running < self.0.settings.concurrency {
                state.running += 1;
                return Ok(Slot(Some(self.0.clone())));
            }
            self.0.make_room(&mut state, write)?;
            let (grant, granted) = oneshot::channel();
            state.last += 1;
            let number = state.last;
            state.line(write).push_back(Waiter { number, grant });
            (granted, number)
        };
        let _enqueued = Enqueued {
            shared: &self.0,
            write,
            number,
        };
        let until = deadline.min(Instant::now() + self.0.settings.wait);
        match timeout_at(until, &mut granted).await {
            Ok(Ok(result)) => result,
            // Nobody drops a waiter without telling it; were it so, it could not be served.
            Ok(Err(_)) => Err(Shed::Full),
            Err(_) => Err(Shed::WaitedTooLong),
        }
    }

    /// How long a call may wait. Reads leave half of it to writes, as they do with the room.
    #[must_use]
    pub fn patience(&self, write: bool) -> Duration {
        let wait = self.0.settings.wait;
        if write { wait } else { wait / 2 }
    }

    /// A slot among those who wait, until it is dropped; for what must come before a call, so there is
    /// one even where no call may wait.
    ///
    /// # Errors
    /// Too many wait.
    pub fn wait(&self, write: bool) -> Result<Waiting<'_>, Shed> {
        let mut state = self.0.lock();
        if state.waiting() > 0 {
            self.0.make_room(&mut state, write)?;
        }
        state.preparing += 1;
        Ok(Waiting(&self.0))
    }

    pub fn report(&self) -> QueueReport {
        let settings = &self.0.settings;
        let state = self.0.lock();
        QueueReport {
            in_use: state.running,
            places: settings.concurrency,
            waiting: state.waiting(),
            room: settings.waiting,
        }
    }

    pub fn in_flight(&self) -> usize {
        self.0.lock().running
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        // Each change of the state is whole before anything could panic.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Room for one more waiter; for a write, if need be, at the cost of the youngest waiting read.
    fn make_room(&self, state: &mut State, write: bool) -> Result<(), Shed> {
        let room = if write {
            self.settings.waiting
        } else {
            self.settings.waiting / 2
        };
        if state.waiting() < room {
            return Ok(());
        }
        let youngest = write.then(|| state.reads.pop_back()).flatten();
        let read = youngest.ok_or(Shed::Full)?;
        let _it_may_have_left = read.grant.send(Err(Shed::Full));
        Ok(())
    }

    /// Hands a slot that was freed to the next.
    fn hand_over(self: Arc<Self>) {
        let mut slot = Slot(Some(self.clone()));
        loop {
            let mut state = self.lock();
            let next = state.writes.pop_front();
            let Some(next) = next.or_else(|| state.reads.pop_front()) else {
                state.running = state.running.saturating_sub(1);
                slot.0 = None;
                return;
            };
            drop(state);
            match next.grant.send(Ok(slot)) {
                Ok(()) => return,
                Err(Ok(back)) => slot = back,
                // What comes back is what was sent.
                Err(Err(_)) => return,
            }
        }
    }
}

impl State {
    fn line(&mut self, write: bool) -> &mut VecDeque<Waiter> {
        if write {
            &mut self.writes
        } else {
            &mut self.reads
        }
    }

    fn waiting(&self) -> usize {
        self.writes.len() + self.reads.len() + self.preparing
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        if let Some(shared) = self.0.take() {
            shared.hand_over();
        }
    }
}

/// Takes a waiter out of its line when it is served, gives up or leaves.
struct Enqueued<'q> {
    shared: &'q Shared,
    write: bool,
    number: u64,
}

impl Drop for Enqueued<'_> {
    fn drop(&mut self) {
        let mut state = self.shared.lock();
        let line = state.line(self.write);
        if let Some(index) = line.iter().position(|waiter| waiter.number == self.number) {
            line.remove(index);
        }
    }
}

/// Counts one who waits until it is dropped, also when its future is.
pub struct Waiting<'q>(&'q Shared);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.preparing = state.preparing.saturating_sub(1);
    }
}

#[cfg(test)]
mod tests;
