//! Single flight: one task for one key, however many wait for it.
//!
//! The work runs in a task of its own, so that a caller who leaves cancels nobody. When it ends it
//! is first forgotten and then given to those who wait: whoever comes later flies anew, so that a
//! failure is not shared with those who came after it, and nobody waits in a queue behind it.

use std::collections::HashMap;
use std::future::Future;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};

use super::fence::Ticket;

/// The flights under way.
#[derive(Debug)]
pub struct Flights<K, V>(Arc<Mutex<Running<K, V>>>);

#[derive(Debug)]
struct Running<K, V> {
    last: u64,
    by_key: HashMap<K, Flight<V>>,
}

#[derive(Debug)]
struct Flight<V> {
    number: u64,
    ticket: Ticket,
    landed: watch::Receiver<Option<V>>,
}

/// A place in a flight.
#[derive(Debug)]
pub struct Seat<V> {
    /// Somebody else's flight.
    pub joined: bool,
    landed: watch::Receiver<Option<V>>,
}

/// Why a caller gets nothing from a flight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Lost {
    #[error("the caller's own deadline passed")]
    Deadline,
    #[error("the flight ended without a result")]
    Crashed,
}

impl<K, V> Default for Flights<K, V> {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(Running {
            last: 0,
            by_key: HashMap::new(),
        })))
    }
}

impl<K, V> Clone for Flights<K, V> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<K, V> Flights<K, V>
where
    K: Clone + Eq + Hash + Send + 'static,
    V: Clone + Send + Sync + 'static,
{
    /// Joins the flight of `key` if there is one whose ticket is `joinable`, else starts one with a
    /// ticket of `start` that runs `work` in its own task. An older flight that is not joinable goes
    /// on for those who wait for it. A flight that is listed later has a later ticket.
    pub fn board<F>(
        &self,
        key: K,
        start: impl FnOnce() -> Ticket,
        joinable: impl FnOnce(Ticket) -> bool,
        work: impl FnOnce(Ticket) -> F,
    ) -> Seat<V>
    where
        F: Future<Output = V> + Send + 'static,
    {
        let mut running = self.lock();
        if let Some(flight) = running.by_key.get(&key)
            && joinable(flight.ticket)
        {
            return Seat {
                joined: true,
                landed: flight.landed.clone(),
            };
        }
        running.last += 1;
        let number = running.last;
        let ticket = start();
        let (land, landed) = watch::channel(None);
        running.by_key.insert(
            key.clone(),
            Flight {
                number,
                ticket,
                landed: landed.clone(),
            },
        );
        drop(running);
        let listed = Listed {
            flights: self.clone(),
            key,
            number,
        };
        let work = work(ticket);
        tokio::spawn(async move {
            let value = work.await;
            drop(listed);
            // Without a waiter the value is dropped.
            let _ = land.send(Some(value));
        });
        Seat {
            joined: false,
            landed,
        }
    }

    /// Whether a flight of `key` is under way.
    #[must_use]
    pub fn is_flying(&self, key: &K) -> bool {
        self.lock().by_key.contains_key(key)
    }
}

impl<K, V> Flights<K, V> {
    fn lock(&self) -> MutexGuard<'_, Running<K, V>> {
        // Nothing panics while the lock is held: the callers' closures ask the fence, which does not.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes a flight off the list when it ends, also by a panic or with the runtime.
struct Listed<K: Eq + Hash, V> {
    flights: Flights<K, V>,
    key: K,
    number: u64,
}

impl<K: Eq + Hash, V> Drop for Listed<K, V> {
    fn drop(&mut self) {
        let mut running = self.flights.lock();
        // A younger flight may have taken the place.
        if running
            .by_key
            .get(&self.key)
            .is_some_and(|flight| flight.number == self.number)
        {
            running.by_key.remove(&self.key);
        }
    }
}

impl<V: Clone> Seat<V> {
    /// Waits for the end of the flight, at the latest until the caller's own deadline.
    ///
    /// # Errors
    /// The deadline passed, or the flight's task died.
    pub async fn land(mut self, deadline: Instant) -> Result<V, Lost> {
        let landed = self.landed.wait_for(Option::is_some);
        let value = timeout_at(deadline, landed)
            .await
            .map_err(|_| Lost::Deadline)?;
        let value = value.map_err(|_| Lost::Crashed)?;
        value.clone().ok_or(Lost::Crashed)
    }
}

#[cfg(test)]
mod tests;
