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
    idle: Vec<(Sender, Instant)>,
    distrusted_until: Option<Instant>,
}

impl Pool {
    /// The connection that was used last, if it is young enough.
    pub fn take(&self, write: bool) -> Option<Sender> {
        let now = Instant::now();
        let mut state = self.lock();
        let State {
            idle,
            distrusted_until,
        } = &mut *state;
        idle.retain(|(sender, since)| {
            let age = now.duration_since(*since);
            if sender.is_closed() && age < WRITE_IDLE {
                *distrusted_until = Some(now + DISTRUST);
            }
            !sender.is_closed() && age < READ_IDLE
        });
        let distrusted = distrusted_until.is_some_and(|until| now < until);
        let limit = match write {
            true if distrusted => Duration::ZERO,
            true => WRITE_IDLE,
            false => READ_IDLE,
        };
        let (_, since) = idle.last()?;
        if now.duration_since(*since) >= limit {
            return None;
        }
        idle.pop().map(|(sender, _)| sender)
    }

    /// A connection that was taken turned out to be closed.
    pub fn was_closed(&self) {
        self.lock().distrusted_until = Some(Instant::now() + DISTRUST);
    }

    pub fn give_back(&self, sender: Sender) {
        if sender.is_closed() {
            return;
        }
        let mut state = self.lock();
        if state.idle.len() < MAX_IDLE {
            state.idle.push((sender, Instant::now()));
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state
            .lock()
            .unwrap_or_else(|poison| poison.into_inner())
    }
}
