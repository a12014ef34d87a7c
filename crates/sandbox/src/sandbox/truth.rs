//! What a test asks: the ledger and the true state, and a hand in both.

use crate::day::Day;
use crate::ledger::Recorded;
use crate::room::Room;
use crate::sandbox::Sandbox;
use crate::state::{Change, Subject};

impl Sandbox {
    /// Every request seen, in order, as far as [`crate::Config::ledger_limit`] reaches.
    pub fn ledger(&self) -> Vec<Recorded> {
        self.shared.world.lock().ledger.entries()
    }

    /// How many requests the limit has pushed out of the ledger since it was last cleared.
    pub fn ledger_forgotten(&self) -> u64 {
        self.shared.world.lock().ledger.forgotten()
    }

    pub fn clear_ledger(&self) {
        self.shared.world.lock().ledger.clear();
    }

    /// Every change of the state, in order, as far as [`crate::Config::ledger_limit`] reaches.
    pub fn history(&self) -> Vec<Change> {
        self.shared.world.lock().history()
    }

    /// The true rooms, by id.
    pub fn rooms(&self) -> Vec<Room> {
        self.shared.world.lock().state.rooms().cloned().collect()
    }

    pub fn room(&self, id: u64) -> Option<Room> {
        self.shared.world.lock().state.room(id).cloned()
    }

    pub fn room_named(&self, external_id: &str) -> Option<Room> {
        let inner = self.shared.world.lock();
        inner.state.room_named(external_id).cloned()
    }

    /// Stores a room as if by the vendor's own pages: new with id 0, else in place of the one with
    /// its id. Returns it with its id and version.
    ///
    /// # Panics
    /// Where another room has its external id, which the vendor rules out.
    #[allow(clippy::panic)] // invariant: documented above; only tests call it
    pub fn put_room(&self, room: Room) -> Room {
        self.try_put_room(room)
            .unwrap_or_else(|refused| panic!("{refused}"))
    }

    pub(crate) fn try_put_room(&self, room: Room) -> Result<Room, ExternalIdTaken> {
        let mut inner = self.shared.world.lock();
        if let Some(external_id) = &room.external_id
            && let Some(other) = inner.state.room_named(external_id)
            && other.id != room.id
        {
            return Err(ExternalIdTaken {
                external_id: external_id.clone(),
                by: other.id,
            });
        }
        let room = inner.state.write_room(room);
        inner.note(None, Subject::Room(room.clone()));
        Ok(room)
    }

    /// Takes a room away as if by the vendor's own pages.
    pub fn remove_room(&self, id: u64) -> Option<Room> {
        let mut inner = self.shared.world.lock();
        let room = inner.state.remove_room(id)?;
        inner.note(None, Subject::RoomDeleted(room.clone()));
        Some(room)
    }

    /// The true training days, by id.
    pub fn days(&self) -> Vec<Day> {
        self.shared.world.lock().state.days().cloned().collect()
    }

    pub fn day(&self, day_id: &str) -> Option<Day> {
        self.shared.world.lock().state.day(day_id).cloned()
    }

    /// Stores a day as if by the vendor's own pages; returns it with its version.
    pub fn put_day(&self, day: Day) -> Day {
        let mut inner = self.shared.world.lock();
        let day = inner.state.write_day(day);
        inner.note(None, Subject::Day(day.clone()));
        day
    }

    /// How many iSpring tokens would be taken now.
    pub fn valid_tokens(&self) -> usize {
        self.shared.world.lock().state.valid_tokens()
    }

    /// Every iSpring token is refused from now on, before its time.
    pub fn revoke_tokens(&self) {
        self.shared.world.lock().state.forget_tokens();
    }

    /// Every iSpring token is refused from now on, as after its lifetime; on the wire the vendor
    /// makes no difference.
    pub fn expire_tokens(&self) {
        self.revoke_tokens();
    }
}

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("external_id {external_id:?} belongs to room {by}; give it another one")]
pub(crate) struct ExternalIdTaken {
    external_id: String,
    by: u64,
}
