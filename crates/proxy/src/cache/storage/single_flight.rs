//! Single flight: one task for one key, however many wait for it.
//!
//! The work runs in a task of its own, so that a caller who leaves cancels nobody. When it ends it
//! is first forgotten and then given to those who wait: whoever comes later starts a new call, so that a
//! failure is not shared with those who came after it, and nobody waits in a queue behind it.

use std::collections::HashMap;
use std::future::Future;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};

use crate::cache::coherence::ticket::Ticket;

/// The calls under way, one for each key. `P` shows those who wait how far a call is.
#[derive(Debug)]
pub struct SingleFlight<K, V, P = ()>(Arc<Mutex<Running<K, V, P>>>);

#[derive(Debug)]
struct Running<K, V, P> {
    last: u64,
    by_key: HashMap<K, Call<V, P>>,
}

#[derive(Debug)]
struct Call<V, P> {
    number: u64,
    ticket: Ticket,
    progress: P,
    result: watch::Receiver<Option<V>>,
}

/// Somebody who waits for the end of a call.
#[derive(Debug)]
pub struct Waiter<V, P = ()> {
    /// Somebody else started the call.
    pub joined: bool,
    /// What it brings is not for this caller, who asks again after it.
    pub too_old: bool,
    pub progress: P,
    result: watch::Receiver<Option<V>>,
}

/// Whether a caller joins a call under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Join {
    Yes,
    /// Another one takes its place for those who come from now on.
    No,
    /// It has begun too early; but so have the calls of all who come while it runs. Those wait for its end and share
    /// the next one: otherwise each of them would make a call of its own.
    AfterIt,
}

/// Why a caller gets nothing from a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Lost {
    #[error("the caller's own deadline passed")]
    Deadline,
    #[error("the call ended without a result")]
    Crashed,
}

impl<K, V, P> Default for SingleFlight<K, V, P> {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(Running {
            last: 0,
            by_key: HashMap::new(),
        })))
    }
}

impl<K, V, P> Clone for SingleFlight<K, V, P> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<K, V, P> SingleFlight<K, V, P>
where
    K: Clone + Eq + Hash + Send + 'static,
    V: Clone + Send + Sync + 'static,
    P: Clone + Default + Send + 'static,
{
    /// Joins the call for `key` if there is one whose ticket is `joinable`, or waits for its end, else starts one with a
    /// ticket of `start` that runs `work` in its own task. An older call that is not joinable goes
    /// on for those who wait for it. A call that is listed later has a later ticket.
    pub fn join_or_start<F>(
        &self,
        key: K,
        start: impl FnOnce() -> Ticket,
        joinable: impl FnOnce(Ticket) -> Join,
        work: impl FnOnce(Ticket, P) -> F,
    ) -> Waiter<V, P>
    where
        F: Future<Output = V> + Send + 'static,
    {
        let mut running = self.lock();
        if let Some(call) = running.by_key.get(&key)
            && let join = joinable(call.ticket)
            && join != Join::No
        {
            return Waiter {
                joined: true,
                too_old: join == Join::AfterIt,
                progress: call.progress.clone(),
                result: call.result.clone(),
            };
        }
        running.last += 1;
        let number = running.last;
        let ticket = start();
        let progress = P::default();
        let (finish, result) = watch::channel(None);
        running.by_key.insert(
            key.clone(),
            Call {
                number,
                ticket,
                progress: progress.clone(),
                result: result.clone(),
            },
        );
        drop(running);
        let listed = Listed {
            flights: self.clone(),
            key,
            number,
        };
        let work = work(ticket, progress.clone());
        tokio::spawn(async move {
            let value = work.await;
            drop(listed);
            // Without a waiter the value is dropped.
            let _ = finish.send(Some(value));
        });
        Waiter {
            joined: false,
            too_old: false,
            progress,
            result,
        }
    }

    /// Whether a call for `key` is under way.
    #[must_use]
    pub fn is_running(&self, key: &K) -> bool {
        self.lock().by_key.contains_key(key)
    }
}

impl<K, V, P> SingleFlight<K, V, P> {
    fn lock(&self) -> MutexGuard<'_, Running<K, V, P>> {
        // Nothing panics while the lock is held: the callers' closures ask the fence, which does not.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes a call off the list when it ends, also by a panic or with the runtime.
struct Listed<K: Eq + Hash, V, P> {
    flights: SingleFlight<K, V, P>,
    key: K,
    number: u64,
}

impl<K: Eq + Hash, V, P> Drop for Listed<K, V, P> {
    fn drop(&mut self) {
        let mut running = self.flights.lock();
        // A younger call may have taken the place.
        if running
            .by_key
            .get(&self.key)
            .is_some_and(|call| call.number == self.number)
        {
            running.by_key.remove(&self.key);
        }
    }
}

impl<V: Clone, P> Waiter<V, P> {
    /// Waits for the end of the call, at the latest until the caller's own deadline.
    ///
    /// # Errors
    /// The deadline passed, or the call's task died.
    pub async fn wait(mut self, deadline: Instant) -> Result<V, Lost> {
        let ended = self.result.wait_for(Option::is_some);
        let value = timeout_at(deadline, ended)
            .await
            .map_err(|_| Lost::Deadline)?;
        let value = value.map_err(|_| Lost::Crashed)?;
        value.clone().ok_or(Lost::Crashed)
    }
}

#[cfg(test)]
mod tests;
