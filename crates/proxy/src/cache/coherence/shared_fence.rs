//! The fence of one upstream, behind a lock and with the clock.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use super::fence::{Fence, Sharing};
use super::tag::Tag;
use super::ticket::Ticket;
use super::write_holds::{Held, HoldId};

/// How many stamps one upstream keeps: some 2 MiB at most, and more rooms than are written in the
/// lifetime of an entry.
const STAMPS: usize = 8192;

/// The fence of one upstream, shared by its reads and writes.
#[derive(Debug, Clone)]
pub struct SharedFence(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    fence: Mutex<Fence<Tag>>,
    /// How often the fence was changed; raised before the lock is given back.
    changes: AtomicU64,
}

/// The state of a fence that let something pass: while it is the same, it still does. So a hit takes no lock
/// that a write may hold, but for the first one after each write.
#[derive(Debug)]
pub struct Passed(AtomicU64);

impl Passed {
    const NEVER: u64 = u64::MAX;
}

impl Default for Passed {
    fn default() -> Self {
        Self(AtomicU64::new(Self::NEVER))
    }
}

impl Default for SharedFence {
    fn default() -> Self {
        Self(Arc::new(Shared {
            fence: Mutex::new(Fence::new(STAMPS)),
            changes: AtomicU64::new(0),
        }))
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

    /// The same of what was let pass before: `passed` is kept with it, and belongs to no other fence.
    #[must_use]
    pub fn still_admits(&self, passed: &Passed, ticket: Ticket, tags: &[Tag]) -> bool {
        // A write raises the number before its caller is answered, so who asks after that answer sees it.
        if passed.0.load(Ordering::Acquire) == self.0.changes.load(Ordering::SeqCst) {
            return true;
        }
        self.with(|fence| {
            let admits = fence.admits(ticket, tags);
            if admits {
                // Under the lock nobody raises it.
                let state = self.0.changes.load(Ordering::SeqCst);
                passed.0.store(state, Ordering::Release);
            }
            admits
        })
    }

    /// Whether what is read with `ticket`, and shows `tags`, may be given to `reader` as well.
    #[must_use]
    pub fn shares(&self, ticket: Ticket, reader: Ticket, tags: &[Tag]) -> Sharing {
        self.with(|fence| fence.shares(ticket, reader, tags))
    }

    /// Whether a write of unknown outcome, or one of another member, keeps these tags out of the cache.
    #[must_use]
    pub fn holds(&self, tags: &[Tag]) -> bool {
        self.with(|fence| !fence.admits(fence.start(now()), tags))
    }

    /// As if a write had been done: what was read before is void.
    pub fn stamp(&self, tags: &[Tag]) {
        self.change(|fence| fence.stamp(tags));
    }

    pub fn stamp_all(&self) {
        self.change(Fence::stamp_all);
    }

    /// A write of unknown outcome may still change these tags until `until`.
    pub fn hold(&self, tags: &[Tag], until: Instant) {
        self.change(|fence| fence.hold(tags, until));
    }

    /// Everything may still be changed until `until`.
    pub fn hold_all(&self, until: Instant) {
        self.change(|fence| fence.hold_all(until));
    }

    /// A write of another member may change these at any moment, until it is released.
    pub fn hold_write(&self, id: HoldId, held: Held<Tag>) {
        self.change(|fence| fence.hold_write(id, held));
    }

    pub fn release(&self, id: &HoldId) {
        self.change(|fence| fence.release(id));
    }

    pub fn release_all_of(&self, holder: u64) {
        self.change(|fence| fence.release_all_of(holder));
    }

    /// Whether both are the same fence.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// The end of the last hold of unknown outcome; it may be over.
    #[must_use]
    pub fn held_until(&self) -> Option<Instant> {
        self.with(|fence| fence.held_until())
    }

    fn change(&self, work: impl FnOnce(&mut Fence<Tag>)) {
        // The fence's methods do not panic, so that a poisoned lock guards a whole fence.
        let mut fence = self.0.fence.lock().unwrap_or_else(PoisonError::into_inner);
        work(&mut fence);
        self.0.changes.fetch_add(1, Ordering::SeqCst);
    }

    fn with<R>(&self, work: impl FnOnce(&Fence<Tag>) -> R) -> R {
        // As above.
        work(&self.0.fence.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The monotonic clock; tests of this crate stop it.
pub(super) fn now() -> Instant {
    tokio::time::Instant::now().into_std()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn tags(text: &str) -> Vec<Tag> {
        vec![Tag::parse(text).unwrap()]
    }

    fn write() -> HoldId {
        let member = crate::shared::MemberId::named("other");
        HoldId {
            holder: 0,
            write: crate::shared::WriteId { member, number: 1 },
        }
    }

    #[test]
    fn what_was_held_passes_again_when_it_is_released() {
        let (fence, passed) = (SharedFence::default(), Passed::default());
        let (ticket, shown) = (fence.start(), tags("room.id=1"));
        assert!(fence.still_admits(&passed, ticket, &shown));
        fence.hold_write(write(), Held::All);
        assert!(!fence.still_admits(&passed, ticket, &shown));
        assert!(fence.holds(&shown));
        fence.release(&write());
        assert!(fence.still_admits(&passed, ticket, &shown));
        assert!(!fence.holds(&shown));
    }

    /// Every way to change a fence is seen by what it let pass.
    #[test]
    fn what_passed_once_is_asked_again_after_each_change() {
        let changes: [fn(&SharedFence); 6] = [
            |fence| fence.hold_write(write(), Held::Tags(tags("room.id=1"))),
            |fence| fence.hold_write(write(), Held::All),
            |fence| fence.stamp(&tags("room.id=1")),
            SharedFence::stamp_all,
            |fence| fence.hold(&tags("room.id=1"), now() + Duration::from_secs(1)),
            |fence| fence.hold_all(now() + Duration::from_secs(1)),
        ];
        for change in changes {
            let (fence, passed) = (SharedFence::default(), Passed::default());
            let (ticket, shown) = (fence.start(), tags("room.id=1"));
            assert!(fence.still_admits(&passed, ticket, &shown));
            assert!(fence.still_admits(&passed, ticket, &shown));
            change(&fence);
            assert!(!fence.still_admits(&passed, ticket, &shown));
            assert!(!fence.still_admits(&passed, ticket, &shown), "nor later");
        }
    }

    #[test]
    fn a_change_of_something_else_lets_it_pass_again() {
        let (fence, passed) = (SharedFence::default(), Passed::default());
        let (ticket, shown) = (fence.start(), tags("room.id=1"));
        for other in ["room.id=2", "day.*"] {
            fence.stamp(&tags(other));
            assert!(fence.still_admits(&passed, ticket, &shown), "{other}");
        }
        fence.stamp(&tags("room.*"));
        assert!(!fence.still_admits(&passed, ticket, &shown));
    }
}
