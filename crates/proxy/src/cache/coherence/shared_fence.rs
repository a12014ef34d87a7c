//! The fence of one upstream, behind a lock and with the clock.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use super::fence::Fence;
use super::tag::Tag;
use super::ticket::Ticket;

/// How many stamps one upstream keeps: some 2 MiB at most, and more rooms than are written in the
/// lifetime of an entry.
const STAMPS: usize = 8192;

/// The fence of one upstream, shared by its reads and writes.
#[derive(Debug, Clone)]
pub struct SharedFence(Arc<Mutex<Fence<Tag>>>);

impl Default for SharedFence {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(Fence::new(STAMPS))))
    }
}

impl SharedFence {
    /// A read begins; taken before the vendor is asked.
    #[must_use]
    pub fn start(&self) -> Ticket {
        self.with(|fence| fence.start(now()))
    }

    /// Whether what was read with `ticket`, and shows `tags`, may be stored or served.
    #[must_use]
    pub fn admits(&self, ticket: Ticket, tags: &[Tag]) -> bool {
        self.with(|fence| fence.admits(ticket, tags))
    }

    /// Whether what is read with `ticket`, and shows `tags`, may be given to `reader` as well.
    #[must_use]
    pub fn shares(&self, ticket: Ticket, reader: Ticket, tags: &[Tag]) -> bool {
        self.with(|fence| fence.shares(ticket, reader, tags))
    }

    /// Whether a write of unknown outcome keeps these tags out of the cache.
    #[must_use]
    pub fn holds(&self, tags: &[Tag]) -> bool {
        self.with(|fence| !fence.admits(fence.start(now()), tags))
    }

    /// As if a write had been done: what was read before is void.
    pub fn stamp(&self, tags: &[Tag]) {
        self.with(|fence| fence.stamp(tags));
    }

    pub fn stamp_all(&self) {
        self.with(Fence::stamp_all);
    }

    /// A write of unknown outcome may still change these tags until `until`.
    pub fn hold(&self, tags: &[Tag], until: Instant) {
        self.with(|fence| fence.hold(tags, until));
    }

    /// Everything may still be changed until `until`.
    pub fn hold_all(&self, until: Instant) {
        self.with(|fence| fence.hold_all(until));
    }

    /// The end of the last hold; it may be over.
    #[must_use]
    pub fn held_until(&self) -> Option<Instant> {
        self.with(|fence| fence.held_until())
    }

    fn with<R>(&self, work: impl FnOnce(&mut Fence<Tag>) -> R) -> R {
        // The fence's methods do not panic, so that a poisoned lock guards a whole fence.
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The monotonic clock; tests of this crate stop it.
pub(super) fn now() -> Instant {
    tokio::time::Instant::now().into_std()
}
