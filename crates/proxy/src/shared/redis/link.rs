//! A connection that is kept: made again in the background when it breaks, never waited for by who needs it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rand::Rng;
use redis::aio::MultiplexedConnection;
use tokio::runtime::Handle;
use tokio::sync::Notify;
use tokio::task::AbortHandle;
use tokio::time::{Instant, sleep};

use super::connect::connect;
use super::standing::Standing;
use super::target::Target;
use crate::shared::store::StoreError;

/// A server that has started again is met within half a second; a thousand members must not knock all at once.
const FIRST_PAUSE: Duration = Duration::from_millis(25);
const LONGEST_PAUSE: Duration = Duration::from_millis(250);
/// A connection that ends sooner counts as a failure: a server may take it and hang up.
const SHORT: Duration = Duration::from_secs(1);

/// Ends with its connection when it is dropped.
#[derive(Debug)]
pub struct Link {
    shared: Arc<Shared>,
    task: AbortHandle,
}

/// A connection, and which one it is.
#[derive(Clone)]
pub struct Live {
    pub connection: MultiplexedConnection,
    pub number: u64,
}

/// Which connection of the store it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Whether it stands says whether the store is there.
    Commands,
    /// It is made when the one for commands stands.
    Other,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    /// There is a connection.
    came: Notify,
    /// The connection is to be given up.
    given_up: Notify,
}

#[derive(Default)]
struct State {
    live: Option<Live>,
    number: u64,
    reason: Option<StoreError>,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared").finish_non_exhaustive()
    }
}

impl Link {
    /// Begins to connect.
    pub fn start(
        role: Role,
        target: Arc<Target>,
        standing: Arc<Standing>,
        runtime: &Handle,
    ) -> Self {
        let shared = Arc::new(Shared::default());
        let keeping = keep(role, target, standing, shared.clone());
        Self {
            task: runtime.spawn(keeping).abort_handle(),
            shared,
        }
    }

    /// The connection, if there is one.
    pub fn get(&self) -> Option<Live> {
        self.shared.lock().live.clone()
    }

    /// The connection, as soon as there is one.
    pub async fn ready(&self) -> Live {
        loop {
            let mut came = std::pin::pin!(self.shared.came.notified());
            came.as_mut().enable();
            if let Some(live) = self.get() {
                return live;
            }
            came.await;
        }
    }

    /// Gives up a connection, if it is still this one.
    pub fn give_up(&self, number: u64, reason: &StoreError) {
        let mut state = self.shared.lock();
        if state
            .live
            .as_ref()
            .is_some_and(|live| live.number == number)
        {
            state.live = None;
            state.reason = Some(reason.clone());
            self.shared.given_up.notify_one();
        }
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn keep(role: Role, target: Arc<Target>, standing: Arc<Standing>, shared: Arc<Shared>) {
    let is_first = role == Role::Commands;
    let mut failures = 0_u32;
    loop {
        if !is_first {
            standing.until_connected().await;
        }
        match connect(&target).await {
            Ok(connected) => {
                let since = Instant::now();
                let number = shared.publish(connected.connection.clone());
                if is_first {
                    standing.connected(&connected.place);
                }
                let error = tokio::select! {
                    () = connected.driver => StoreError::Broken("the connection was closed".into()),
                    reason = shared.until_given_up(number) => reason,
                    reason = watch(is_first, &standing, connected.connection) => reason,
                };
                shared.withdraw(number);
                if is_first {
                    standing.lost(&error);
                }
                let is_short = since.elapsed() < SHORT;
                failures = if is_short { failures + 1 } else { 0 };
            }
            Err(refusal) => {
                failures = failures.saturating_add(1);
                if is_first {
                    standing.failed(&refusal.into());
                }
            }
        }
        pause(failures).await;
    }
}

async fn watch(
    is_first: bool,
    standing: &Standing,
    connection: MultiplexedConnection,
) -> StoreError {
    if is_first {
        standing.watch(connection).await
    } else {
        std::future::pending().await
    }
}

async fn pause(failures: u32) {
    let Some(again) = failures.checked_sub(1) else {
        return;
    };
    let longest = (FIRST_PAUSE * 2_u32.saturating_pow(again.min(8))).min(LONGEST_PAUSE);
    let share = rand::thread_rng().gen_range(0.5..1.0);
    sleep(longest.mul_f64(share)).await;
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn publish(&self, connection: MultiplexedConnection) -> u64 {
        let mut state = self.lock();
        state.number += 1;
        let number = state.number;
        state.live = Some(Live { connection, number });
        state.reason = None;
        drop(state);
        self.came.notify_waiters();
        number
    }

    fn withdraw(&self, number: u64) {
        let mut state = self.lock();
        if state
            .live
            .as_ref()
            .is_some_and(|live| live.number == number)
        {
            state.live = None;
        }
    }

    async fn until_given_up(&self, number: u64) -> StoreError {
        loop {
            self.given_up.notified().await;
            let state = self.lock();
            // Otherwise it was said of an earlier one.
            if state.live.as_ref().is_none_or(|live| live.number != number) {
                return state.reason.clone().unwrap_or(StoreError::Timeout);
            }
        }
    }
}
