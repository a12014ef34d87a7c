//! What one door keeps and is reading, under the gateway's own fence.

use std::hash::{Hash, Hasher};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use proxy::cache::{Fence, FenceTag, Held, HoldId, Sharing, Ticket};
use proxy::shared::WriteId;

use crate::cast::ticks;
use crate::told::{Hold, Tell};

/// The writes whose change was seen.
pub type Value = u8;

/// A tag of one key, or of all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Key(u8);

impl FenceTag for Key {
    fn whole(&self) -> Self {
        Self(u8::MAX)
    }
}

#[derive(Debug, Clone, Copy)]
struct Kept {
    value: Value,
    ticket: Ticket,
    /// It will never be admitted again.
    void: bool,
}

/// The vendor is asked for a key.
#[derive(Debug, Clone, Copy)]
struct Flight {
    seen: Option<Value>,
    ticket: Ticket,
    void: bool,
}

#[derive(Debug, Clone)]
pub struct Cache {
    fence: Fence<Key>,
    kept: Vec<Option<Kept>>,
    flights: Vec<Option<Flight>>,
    /// Within a tick one ticket comes after the other.
    moment: u32,
    /// As the fence has them. Sorted, so that equal caches are equal.
    holds: Vec<(Hold, u8)>,
    /// Own writes of unknown outcome: their keys, and until when they are held.
    unknown: Vec<(u8, Instant)>,
}

/// How far a call is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Call {
    None,
    Asked,
    Read,
}

fn at(tick: u8) -> Instant {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    *START + ticks(tick)
}

fn tags(keys: u8) -> Vec<Key> {
    (0..8).filter(|key| keys >> key & 1 == 1).map(Key).collect()
}

impl Cache {
    pub fn new(keys: u8) -> Self {
        Self {
            fence: Fence::new(64),
            kept: vec![None; keys.into()],
            flights: vec![None; keys.into()],
            moment: 0,
            holds: Vec::new(),
            unknown: Vec::new(),
        }
    }

    /// Has this of each key, read at this time.
    pub fn fill(&mut self, value: Value, clock: u8) {
        let ticket = self.start(clock);
        let void = false;
        self.kept.fill(Some(Kept {
            value,
            ticket,
            void,
        }));
    }

    /// A new generation finds nothing, and joins nothing.
    pub fn begin_generation(&mut self) {
        self.kept.fill(None);
        self.flights.fill(None);
    }

    fn start(&mut self, clock: u8) -> Ticket {
        self.moment += 1;
        let now = at(clock) + Duration::from_micros(self.moment.into());
        self.fence.start(now)
    }

    pub fn hear(&mut self, tell: Tell) {
        match tell {
            Tell::Stamp(keys) => self.stamp(keys),
            Tell::Hold(write, keys) => {
                let held = match keys {
                    u8::MAX => Held::All,
                    keys => Held::Tags(tags(keys)),
                };
                self.fence.hold_write(id(write), held);
                self.holds.retain(|(known, _)| *known != write);
                self.holds.push((write, keys));
                self.holds.sort_unstable();
            }
            Tell::Release(write) => {
                self.fence.release(&id(write));
                self.holds.retain(|(known, _)| *known != write);
            }
        }
    }

    pub fn stamp(&mut self, keys: u8) {
        match keys {
            u8::MAX => self.fence.stamp_all(),
            keys => self.fence.stamp(&tags(keys)),
        }
        self.settle();
    }

    /// Only where a fault is planted: calls in flight pass for ones that began afterwards.
    pub fn stamp_kept(&mut self, clock: u8) {
        self.fence.stamp_all();
        let ticket = self.start(clock);
        self.flights
            .iter_mut()
            .flatten()
            .for_each(|flight| flight.ticket = ticket);
        self.settle();
    }

    /// Nobody knows what became of a write through this door.
    pub fn unknown(&mut self, keys: u8, until: u8) {
        match keys {
            u8::MAX => self.fence.hold_all(at(until)),
            keys => self.fence.hold(&tags(keys), at(until)),
        }
        self.unknown.push((keys, at(until)));
        self.settle();
    }

    /// Says of what will never be admitted again that it is so: caches that differ in it alone are equal.
    fn settle(&mut self) {
        let (fence, unknown) = (&self.fence, &self.unknown);
        let is_void = |key: usize, ticket: Ticket| {
            let mut holds = unknown.iter();
            fence.shares(ticket, ticket, &[Key(key as u8)]) == Sharing::No
                || holds.any(|(keys, until)| keys >> key & 1 == 1 && ticket.at() < *until)
        };
        for (key, kept) in self.kept.iter_mut().enumerate() {
            if let Some(kept) = kept {
                kept.void = is_void(key, kept.ticket);
            }
        }
        for (key, flight) in self.flights.iter_mut().enumerate() {
            if let Some(flight) = flight {
                flight.void = is_void(key, flight.ticket);
            }
        }
    }

    pub fn keeps(&self, key: usize) -> bool {
        self.kept[key].is_some_and(|kept| !kept.void)
    }

    /// What the fence lets out of the store for a key.
    pub fn admitted(&self, key: usize) -> Option<Value> {
        let kept = self.kept[key]?;
        let admits = self.fence.admits(kept.ticket, &[Key(key as u8)]);
        admits.then_some(kept.value)
    }

    pub fn call(&self, key: usize) -> Call {
        match self.flights[key] {
            None => Call::None,
            Some(Flight { seen: None, .. }) => Call::Asked,
            Some(_) => Call::Read,
        }
    }

    /// The vendor is asked; it may have read already.
    pub fn ask(&mut self, key: usize, seen: Option<Value>, clock: u8) {
        let ticket = self.start(clock);
        let void = false;
        self.flights[key] = Some(Flight { seen, ticket, void });
        self.settle();
    }

    pub fn read(&mut self, key: usize, value: Value) {
        if let Some(flight) = &mut self.flights[key] {
            flight.seen = Some(value);
        }
    }

    /// Whether a reader who comes now may join the call.
    pub fn shares(&self, key: usize, clock: u8) -> bool {
        let now = at(clock) + Duration::from_micros(u64::from(self.moment) + 1);
        let reader = self.fence.start(now);
        let tags = [Key(key as u8)];
        self.flights[key]
            .is_some_and(|flight| self.fence.shares(flight.ticket, reader, &tags) == Sharing::Yes)
    }

    /// A vendor's answer is there: kept, unless it is void or held. Says what whoever joined gets.
    pub fn land(&mut self, key: usize, clock: u8) -> Option<Value> {
        let shared = self.shares(key, clock);
        let flight = self.flights[key].take()?;
        let value = flight.seen?;
        if self.fence.admits(flight.ticket, &[Key(key as u8)]) {
            let Flight { ticket, void, .. } = flight;
            self.kept[key] = Some(Kept {
                value,
                ticket,
                void,
            });
        }
        shared.then_some(value)
    }

    /// What the future depends on: not the numbers of tickets and stamps, but what they make of each other.
    fn kept_view(&self) -> impl Iterator<Item = Option<Value>> {
        let kept = self.kept.iter().map(|kept| kept.filter(|kept| !kept.void));
        kept.map(|kept| kept.map(|kept| kept.value))
    }

    fn flights_view(&self) -> impl Iterator<Item = Option<(Option<Value>, bool)>> {
        let flights = self.flights.iter();
        flights.map(|flight| flight.map(|flight| (flight.seen, flight.void)))
    }
}

impl PartialEq for Cache {
    fn eq(&self, other: &Self) -> bool {
        self.holds == other.holds
            && self.kept_view().eq(other.kept_view())
            && self.flights_view().eq(other.flights_view())
    }
}

impl Eq for Cache {}

impl Hash for Cache {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.holds.hash(state);
        self.kept_view().for_each(|kept| kept.hash(state));
        self.flights_view().for_each(|flight| flight.hash(state));
    }
}

fn id((who, write): Hold) -> HoldId {
    HoldId {
        holder: 0,
        write: WriteId {
            member: who.id().clone(),
            number: write.into(),
        },
    }
}
