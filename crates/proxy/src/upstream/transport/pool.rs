//! Idle connections to one vendor.

use std::sync::{Arc, Mutex, MutexGuard, Weak};
use std::time::Duration;

use tokio::time::Instant;

use super::connection::Connection;

/// Tomcat closes idle connections after 20 s (its `connectionTimeout`); a write on a connection that
/// is just being closed would end unclear.
const WRITE_IDLE: Duration = Duration::from_secs(5);
const READ_IDLE: Duration = Duration::from_secs(15);
/// More idle connections than this are not worth their sockets.
const MAX_IDLE: usize = 64;
/// A vendor that closed a connection under a young idle one does it again: for this long each write
/// gets a connection of its own.
const DISTRUST: Duration = Duration::from_secs(60);

#[derive(Default)]
pub struct Pool {
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    /// In the order in which they became idle.
    idle: Vec<Idle>,
    distrusted_until: Option<Instant>,
    /// A task looks after those that nobody takes.
    swept: bool,
}

struct Idle {
    connection: Connection,
    since: Instant,
    /// For how long it stays open, as the vendor said.
    promised: Option<Duration>,
}

impl Idle {
    /// Whether it may be used after so long a time, where `limit` is the most.
    fn is_young(&self, now: Instant, limit: Duration) -> bool {
        let limit = self.promised.map_or(limit, |promised| promised.min(limit));
        now.duration_since(self.since) < limit
    }
}

impl State {
    /// Whether it can still serve. One that the vendor closed young says something of the vendor.
    fn is_good(&mut self, one: &mut Idle, now: Instant) -> bool {
        let open = one.connection.is_idle();
        if !open && one.is_young(now, WRITE_IDLE) {
            self.distrusted_until = Some(now + DISTRUST);
        }
        open && one.is_young(now, READ_IDLE)
    }

    fn is_distrusted(&self, now: Instant) -> bool {
        self.distrusted_until.is_some_and(|until| now < until)
    }

    /// Closes those that can serve no more.
    fn sweep(&mut self, now: Instant) {
        let mut idle = std::mem::take(&mut self.idle);
        idle.retain_mut(|one| self.is_good(one, now));
        self.idle = idle;
    }
}

impl Pool {
    /// The connection that was used last, if it is open and young enough; and whether a write could have it.
    /// `careful`: of those that a write may have.
    pub fn take(&self, careful: bool, now: Instant) -> Option<(Connection, bool)> {
        let mut state = lock(&self.state);
        loop {
            let limit = match careful {
                true if state.is_distrusted(now) => return None,
                true => WRITE_IDLE,
                false => READ_IDLE,
            };
            let mut last = state.idle.pop_if(|last| last.is_young(now, limit))?;
            if state.is_good(&mut last, now) {
                let young = last.is_young(now, WRITE_IDLE);
                return Some((last.connection, young));
            }
        }
    }

    /// A connection that was taken young turned out to be closed.
    pub fn was_closed(&self) {
        lock(&self.state).distrusted_until = Some(Instant::now() + DISTRUST);
    }

    /// A connection whose answer was read whole. `promised`: the vendor keeps it open for so long.
    pub fn give_back(&self, connection: Connection, promised: Option<Duration>) {
        let since = Instant::now();
        let mut state = lock(&self.state);
        if state.idle.len() >= MAX_IDLE {
            // The oldest, which no write would be given, gives way.
            state.idle.remove(0);
        }
        state.idle.push(Idle {
            connection,
            since,
            promised,
        });
        if !std::mem::replace(&mut state.swept, true) {
            tokio::spawn(sweep(Arc::downgrade(&self.state)));
        }
    }
}

/// Closes what nobody takes, and what the vendor closed, until nothing is left: a connection has no task
/// of its own that would see its end.
async fn sweep(pool: Weak<Mutex<State>>) {
    loop {
        tokio::time::sleep(WRITE_IDLE).await;
        let Some(pool) = pool.upgrade() else {
            return;
        };
        let mut state = lock(&pool);
        state.sweep(Instant::now());
        if state.idle.is_empty() {
            state.swept = false;
            return;
        }
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(|poison| poison.into_inner())
}
