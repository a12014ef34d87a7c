//! The order of reads and writes: decides whether what a read saw may still be shown.
//!
//! One counter for each upstream and credential. A read takes a [`Ticket`] before its vendor call; a
//! write that is not proven undone moves the counter on and stamps its tags before its answer
//! leaves. What a ticket's read saw may be stored, served or joined only while none of its tags was
//! stamped later than the ticket. So a read that was in flight during a write cannot put old data
//! back, however late it ends.
//!
//! A write of unknown outcome holds its tags: what is read meanwhile is neither stored nor served from
//! the store, since the write may still be applied. Readers who come during the hold are promised
//! nothing of that write, so they may share calls ([`Fence::shares`]).
//!
//! Synchronous, of the standard library alone, and without a clock of its own: a test drives this
//! very type through every interleaving (`fence/interleavings.rs`).

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::Hash;
use std::ops::Bound::{Excluded, Unbounded};
use std::time::Instant;

#[cfg(test)]
mod interleavings;

/// What a write changes and a read shows.
pub trait FenceTag: Clone + Eq + Hash {
    /// The tag that stands for all tags of this one's name; of itself it is itself.
    fn whole(&self) -> Self;
}

/// When a read began: before its vendor call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Ticket {
    number: u64,
    at: Instant,
}

impl Ticket {
    /// When the read began; ages count from here.
    #[must_use]
    pub fn at(self) -> Instant {
        self.at
    }

    /// Whether every write that was answered when `reader` began was answered before this one too.
    #[must_use]
    pub fn began_after(self, reader: Self) -> bool {
        self.number >= reader.number && self.at >= reader.at
    }
}

/// Tickets below `number`, and those taken before `until`, are void.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Stamp {
    number: u64,
    /// The end of the time in which a write of unknown outcome may still be applied.
    until: Option<Instant>,
}

impl Stamp {
    const NONE: Self = Self {
        number: 0,
        until: None,
    };

    fn passes(self, ticket: Ticket) -> bool {
        self.is_before(ticket) && self.until.is_none_or(|until| ticket.at >= until)
    }

    /// Whether the writes had been answered, known or not, when the ticket was taken.
    fn is_before(self, ticket: Ticket) -> bool {
        ticket.number >= self.number
    }

    fn raise(&mut self, other: Self) {
        self.number = self.number.max(other.number);
        self.until = self.until.max(other.until);
    }
}

#[derive(Debug, Clone)]
pub struct Fence<T> {
    counter: u64,
    /// The last stamp of each tag.
    stamps: HashMap<T, Stamp>,
    /// The tags by the number of their stamp: the first is dropped when there are too many.
    order: BTreeMap<u64, T>,
    /// For each whole tag the last stamp of any tag of its name.
    names: HashMap<T, Stamp>,
    /// All that dropped stamps would have said, and more.
    floor: Stamp,
    /// All stamps together: a ticket that passes it passes each.
    highest: Stamp,
    /// When holds end, of whatever tags: who comes after an end must see what was written in the hold.
    ends: BTreeSet<Instant>,
    /// The last end that was dropped when there were too many.
    forgotten: Option<Instant>,
    capacity: usize,
}

/// How many ends of holds are kept. With more of them within one hold calls are not shared.
const ENDS: usize = 4096;

impl<T: FenceTag> Fence<T> {
    /// Keeps at most `capacity` stamps (at least one). Without a bound every room that was ever
    /// written would stay in memory.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        Self {
            counter: 0,
            stamps: HashMap::new(),
            order: BTreeMap::new(),
            names: HashMap::new(),
            floor: Stamp::NONE,
            highest: Stamp::NONE,
            ends: BTreeSet::new(),
            forgotten: None,
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
        self.ends_at(until);
    }

    fn ends_at(&mut self, until: Option<Instant>) {
        self.ends.extend(until);
        while self.ends.len() > ENDS {
            self.forgotten = self.forgotten.max(self.ends.pop_first());
        }
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
        self.ends_at(until);
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
        let lasts = |_: Instant| !self.ended_between(ticket.at, reader.at);
        self.all(tags, |stamp| {
            stamp.passes(ticket) || (stamp.is_before(ticket) && stamp.until.is_none_or(lasts))
        })
    }

    /// Whether a hold ended after `start` and not after `end`.
    fn ended_between(&self, start: Instant, end: Instant) -> bool {
        let next = self.ends.range((Excluded(start), Unbounded)).next();
        next.is_some_and(|next| *next <= end)
            || self.forgotten.is_some_and(|forgotten| start < forgotten)
    }

    /// Whether all stamps that concern the tags pass. A test that `highest` passes is one that each
    /// stamp passes.
    fn all(&self, tags: &[T], passes: impl Fn(Stamp) -> bool) -> bool {
        if passes(self.highest) {
            return true;
        }
        let passes_in = |stamps: &HashMap<T, Stamp>, tag: &T| {
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

    /// The stamps that are kept.
    #[must_use]
    pub fn len(&self) -> usize {
        self.stamps.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.stamps.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    /// A name and a value; value 0 is the whole name.
    type Pair = (u8, u32);

    impl FenceTag for Pair {
        fn whole(&self) -> Self {
            (self.0, 0)
        }
    }

    const ROOM: Pair = (1, 1);
    const OTHER_ROOM: Pair = (1, 2);
    const ROOMS: Pair = (1, 0);
    const DAY: Pair = (2, 1);

    fn fence() -> (Fence<Pair>, Instant) {
        (Fence::new(100), Instant::now())
    }

    #[test]
    fn a_write_voids_the_tickets_before_it_and_no_others() {
        let (mut fence, now) = fence();
        let before = fence.start(now);
        fence.stamp(&[ROOM]);
        let after = fence.start(now);
        assert!(!fence.admits(before, &[ROOM]));
        assert!(!fence.admits(before, &[DAY, ROOM]), "one tag is enough");
        assert!(fence.admits(before, &[OTHER_ROOM, DAY]));
        assert!(fence.admits(before, &[]));
        assert!(fence.admits(after, &[ROOM]));
    }

    #[test]
    fn a_whole_name_voids_all_its_tags_and_is_voided_by_each() {
        let (mut fence, now) = fence();
        let first = fence.start(now);
        fence.stamp(&[ROOMS]);
        assert!(!fence.admits(first, &[ROOM]));
        assert!(fence.admits(first, &[DAY]));
        let second = fence.start(now);
        assert!(fence.admits(second, &[ROOMS]));
        fence.stamp(&[OTHER_ROOM]);
        assert!(!fence.admits(second, &[ROOMS]));
        assert!(fence.admits(second, &[ROOM]));
    }

    #[test]
    fn while_held_nothing_passes_and_afterwards_only_what_began_afterwards() {
        let (mut fence, now) = fence();
        let second = Duration::from_secs(1);
        fence.hold(&[ROOM], now + second * 60);
        let inside = fence.start(now + second * 59);
        assert!(
            !fence.admits(inside, &[ROOM]),
            "the vendor may still apply the write"
        );
        assert!(!fence.admits(inside, &[ROOMS]));
        assert!(fence.admits(inside, &[OTHER_ROOM]));
        let outside = fence.start(now + second * 60);
        assert!(fence.admits(outside, &[ROOM]));
        assert!(
            !fence.admits(inside, &[ROOM]),
            "also when it ends after the hold"
        );
    }

    #[test]
    fn a_later_write_does_not_end_a_hold() {
        let (mut fence, now) = fence();
        let hold = Duration::from_secs(60);
        fence.hold(&[ROOM], now + hold);
        fence.stamp(&[ROOM]);
        fence.hold(&[ROOM], now + hold / 2);
        assert!(!fence.admits(fence.start(now + hold / 2), &[ROOM]));
        assert!(fence.admits(fence.start(now + hold), &[ROOM]));
    }

    #[test]
    fn readers_share_while_held_what_began_after_the_last_answered_write() {
        let (mut fence, now) = fence();
        let second = Duration::from_secs(1);
        let before = fence.start(now);
        fence.hold(&[ROOM], now + second * 60);
        let flight = fence.start(now + second);
        let reader = fence.start(now + second * 2);
        assert!(!fence.admits(flight, &[ROOM]), "not to be kept");
        assert!(fence.shares(flight, reader, &[ROOM]));
        assert!(fence.shares(flight, reader, &[ROOMS]));
        assert!(
            !fence.shares(before, reader, &[ROOM]),
            "older than the write"
        );
        let late = fence.start(now + second * 60);
        assert!(
            !fence.shares(flight, late, &[ROOM]),
            "who comes after the hold must see the write"
        );
        assert!(fence.shares(late, late, &[ROOM]));
        fence.stamp(&[ROOM]);
        let reader = fence.start(now + second * 3);
        assert!(!fence.shares(flight, reader, &[ROOM]), "an answered write");
        assert!(fence.shares(flight, reader, &[DAY]));
        fence.hold_all(now + second * 90);
        assert!(!fence.shares(flight, reader, &[DAY]));
        let flight = fence.start(now + second * 4);
        assert!(!fence.admits(flight, &[DAY]));
        assert!(fence.shares(flight, fence.start(now + second * 5), &[DAY, ROOM]));
        assert_eq!(fence.held_until(), Some(now + second * 90));
    }

    #[test]
    fn the_end_of_the_first_of_two_holds_counts_too() {
        let (mut fence, now) = fence();
        let second = Duration::from_secs(1);
        fence.hold(&[ROOM], now + second * 10);
        fence.hold(&[ROOM], now + second * 20);
        let flight = fence.start(now + second * 5);
        let early = fence.start(now + second * 9);
        assert!(fence.shares(flight, early, &[ROOM]));
        let late = fence.start(now + second * 10);
        assert!(!fence.shares(flight, late, &[ROOM]));
        let next = fence.start(now + second * 10);
        assert!(fence.shares(next, fence.start(now + second * 19), &[ROOM]));
        assert!(!fence.shares(next, fence.start(now + second * 20), &[ROOM]));
    }

    #[test]
    fn ends_of_holds_are_bounded_and_a_dropped_one_still_counts() {
        let (mut fence, now) = fence();
        let millisecond = Duration::from_millis(1);
        for end in 1..=5_000 {
            fence.hold(&[ROOM], now + millisecond * end);
        }
        assert_eq!(fence.ends.len(), ENDS);
        let ticket = fence.start(now);
        assert!(!fence.shares(ticket, ticket, &[ROOM]));
        let later = fence.start(now + millisecond * 4_000);
        assert!(fence.shares(later, later, &[ROOM]));
    }

    #[test]
    fn stamps_are_bounded_and_a_dropped_one_still_voids() {
        let now = Instant::now();
        let mut fence = Fence::new(10);
        let ancient = fence.start(now);
        fence.stamp(&[ROOM]);
        let old = fence.start(now);
        for value in 100..109 {
            fence.stamp(&[(1, value)]);
        }
        assert!(fence.admits(old, &[ROOM]), "ten stamps are kept");
        for value in 109..1_000 {
            fence.stamp(&[(1, value)]);
        }
        assert_eq!(fence.len(), 10);
        assert_eq!(fence.order.len(), 10);
        assert!(!fence.admits(ancient, &[ROOM]));
        assert!(
            !fence.admits(old, &[DAY]),
            "what the floor forgot may be anything"
        );
        assert!(fence.admits(fence.start(now), &[ROOM]));
    }

    #[test]
    fn stamping_again_keeps_one_stamp() {
        let (mut fence, now) = fence();
        for _ in 0..1_000 {
            fence.stamp(&[ROOM, ROOMS]);
        }
        assert_eq!(
            (fence.len(), fence.order.len(), fence.names.len()),
            (2, 2, 1)
        );
        assert!(fence.admits(fence.start(now), &[ROOM]));
    }

    #[test]
    fn a_dropped_hold_holds_everything() {
        let now = Instant::now();
        let until = now + Duration::from_secs(60);
        let mut fence = Fence::new(1);
        fence.hold(&[ROOM], until);
        fence.stamp(&[DAY]);
        assert!(!fence.admits(fence.start(now), &[ROOM]));
        assert!(fence.admits(fence.start(until), &[ROOM]));
    }

    #[test]
    fn forgotten_names_void_too() {
        let now = Instant::now();
        let mut fence = Fence::new(1);
        let ticket = fence.start(now);
        fence.stamp(&[ROOM]);
        fence.stamp(&[DAY]);
        assert!(!fence.admits(ticket, &[ROOMS]));
    }

    #[test]
    fn stamp_all_voids_everything_before_it() {
        let (mut fence, now) = fence();
        let before = fence.start(now);
        fence.stamp_all();
        assert!(!fence.admits(before, &[DAY]));
        assert!(!fence.admits(before, &[]));
        assert!(fence.admits(fence.start(now), &[DAY]));
    }
}
