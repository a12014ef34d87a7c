//! The cache: as fast as memory, and never older than an answered write. It knows tags, times and
//! bytes, and nothing of requests, operations or vendors; `engine/read/` puts it to use.

mod coherence;
mod semantics;
mod storage;

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use arc_swap::ArcSwap;

pub use coherence::fence::{Fence, Sharing};
pub use coherence::fence_tag::FenceTag;
pub use coherence::fences::Fences;
pub use coherence::fleet_fence::AccountFences;
pub use coherence::pending_write::{End, PendingWrite};
pub use coherence::shared_fence::SharedFence;
pub use coherence::tag::{NotATag, Tag};
pub use coherence::ticket::Ticket;
pub use coherence::write_holds::{Held, HoldId};
pub use semantics::condition::Condition;
pub use semantics::directives::Directives;
pub use semantics::etag::ETag;
pub use semantics::freshness::{Freshness, Lifetimes};
pub use semantics::status::{CacheStatus, StaleBy, Why};
pub use storage::entry::{Content, Entry, Prepared, Tagged};
pub use storage::key::{Key, KeyRef, part};
pub use storage::single_flight::{Join, Lost, SingleFlight, Waiter};
pub use storage::store::Measure;
pub use storage::wire::Wire;

use storage::key::Partitions;
use storage::store::Store;

/// Entries, and the fences that say which of them may be served. Lives as long as the process.
#[derive(Debug)]
pub struct Cache<A: Send + Sync + 'static> {
    store: ArcSwap<Store<A>>,
    pub partitions: Partitions,
    /// Shared with the writes under way.
    pub fences: Arc<Fences>,
    evicted: Arc<AtomicU64>,
}

impl<A: Send + Sync + 'static> Cache<A> {
    /// `budget` in bytes; 0 keeps nothing.
    #[must_use]
    pub fn new(budget: u64) -> Self {
        let evicted = Arc::default();
        Self {
            store: ArcSwap::from_pointee(Store::new(budget, Arc::clone(&evicted))),
            partitions: Partitions::default(),
            fences: Arc::default(),
            evicted,
        }
    }

    /// Starts empty with another budget; the fences stay.
    pub fn restart(&self, budget: u64) {
        let store = Store::new(budget, self.evicted.clone());
        self.store.store(Arc::new(store));
    }

    #[must_use]
    pub fn get(&self, key: &Key) -> Option<Arc<Entry<A>>> {
        self.store.load().get(key)
    }

    /// As [`Self::get`], by a key that was not made.
    #[must_use]
    pub fn find(&self, key: KeyRef<'_>) -> Option<Arc<Entry<A>>> {
        self.store.load().find(key)
    }

    /// Whether the budget takes the entry at all.
    #[must_use]
    pub fn fits(&self, key: &Key, entry: &Entry<A>) -> bool {
        self.store.load().fits(key, entry)
    }

    pub fn put(&self, key: Key, entry: Arc<Entry<A>>) {
        self.store.load().put(key, entry);
    }

    pub fn drop_entry(&self, key: &Key, entry: &Arc<Entry<A>>) {
        self.store.load().drop_entry(key, entry);
    }

    /// Drops what the tag covers, also what is being read just now; says how many entries went.
    pub fn purge(&self, tag: &Tag) -> usize {
        // The fences first: a read under way must not put back what the purge has passed.
        self.fences
            .each(|fence| fence.stamp(std::slice::from_ref(tag)));
        self.store.load().purge(tag)
    }

    pub fn purge_all(&self) -> usize {
        self.fences.each(SharedFence::stamp_all);
        self.store.load().clear()
    }

    #[must_use]
    pub fn measure(&self) -> Measure {
        self.store.load().measure()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_purge_voids_reads_under_way_at_every_upstream() {
        let cache = Cache::<()>::new(1 << 20);
        let (netex, other) = (
            cache.fences.of(&"netex".into()),
            cache.fences.of(&"other".into()),
        );
        let (ticket, other_ticket) = (netex.start(), other.start());
        let tag = Tag::parse("room.list").unwrap();
        cache.purge(&tag);
        assert!(!netex.admits(ticket, std::slice::from_ref(&tag)));
        assert!(!other.admits(other_ticket, std::slice::from_ref(&tag)));
        let day = [Tag::parse("day.id=1").unwrap()];
        assert!(netex.admits(ticket, &day));
        cache.purge_all();
        assert!(!netex.admits(ticket, &day));
    }

    #[test]
    fn an_upstream_has_one_fence_also_across_a_restart() {
        let cache = Cache::<()>::new(1 << 20);
        let before = cache.fences.of(&"netex".into());
        let ticket = before.start();
        cache.restart(1 << 10);
        let tags = [Tag::parse("room.list").unwrap()];
        cache.fences.of(&"netex".into()).stamp(&tags);
        assert!(!before.admits(ticket, &tags));
    }
}
