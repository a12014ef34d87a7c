//! Idle connections to one vendor.

use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::client::conn::http1::SendRequest;
use tokio::time::Instant;

pub type Sender = SendRequest<Full<Bytes>>;

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
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    idle: Vec<Idle>,
    distrusted_until: Option<Instant>,
}

struct Idle {
    sender: Sender,
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

impl Pool {
    /// The connection that was used last, if it is young enough; and whether a write could have it.
    pub fn take(&self, write: bool) -> Option<(Sender, bool)> {
        let now = Instant::now();
        let mut state = self.lock();
        let State {
            idle,
            distrusted_until,
        } = &mut *state;
        idle.retain(|one| {
            let closed = one.sender.is_closed();
            if closed && one.is_young(now, WRITE_IDLE) {
                *distrusted_until = Some(now + DISTRUST);
            }
            !closed && one.is_young(now, READ_IDLE)
        });
        let distrusted = distrusted_until.is_some_and(|until| now < until);
        let limit = match write {
            true if distrusted => Duration::ZERO,
            true => WRITE_IDLE,
            false => READ_IDLE,
        };
        let last = idle.pop_if(|last| last.is_young(now, limit))?;
        let young = last.is_young(now, WRITE_IDLE);
        Some((last.sender, young))
    }

    /// A connection that was taken young turned out to be closed.
    pub fn was_closed(&self) {
        self.lock().distrusted_until = Some(Instant::now() + DISTRUST);
    }

    /// A connection whose answer was read whole. `promised`: the vendor keeps it open for so long.
    pub fn give_back(&self, sender: Sender, promised: Option<Duration>) {
        if sender.is_closed() {
            return;
        }
        let mut state = self.lock();
        if state.idle.len() < MAX_IDLE {
            state.idle.push(Idle {
                sender,
                since: Instant::now(),
                promised,
            });
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state
            .lock()
            .unwrap_or_else(|poison| poison.into_inner())
    }
}
