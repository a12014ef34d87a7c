//! A store in memory, with what the real one does that matters: numbers without gaps, epochs that end with the
//! server or its data, trimming by time; and with what goes wrong: it stands still, is away, loses replies, is
//! flushed, fails over to a copy, or is two at once.

mod data;
pub mod faults;
mod journal;
mod keys;
mod rates;
#[cfg(test)]
mod tests;
mod values;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use proxy::shared::{Epoch, Health, StoreError, StoreHealth};
use tokio::sync::Notify;

use data::Server;
use faults::{Faults, Part};

/// As the store looks from one gateway: more than one of them see the same [`World`], unless the network is split.
#[derive(Clone)]
pub struct MemoryStore {
    world: Arc<World>,
    /// What goes wrong on the way of this one.
    faults: Arc<Mutex<Faults>>,
}

/// The servers.
pub struct World {
    state: Mutex<State>,
    /// Something was appended, or changed.
    news: Notify,
}

struct State {
    servers: Vec<Server>,
    /// The one that clients are sent to.
    primary: usize,
    names: u64,
    /// What the epochs that begin now count as their age: those from before the test are old.
    age_of_new: Duration,
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MemoryStore")
    }
}

impl State {
    /// A name that was not there before.
    fn epoch(&mut self) -> Epoch {
        self.names += 1;
        Epoch::named(&format!("epoch-{}", self.names))
    }
}

impl MemoryStore {
    pub fn new() -> Self {
        let state = State {
            servers: vec![Server::new("s0")],
            primary: 0,
            names: 0,
            age_of_new: Duration::from_secs(3_600),
        };
        Self {
            world: Arc::new(World {
                state: Mutex::new(state),
                news: Notify::new(),
            }),
            faults: Arc::default(),
        }
    }

    /// The same store as another gateway sees it, with a way of its own.
    pub fn of_another(&self) -> Self {
        Self {
            world: self.world.clone(),
            faults: Arc::default(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.world.state.lock().unwrap()
    }

    /// Whatever epoch begins from now on begins now.
    fn broken(&self) -> MutexGuard<'_, State> {
        let mut state = self.state();
        state.age_of_new = Duration::ZERO;
        state
    }

    /// What goes wrong from now on, on this one's way.
    pub fn fail(&self, change: impl FnOnce(&mut Faults)) {
        change(&mut self.faults.lock().unwrap());
        self.world.news.notify_waiters();
    }

    /// How many commands of a part went this way.
    pub fn commands(&self, part: Part) -> usize {
        let faults = self.faults.lock().unwrap();
        faults.sent.iter().filter(|sent| **sent == part).count()
    }

    /// All data are gone.
    pub fn flush(&self) {
        let mut state = self.broken();
        let at = state.primary;
        state.servers[at].flush();
        drop(state);
        self.world.news.notify_waiters();
    }

    /// The server starts again, with its data or without.
    pub fn restart(&self, with_data: bool) {
        let mut state = self.broken();
        let (at, name) = (
            state.primary,
            state.servers.len() + 100 + state.names as usize,
        );
        state.servers[at].replid = format!("s{name}");
        if !with_data {
            state.servers[at].flush();
        }
        drop(state);
        self.world.news.notify_waiters();
    }

    /// A replica as it is now; it falls behind from here on. Says which it is.
    pub fn copy(&self) -> usize {
        let mut state = self.state();
        let copy = state.servers[state.primary].clone();
        state.servers.push(copy);
        state.servers.len() - 1
    }

    /// The copy becomes the primary, for whoever is not on the old one's side.
    pub fn promote(&self, copy: usize) {
        let mut state = self.broken();
        state.servers[copy].replid = format!("promoted-{copy}");
        state.primary = copy;
        drop(state);
        self.world.news.notify_waiters();
    }

    /// The primary of now.
    pub fn primary(&self) -> usize {
        self.state().primary
    }

    /// Only this server is reached from here, whoever is the primary.
    pub fn stay_with(&self, server: Option<usize>) {
        self.faults.lock().unwrap().stays_with = server;
        self.world.news.notify_waiters();
    }

    /// Runs a command as the faults of this way let it.
    async fn command<T: Send>(
        &self,
        part: Part,
        run: impl FnOnce(&mut State, usize) -> Result<T, StoreError> + Send,
    ) -> Result<T, StoreError> {
        let plan = {
            let mut faults = self.faults.lock().unwrap();
            faults.sent.push(part);
            faults.plan(part)
        };
        if plan.away {
            return Err(StoreError::Away);
        }
        pause(plan.before).await;
        while self.faults.lock().unwrap().stands_still {
            // The command lies in the socket of a server that stands still.
            self.world.news.notified().await;
        }
        if plan.refused {
            return Err(StoreError::ReadOnly("READONLY".into()));
        }
        let result = {
            let mut state = self.state();
            let server = self.faults.lock().unwrap().stays_with;
            let server = server.unwrap_or(state.primary);
            run(&mut state, server)
        };
        self.world.news.notify_waiters();
        pause(plan.after).await;
        if plan.reply_lost {
            return Err(StoreError::Broken("the reply was lost".into()));
        }
        result
    }
}

async fn pause(time: Duration) {
    if !time.is_zero() {
        tokio::time::sleep(time).await;
    }
}

impl Health for MemoryStore {
    fn health(&self) -> StoreHealth {
        let away = self.faults.lock().unwrap().away;
        StoreHealth {
            address: "memory".into(),
            away: away.then_some(StoreError::Away),
            since: std::time::SystemTime::UNIX_EPOCH,
            last_error: None,
            away_in_all: Duration::ZERO,
        }
    }
}
