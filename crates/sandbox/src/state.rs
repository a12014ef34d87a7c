//! What is true at the vendors, without sockets and without faults.

use std::collections::BTreeMap;
use std::time::Instant;

use serde::Serialize;

use crate::config::Seed;
use crate::day::Day;
use crate::room::Room;
use crate::seed;

/// One write that took effect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Position among all changes since the start, from 1.
    pub sequence: u64,
    /// The vendor call that wrote, or `None` for a test's own hand.
    pub operation: Option<&'static str>,
    pub subject: Subject,
}

/// The state that a write left behind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    Room(Room),
    /// The room as it was last.
    RoomDeleted(Room),
    Day(Day),
}

#[derive(Clone, Debug)]
pub(crate) struct State {
    rooms: BTreeMap<u64, Room>,
    next_room: u64,
    days: BTreeMap<String, Day>,
    /// Each token with the moment of its death; `None` where that lies beyond the clock.
    tokens: BTreeMap<String, Option<Instant>>,
}

impl State {
    pub(crate) fn seeded(seed: Seed) -> Self {
        let (rooms, days) = match seed {
            Seed::Full => (seed::rooms(), seed::days()),
            Seed::Empty => (Vec::new(), Vec::new()),
        };
        let mut state = Self {
            rooms: BTreeMap::new(),
            next_room: 1,
            days: BTreeMap::new(),
            tokens: BTreeMap::new(),
        };
        for room in rooms {
            state.write_room(room);
        }
        for day in days {
            state.write_day(day);
        }
        state
    }

    /// In the order of their ids.
    pub(crate) fn rooms(&self) -> impl Iterator<Item = &Room> {
        self.rooms.values()
    }

    pub(crate) fn room(&self, id: u64) -> Option<&Room> {
        self.rooms.get(&id)
    }

    pub(crate) fn room_named(&self, external_id: &str) -> Option<&Room> {
        self.rooms
            .values()
            .find(|room| room.external_id.as_deref() == Some(external_id))
    }

    /// Stores the room under its id, or under the next one where that is 0, and counts its version.
    /// Ids are never given out again after a delete.
    pub(crate) fn write_room(&mut self, mut room: Room) -> Room {
        if room.id == 0 {
            room.id = self.next_room;
        }
        self.next_room = self.next_room.max(room.id.saturating_add(1));
        room.version = self.rooms.get(&room.id).map_or(0, |old| old.version) + 1;
        self.rooms.insert(room.id, room.clone());
        room
    }

    pub(crate) fn remove_room(&mut self, id: u64) -> Option<Room> {
        self.rooms.remove(&id)
    }

    pub(crate) fn days(&self) -> impl Iterator<Item = &Day> {
        self.days.values()
    }

    /// By UUID, in whatever case.
    pub(crate) fn day(&self, day_id: &str) -> Option<&Day> {
        self.days.get(&day_id.to_ascii_lowercase())
    }

    pub(crate) fn write_day(&mut self, mut day: Day) -> Day {
        day.day_id.make_ascii_lowercase();
        day.version = self.days.get(&day.day_id).map_or(0, |old| old.version) + 1;
        self.days.insert(day.day_id.clone(), day.clone());
        day
    }

    pub(crate) fn admit_token(&mut self, token: String, dies: Option<Instant>) {
        let now = Instant::now();
        self.tokens.retain(|_, dies| is_alive(*dies, now)); // else the demo would collect them
        self.tokens.insert(token, dies);
    }

    pub(crate) fn token_is_valid(&self, token: &str) -> bool {
        let now = Instant::now();
        self.tokens
            .get(token)
            .is_some_and(|dies| is_alive(*dies, now))
    }

    pub(crate) fn valid_tokens(&self) -> usize {
        let now = Instant::now();
        self.tokens
            .values()
            .filter(|dies| is_alive(**dies, now))
            .count()
    }

    pub(crate) fn forget_tokens(&mut self) {
        self.tokens.clear();
    }
}

fn is_alive(dies: Option<Instant>, now: Instant) -> bool {
    dies.is_none_or(|dies| now < dies)
}
