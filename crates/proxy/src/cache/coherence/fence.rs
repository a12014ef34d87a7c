//! The order of reads and writes: decides whether what a read saw may still be shown.
//!
//! One counter for each upstream and credential. A read takes a [`Ticket`] before its vendor call; a
//! write that may have been executed moves the counter on and stamps its tags before its caller
//! is answered. What a ticket's read saw may be stored, served or joined only while none of its tags was
//! stamped later than the ticket. So a read that was in flight during a write cannot put old data
//! back, however late it ends.
//!
//! A write of unknown outcome holds its tags: what is read meanwhile is neither stored nor served from
//! the store, since the write may still be applied. Readers who come during the hold are promised
//! nothing of that write, so they may share calls ([`Fence::shares`]).
//!
//! Synchronous, and without a clock of its own: a test drives this
//! very type through every interleaving (`fence/interleavings.rs`).

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;
use std::time::Instant;

use foldhash::quality::RandomState;

use super::hold_ends::HoldEnds;
use super::ticket::{Stamp, Ticket};

#[cfg(test)]
mod interleavings;

/// What a write changes and a read shows.
pub trait FenceTag: Clone + Eq + Hash {
    /// The tag that stands for all tags of this one's name; of itself it is itself.
    fn whole(&self) -> Self;
}

#[derive(Debug, Clone)]
pub struct Fence<T> {
    counter: u64,
    /// The last stamp of each tag.
    stamps: HashMap<T, Stamp, RandomState>,
    /// The tags by the number of their stamp: the first is dropped when there are too many.
    order: BTreeMap<u64, T>,
    /// For each whole tag the last stamp of any tag of its name.
    names: HashMap<T, Stamp, RandomState>,
    /// All that dropped stamps would have said, and more.
    floor: Stamp,
    /// All stamps together: a ticket that passes it passes each.
    highest: Stamp,
    ends: HoldEnds,
    capacity: usize,
}

impl<T: FenceTag> Fence<T> {
    /// Keeps at most `capacity` stamps (at least one). Without a bound every room that was ever
    /// written would stay in memory.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        Self {
            counter: 0,
            stamps: HashMap::default(),
            order: BTreeMap::new(),
            names: HashMap::default(),
            floor: Stamp::NONE,
            highest: Stamp::NONE,
            ends: HoldEnds::default(),
            capacity: capacity.max(1),
        }
    }

    /// A read begins. Taken before the vendor is asked.
    #[must_use]
    pub fn start(&self, now: Instant) -> Ticket {
        Ticket {
            number: self.counter,
            at: now,
        }
    }

    /// A write was done.
    pub fn stamp(&mut self, tags: &[T]) {
        self.mark(tags, None);
    }

    /// A write may or may not have been done, and may still be until `until`: until then its tags
    /// are neither stored nor served, nor is afterwards what was read before.
    pub fn hold(&mut self, tags: &[T], until: Instant) {
        self.mark(tags, Some(until));
    }

    /// Everything may have changed: all tickets are void.
    pub fn stamp_all(&mut self) {
        self.mark_all(None);
    }

    /// As [`Self::hold`], of everything.
    pub fn hold_all(&mut self, until: Instant) {
        self.mark_all(Some(until));
    }

    /// The end of the last hold, of whatever tags; it may be over.
    #[must_use]
    pub fn held_until(&self) -> Option<Instant> {
        self.highest.until
    }

    fn mark_all(&mut self, until: Option<Instant>) {
        self.counter += 1;
        let stamp = Stamp {
            number: self.counter,
            until,
        };
        self.floor.raise(stamp);
        self.highest.raise(stamp);
        self.ends.extend(until);
    }

    fn mark(&mut self, tags: &[T], until: Option<Instant>) {
        for tag in tags {
            // A number for each tag, so that stamps can be dropped one by one.
            self.counter += 1;
            let stamp = Stamp {
                number: self.counter,
                until,
            };
            self.highest.raise(stamp);
            self.names
                .entry(tag.whole())
                .or_insert(Stamp::NONE)
                .raise(stamp);
            let kept = self.stamps.entry(tag.clone()).or_insert(Stamp::NONE);
            self.order.remove(&kept.number);
            kept.raise(stamp);
            self.order.insert(stamp.number, tag.clone());
        }
        self.ends.extend(until);
        self.drop_oldest();
    }

    fn drop_oldest(&mut self) {
        while self.stamps.len() > self.capacity {
            let Some((_, tag)) = self.order.pop_first() else {
                break;
            };
            if let Some(stamp) = self.stamps.remove(&tag) {
                self.floor.raise(stamp);
            }
        }
        // Names come from the contract, so that this is for contracts that come and go by reloads.
        if self.names.len() > self.capacity {
            self.names.clear();
            self.floor.raise(self.highest);
        }
    }

    /// Whether what was read with `ticket`, and shows `tags`, may be stored or served.
    #[must_use]
    pub fn admits(&self, ticket: Ticket, tags: &[T]) -> bool {
        self.all(tags, |stamp| stamp.passes(ticket))
    }

    /// Whether what is read with `ticket`, and shows `tags`, may be given to `reader` too, who came while
    /// it was read: it began after every write to them that had been answered, known or not. A hold
    /// that lasted through all of this does not matter; one that ended in between does.
    #[must_use]
    pub fn shares(&self, ticket: Ticket, reader: Ticket, tags: &[T]) -> bool {
        let lasts = |_: Instant| !self.ends.any_between(ticket.at, reader.at);
        self.all(tags, |stamp| {
            stamp.passes(ticket) || (stamp.is_before(ticket) && stamp.until.is_none_or(lasts))
        })
    }

    /// Whether all stamps that concern the tags pass. A test that `highest` passes is one that each
    /// stamp passes.
    fn all(&self, tags: &[T], passes: impl Fn(Stamp) -> bool) -> bool {
        if passes(self.highest) {
            return true;
        }
        let passes_in = |stamps: &HashMap<T, Stamp, RandomState>, tag: &T| {
            stamps.get(tag).is_none_or(|stamp| passes(*stamp))
        };
        let tag_passes = |tag: &T| {
            let whole = tag.whole();
            if whole == *tag {
                return passes_in(&self.names, tag);
            }
            passes_in(&self.stamps, tag) && passes_in(&self.stamps, &whole)
        };
        passes(self.floor) && tags.iter().all(tag_passes)
    }
}

#[cfg(test)]
mod tests;
