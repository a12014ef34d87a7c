//! Where entries are kept: a moka cache, bounded in bytes. It decides what goes when space runs out,
//! and nothing about what may be served.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use foldhash::quality::RandomState;
use moka::notification::RemovalCause;

use super::entry::Entry;
use super::key::{Key, KeyRef};
use crate::cache::coherence::tag::Tag;

/// Entries by key.
#[derive(Debug)]
pub struct Store<A: Send + Sync + 'static> {
    entries: moka::sync::Cache<Key, Arc<Entry<A>>, RandomState>,
    budget: u64,
    evicted: Arc<AtomicU64>,
}

impl<A: Send + Sync + 'static> Store<A> {
    /// `budget` in bytes; `evicted` is counted on. What is asked for often stays: a scan of everything
    /// drives nothing out.
    #[must_use]
    pub fn new(budget: u64, evicted: Arc<AtomicU64>) -> Self {
        let counter = evicted.clone();
        let entries = moka::sync::Cache::builder()
            .max_capacity(budget)
            .weigher(|key: &Key, entry: &Arc<Entry<A>>| {
                u32::try_from(weight(key, entry)).unwrap_or(u32::MAX)
            })
            .expire_after(UntilDead)
            .eviction_listener(move |_, _, cause| {
                if cause == RemovalCause::Size {
                    counter.fetch_add(1, Ordering::Relaxed);
                }
            })
            .build_with_hasher(RandomState::default());
        Self {
            entries,
            budget,
            evicted,
        }
    }

    /// An entry that is larger than the whole budget would be driven out at once.
    #[must_use]
    pub fn fits(&self, key: &Key, entry: &Entry<A>) -> bool {
        weight(key, entry) as u64 <= self.budget
    }

    #[must_use]
    pub fn get(&self, key: &Key) -> Option<Arc<Entry<A>>> {
        self.entries.get(key)
    }

    /// As [`Self::get`], by a key that was not made.
    #[must_use]
    pub fn find(&self, key: KeyRef<'_>) -> Option<Arc<Entry<A>>> {
        self.entries.get(&key)
    }

    /// Keeps an entry, in the place of an older one of the key.
    pub fn put(&self, key: Key, entry: Arc<Entry<A>>) {
        self.entries.insert(key, entry);
    }

    /// Drops an entry if it is still the one that is kept under the key.
    pub fn drop_entry(&self, key: &Key, entry: &Arc<Entry<A>>) {
        let kept = self.entries.get(key);
        if kept.is_some_and(|kept| Arc::ptr_eq(&kept, entry)) {
            self.entries.invalidate(key);
        }
    }

    /// Drops every entry that the tag covers and says how many those were.
    pub fn purge(&self, tag: &Tag) -> usize {
        let covered = |entry: &Arc<Entry<A>>| entry.tags.iter().any(|other| tag.covers(other));
        let keys: Vec<_> = self
            .entries
            .iter()
            .filter(|(_, entry)| covered(entry))
            .map(|(key, _)| key)
            .collect();
        keys.iter()
            .filter(|&key| self.entries.remove(key.as_ref()).is_some())
            .count()
    }

    /// Drops everything and says how much that was.
    pub fn clear(&self) -> usize {
        let keys: Vec<_> = self.entries.iter().map(|(key, _)| key).collect();
        keys.iter()
            .filter(|&key| self.entries.remove(key.as_ref()).is_some())
            .count()
    }

    #[must_use]
    pub fn measure(&self) -> Measure {
        self.entries.run_pending_tasks();
        Measure {
            bytes: self.entries.weighted_size(),
            entries: self.entries.entry_count(),
            evicted: self.evicted.load(Ordering::Relaxed),
        }
    }
}

fn weight<A>(key: &Key, entry: &Entry<A>) -> usize {
    key.weight() + entry.weight()
}

/// How full a store is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Measure {
    pub bytes: u64,
    pub entries: u64,
    /// Entries driven out by others since the start.
    pub evicted: u64,
}

/// Frees the space of what can be served no more.
struct UntilDead;

impl<A> moka::Expiry<Key, Arc<Entry<A>>> for UntilDead {
    fn expire_after_create(
        &self,
        _: &Key,
        entry: &Arc<Entry<A>>,
        now: Instant,
    ) -> Option<Duration> {
        Some(entry.lifetimes.end().saturating_sub(entry.age(now)))
    }

    fn expire_after_update(
        &self,
        _: &Key,
        entry: &Arc<Entry<A>>,
        now: Instant,
        _: Option<Duration>,
    ) -> Option<Duration> {
        Some(entry.lifetimes.end().saturating_sub(entry.age(now)))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use bytes::Bytes;
    use http::{HeaderMap, StatusCode};

    use super::*;
    use crate::cache::coherence::shared_fence::SharedFence;
    use crate::cache::semantics::freshness::Lifetimes;
    use crate::cache::storage::entry::{Content, Prepared};
    use crate::cache::storage::key::Partitions;

    const LIFETIMES: Lifetimes = Lifetimes {
        ttl: Duration::from_secs(3600),
        stale_while_revalidate: Duration::ZERO,
        stale_if_error: Duration::ZERO,
    };

    fn key(id: usize) -> Key {
        let partition = Partitions::default().partition(0, &"netex".into(), [0; 32]);
        Key::new(
            partition,
            &contract::OperationId::parse("getRoom").unwrap(),
            &BTreeMap::from([("id".to_owned(), id.to_string().parse().unwrap())]),
            &BTreeMap::new(),
        )
    }

    fn entry(tag: &str, size: usize) -> Arc<Entry<()>> {
        Arc::new(Entry {
            content: Content::Answer(Prepared::new(
                StatusCode::OK,
                HeaderMap::new(),
                Bytes::from(vec![b' '; size]),
                LIFETIMES.ttl,
            )),
            tags: [Tag::parse(tag).unwrap()].into(),
            ticket: SharedFence::default().start(),
            passed: Default::default(),
            lifetimes: LIFETIMES,
            failed: Default::default(),
            permits_stale: Default::default(),
        })
    }

    #[test]
    fn the_budget_bounds_the_bytes() {
        let store = Store::new(1 << 20, Arc::default());
        for id in 0..2_000 {
            store.put(key(id), entry("room.id=1", 2_000));
        }
        let measure = store.measure();
        assert!(measure.bytes <= 1 << 20, "{measure:?}");
        assert!(measure.entries > 200, "{measure:?}");
        assert!(measure.evicted > 0, "{measure:?}");
        store.put(key(1), entry("room.id=1", 2 << 20));
        let _ = store.measure();
        assert!(
            store.get(&key(1)).is_none(),
            "an entry beyond the budget is not kept"
        );
    }

    #[test]
    fn a_purge_drops_what_the_tag_covers_and_counts_it() {
        let store = Store::new(1 << 20, Arc::default());
        for (id, tag) in ["room.id=1", "room.id=2", "room.list", "day.id=1"]
            .into_iter()
            .enumerate()
        {
            store.put(key(id), entry(tag, 10));
        }
        assert_eq!(store.purge(&Tag::parse("room.id=2").unwrap()), 1);
        assert_eq!(store.purge(&Tag::parse("room.id=2").unwrap()), 0);
        assert_eq!(store.purge(&Tag::parse("room.*").unwrap()), 2);
        assert!(store.get(&key(3)).is_some());
        assert_eq!(store.clear(), 1);
        assert_eq!(store.measure().entries, 0);
    }

    #[test]
    fn only_the_entry_that_is_meant_is_dropped() {
        let store = Store::new(1 << 20, Arc::default());
        let (old, new) = (entry("room.list", 1), entry("room.list", 2));
        store.put(key(0), old.clone());
        store.put(key(0), new.clone());
        store.drop_entry(&key(0), &old);
        assert!(store.get(&key(0)).is_some());
        store.drop_entry(&key(0), &new);
        assert!(store.get(&key(0)).is_none());
    }

    #[test]
    fn a_scan_of_a_million_ids_keeps_the_hot_rooms() {
        const HOT: usize = 100;
        let store = Store::new(2 << 20, Arc::default());
        let shared = entry("room.id=1", 500);
        for _ in 0..10 {
            for id in 0..HOT {
                if store.get(&key(id)).is_none() {
                    store.put(key(id), shared.clone());
                }
            }
        }
        let _ = store.measure();
        let scanned = 1_000_000;
        for id in 0..scanned {
            store.put(key(HOT + id), shared.clone());
            // Somebody reads the hot rooms meanwhile.
            if id % 1_000 == 0 {
                let _ = store.get(&key(id / 1_000 % HOT));
            }
        }
        let _ = store.measure();
        let kept = (0..HOT).filter(|id| store.get(&key(*id)).is_some()).count();
        assert!(
            kept >= HOT * 9 / 10,
            "{kept} of {HOT} hot rooms are still there"
        );
    }
}
