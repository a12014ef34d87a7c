//! Idle connections to one vendor.

use std::sync::Mutex;
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

#[derive(Default)]
pub struct Pool {
    idle: Mutex<Vec<(Sender, Instant)>>,
}

impl Pool {
    /// The connection that was used last, if it is young enough.
    pub fn take(&self, write: bool) -> Option<Sender> {
        let limit = if write { WRITE_IDLE } else { READ_IDLE };
        let now = Instant::now();
        let mut idle = self
            .idle
            .lock()
            .unwrap_or_else(|poison| poison.into_inner());
        idle.retain(|(sender, since)| {
            !sender.is_closed() && now.duration_since(*since) < READ_IDLE
        });
        let (_, since) = idle.last()?;
        if now.duration_since(*since) >= limit {
            return None;
        }
        idle.pop().map(|(sender, _)| sender)
    }

    pub fn give_back(&self, sender: Sender) {
        if sender.is_closed() {
            return;
        }
        let mut idle = self
            .idle
            .lock()
            .unwrap_or_else(|poison| poison.into_inner());
        if idle.len() < MAX_IDLE {
            idle.push((sender, Instant::now()));
        }
    }
}
