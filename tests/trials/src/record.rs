//! What callers asked and were answered, in their own order of time.

use std::collections::BTreeMap;

/// Id → external id and name: as much of a room as is written and read here.
pub type Rooms = BTreeMap<u64, (String, String)>;

/// What a read shows.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum View {
    Id(u64),
    Name(String),
    List,
    /// The first rooms, so many.
    Page(usize),
}

impl View {
    /// What of these rooms it shows.
    #[must_use]
    pub fn of(&self, rooms: &Rooms) -> Rooms {
        let all = rooms.iter().map(|(id, room)| (*id, room.clone()));
        match self {
            Self::Id(id) => all.filter(|(own, _)| own == id).collect(),
            Self::Name(name) => all.filter(|(_, room)| room.0 == *name).collect(),
            Self::List => rooms.clone(),
            Self::Page(count) => all.take(*count).collect(),
        }
    }
}

#[derive(Debug, Clone)]
pub struct Read {
    /// Before the first byte left the caller.
    pub sent: u64,
    pub door: usize,
    pub view: View,
    pub seen: Rooms,
    pub hit: bool,
}

/// What a write was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word {
    Done,
    NotDone,
    Unknown,
}

#[derive(Debug, Clone)]
pub struct Write {
    pub sent: u64,
    pub door: usize,
    /// When the answer was there and what it said; `None`: none came.
    pub answered: Option<(u64, Word)>,
    pub trace: Trace,
    /// The answer as it stood, for who looks into a failure.
    pub told: String,
}

/// How a write is found in the vendor's history.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Trace {
    /// It wrote this name, which nobody else writes but who repeats it under its `Idempotency-Key`.
    Wrote(String),
    DeletedId(u64),
    DeletedName(String),
    /// No read shows it.
    Status,
}

/// All that one caller did.
#[derive(Debug, Default)]
pub struct Record {
    pub reads: Vec<Read>,
    pub writes: Vec<Write>,
    /// Reads without a word of rooms, by what was answered instead.
    pub failed: BTreeMap<String, usize>,
}

impl Record {
    /// What others did is added.
    pub fn extend(&mut self, other: Self) {
        self.reads.extend(other.reads);
        self.writes.extend(other.writes);
        for (what, count) in other.failed {
            *self.failed.entry(what).or_default() += count;
        }
    }
}
