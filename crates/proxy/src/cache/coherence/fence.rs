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
//! A write of another member that may have been answered already is held by its name ([`Fence::hold_write`]) until it
//! is released: what it may change is not stored, served or shared. To release it changes nothing else.
//!
//! Synchronous, and without a clock of its own: a test drives this
//! very type through every interleaving (`fence/interleavings.rs`).

use std::collections::{BTreeMap, HashMap};
use std::time::Instant;

use foldhash::quality::RandomState;

use super::fence_tag::FenceTag;
use super::hold_ends::HoldEnds;
use super::ticket::{Stamp, Ticket};
use super::write_holds::{Held, HoldId, WriteHolds};

#[cfg(test)]
mod interleavings;

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
    /// Of other members.
    writes: WriteHolds<T>,
    capacity: usize,
}

/// Whether a call under way does for a reader who came while it ran.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sharing {
    Yes,
    /// A write that was answered before the reader came may be missing in it.
    No,
    /// Such a write may be answered at any moment, and what it comes to is not known here yet.
    Held,
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
            writes: WriteHolds::default(),
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

    /// Nothing that these show is admitted or shared until the write is released. A second hold of the write takes
    /// the place of the first.
    pub fn hold_write(&mut self, id: HoldId, held: Held<T>) {
        self.writes.hold(id, held);
    }

    /// Ends a hold of a write; what was read before and meanwhile is as good as if it had not been.
    pub fn release(&mut self, id: &HoldId) {
        self.writes.release(id);
    }

    /// Ends all holds of a holder.
    pub fn release_all_of(&mut self, holder: u64) {
        self.writes.release_all_of(holder);
    }

    /// The end of the last hold of unknown outcome, of whatever tags; it may be over.
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
        self.all(tags, |stamp| stamp.passes(ticket)) && !self.writes.covers(tags)
    }

    /// Whether what is read with `ticket`, and shows `tags`, may be given to `reader` too, who came while
    /// it was read: it began after every write to them that had been answered, known or not. A hold
    /// that lasted through all of this does not matter; one that ended in between does. Under the hold of another
    /// member's write nothing is shared that did not begin after the reader came.
    #[must_use]
    pub fn shares(&self, ticket: Ticket, reader: Ticket, tags: &[T]) -> Sharing {
        let lasts = |_: Instant| !self.ends.any_between(ticket.at, reader.at);
        let shares = self.all(tags, |stamp| {
            stamp.passes(ticket) || (stamp.is_before(ticket) && stamp.until.is_none_or(lasts))
        });
        match shares {
            false => Sharing::No,
            true if self.writes.covers(tags) && !ticket.began_after(reader) => Sharing::Held,
            true => Sharing::Yes,
        }
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
