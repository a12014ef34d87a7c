//! Two reads and two writes, the steps that each takes, and what the fence is deprived of.

use super::super::FenceTag;

/// Tags of room 1, which is called `A` until a write renames it to `B`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Name {
    Rooms,
    List,
    Id,
    External(char),
}

impl FenceTag for Name {
    fn whole(&self) -> Self {
        Self::Rooms
    }
}

#[derive(Debug, Clone, Copy)]
pub struct Write {
    /// Stamps the whole name, as a write by external id does; else the id, the body's name, the list.
    pub whole: bool,
    pub renames: bool,
    pub end: End,
}

impl Write {
    /// What it changes.
    pub fn tags(self) -> Vec<Name> {
        let called = if self.renames { 'B' } else { 'A' };
        if self.whole {
            return vec![Name::Rooms];
        }
        vec![Name::Id, Name::External(called), Name::List]
    }
}

impl End {
    pub fn is_elsewhere(self) -> bool {
        matches!(self, Self::Elsewhere | Self::NotDoneElsewhere)
    }

    pub fn is_unknown(self) -> bool {
        matches!(self, Self::AppliedThenUnknown | Self::UnknownThenApplied)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    Done,
    AppliedThenUnknown,
    UnknownThenApplied,
    /// At another member: held here from its start on, answered when it is applied, told here only afterwards.
    Elsewhere,
    /// The same of one that comes to nothing.
    NotDoneElsewhere,
}

/// What is left out, to see that the oracle misses it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Without {
    Nothing,
    Stamps,
    Holds,
    CheckOfServing,
    /// Of the flight's ticket, both when a reader joins and when it lands.
    ChecksOfFlights,
    CheckOfLanding,
    TagsOfTheAnswer,
    /// Of a hold between the start of a flight and a reader who joins it.
    EndsOfHolds,
    HoldsOfWrites,
    /// A hold of a write keeps things out of the store alone.
    HoldsOfFlights,
    /// The release of a write does away with its stamp.
    StampsAtTheRelease,
}

#[derive(Debug, Clone, Copy)]
pub struct Scenario {
    /// Each read asks for one tag: the whole of its key.
    pub asks: [Name; 2],
    pub writes: [Write; 2],
    pub without: Without,
}

/// Steps of each actor. A read: start, observe, fill, and a later reader of the same key. A write:
/// start, apply, answer (or answer, apply). The clock: all holds are over.
pub const STEPS: [u8; 5] = [4, 4, 3, 3, 1];
pub const CLOCK: usize = 4;
pub type Positions = [u8; 5];

/// The clock waits for what a hold waits for: both writes.
pub fn may_step(positions: Positions, actor: usize) -> bool {
    let writes_over = positions[2] == STEPS[2] && positions[3] == STEPS[3];
    positions[actor] < STEPS[actor] && (actor != CLOCK || writes_over)
}

/// Each read of a room or of the list, twice, and two different ones of one room; each pair of writes
/// that differ in what they stamp or in how they end.
pub fn scenarios(without: Without) -> Vec<Scenario> {
    let (a, b) = (Name::External('A'), Name::External('B'));
    let asks = [
        [Name::Id, Name::Id],
        [a, a],
        [b, b],
        [Name::List, Name::List],
        [Name::Id, a],
    ];
    let write = |whole, renames, end| Write {
        whole,
        renames,
        end,
    };
    let writes = [
        write(false, false, End::Done),
        write(false, true, End::Done),
        write(true, true, End::Done),
        write(false, true, End::UnknownThenApplied),
        write(true, false, End::AppliedThenUnknown),
    ];
    let elsewhere = write(false, true, End::Elsewhere);
    let pairs_with_others = [
        [elsewhere, elsewhere],
        [elsewhere, write(false, true, End::Done)],
        [elsewhere, write(true, false, End::UnknownThenApplied)],
        [
            write(true, false, End::Elsewhere),
            write(false, true, End::NotDoneElsewhere),
        ],
    ];
    let mut scenarios = Vec::new();
    for asks in asks {
        for writes in pairs_with_others {
            scenarios.push(Scenario {
                asks,
                writes,
                without,
            });
        }
        for (at, one) in writes.iter().enumerate() {
            for other in &writes[at..] {
                scenarios.push(Scenario {
                    asks,
                    writes: [*one, *other],
                    without,
                });
            }
        }
    }
    scenarios
}
