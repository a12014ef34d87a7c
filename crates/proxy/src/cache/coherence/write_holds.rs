//! Writes of other members that may be applied at any moment: what they may change is kept out of the cache until
//! each of them is released.

use std::collections::{BTreeMap, HashMap};

use foldhash::quality::RandomState;

use super::fence_tag::FenceTag;
use crate::shared::WriteId;

/// A hold of one write. Accounts may share a fence, and their members' names are unknown to each other.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HoldId {
    /// Who holds: one account's fences.
    pub holder: u64,
    pub write: WriteId,
}

/// What a write may change.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Held<T> {
    All,
    Tags(Vec<T>),
}

/// Counted by tag, so that asking costs the same however many writes hold.
#[derive(Debug, Clone)]
pub(super) struct WriteHolds<T> {
    by_write: BTreeMap<HoldId, Held<T>>,
    /// How many writes hold everything.
    all: usize,
    /// How many hold each tag.
    tags: HashMap<T, usize, RandomState>,
    /// How many tags of each whole name are held.
    names: HashMap<T, usize, RandomState>,
}

impl<T> Default for WriteHolds<T> {
    fn default() -> Self {
        Self {
            by_write: BTreeMap::new(),
            all: 0,
            tags: HashMap::default(),
            names: HashMap::default(),
        }
    }
}

impl<T: FenceTag> WriteHolds<T> {
    /// A second hold of a write takes the place of the first.
    pub fn hold(&mut self, id: HoldId, held: Held<T>) {
        self.release(&id);
        match &held {
            Held::All => self.all += 1,
            Held::Tags(tags) => {
                for tag in tags {
                    *self.tags.entry(tag.clone()).or_default() += 1;
                    *self.names.entry(tag.whole()).or_default() += 1;
                }
            }
        }
        self.by_write.insert(id, held);
    }

    pub fn release_all_of(&mut self, holder: u64) {
        let of_it = self.by_write.keys().filter(|id| id.holder == holder);
        let ids: Vec<_> = of_it.cloned().collect();
        ids.iter().for_each(|id| self.release(id));
    }

    pub fn release(&mut self, id: &HoldId) {
        let Some(held) = self.by_write.remove(id) else {
            return;
        };
        match held {
            Held::All => self.all -= 1,
            Held::Tags(tags) => {
                for tag in &tags {
                    one_less(&mut self.tags, tag);
                    one_less(&mut self.names, &tag.whole());
                }
            }
        }
    }

    /// Whether one of the tags is held, or all are.
    pub fn covers(&self, tags: &[T]) -> bool {
        if self.by_write.is_empty() {
            return false;
        }
        let held = |tag: &T| {
            let whole = tag.whole();
            if whole == *tag {
                return self.names.contains_key(tag);
            }
            self.tags.contains_key(tag) || self.tags.contains_key(&whole)
        };
        self.all > 0 || tags.iter().any(held)
    }

    #[cfg(test)]
    pub fn view(&self) -> &BTreeMap<HoldId, Held<T>> {
        &self.by_write
    }

    #[cfg(test)]
    pub fn sizes(&self) -> (usize, usize, usize, usize) {
        let (tags, names) = (self.tags.len(), self.names.len());
        (self.by_write.len(), self.all, tags, names)
    }
}

fn one_less<T: FenceTag>(counts: &mut HashMap<T, usize, RandomState>, tag: &T) {
    if let Some(count) = counts.get_mut(tag) {
        *count -= 1;
        if *count == 0 {
            counts.remove(tag);
        }
    }
}
