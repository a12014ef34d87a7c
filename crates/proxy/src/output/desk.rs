//! The lines of one thread that wait to be written.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What is more than this and not used is given back.
const SPARE: usize = 64 * 1024;

/// Room is taken in pieces of this size, so that threads seldom meet where it is counted.
const PIECE: usize = 64 * 1024;

/// Bytes that may still wait, at all desks together.
#[derive(Debug)]
pub struct Room(AtomicUsize);

impl Room {
    pub const fn new(bytes: usize) -> Self {
        Self(AtomicUsize::new(bytes))
    }

    /// Takes `least` bytes or more, or nothing.
    fn take(&self, least: usize) -> usize {
        let wanted = least.max(PIECE);
        let taken = |left: usize| wanted.min(left);
        let rest = |left: usize| (taken(left) >= least).then(|| left - taken(left));
        let before = self
            .0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, rest);
        before.map_or(0, taken)
    }

    fn give_back(&self, bytes: usize) {
        self.0.fetch_add(bytes, Ordering::Relaxed);
    }
}

/// Where one thread puts its lines. Only the writer takes its lock besides, for the time of an exchange of two
/// pointers: with one desk for all, a thread that logs waited for the others.
pub struct Desk {
    waiting: Mutex<Waiting>,
    room: Arc<Room>,
}

#[derive(Default)]
struct Waiting {
    lines: Vec<u8>,
    /// Of the room for all.
    taken: usize,
    dropped: u64,
}

impl Desk {
    /// Lines that find no room are dropped and counted.
    pub fn new(room: Arc<Room>) -> Self {
        Self {
            waiting: Mutex::default(),
            room,
        }
    }

    /// `write` appends whole lines.
    pub fn append(&self, write: impl FnOnce(&mut Vec<u8>)) {
        let mut waiting = self.lock();
        let before = waiting.lines.len();
        write(&mut waiting.lines);
        let more = waiting.lines.len().saturating_sub(waiting.taken);
        if more > 0 {
            waiting.taken += self.room.take(more);
        }
        if waiting.lines.len() > waiting.taken {
            waiting.lines.truncate(before);
            waiting.dropped += 1;
        }
    }

    /// Puts what waits into `lines`, in place of what was there, and gives the number of dropped ones.
    pub fn empty_into(&self, lines: &mut Vec<u8>) -> u64 {
        lines.clear();
        lines.shrink_to(SPARE);
        let mut waiting = self.lock();
        std::mem::swap(&mut waiting.lines, lines);
        self.room.give_back(std::mem::take(&mut waiting.taken));
        std::mem::take(&mut waiting.dropped)
    }

    /// Whether its thread has ended and nothing waits any more.
    pub fn is_abandoned(self: &Arc<Self>) -> bool {
        Arc::strong_count(self) == 1 && self.lock().lines.is_empty()
    }

    #[cfg(test)]
    pub fn dropped(&self) -> u64 {
        self.lock().dropped
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        // Who writes a line may panic; what is there then is a line cut short, and the next ones are whole.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(desk: &Desk, bytes: usize) {
        desk.append(|lines| lines.resize(lines.len() + bytes, b'x'));
    }

    fn taken(desk: &Desk) -> (usize, u64) {
        let mut lines = Vec::new();
        let dropped = desk.empty_into(&mut lines);
        (lines.len(), dropped)
    }

    #[test]
    fn all_desks_share_one_room_and_give_it_back() {
        let room = Arc::new(Room::new(2 * PIECE + 1));
        let (one, other) = (Desk::new(room.clone()), Desk::new(room));
        for _ in 0..2 {
            put(&one, PIECE + 1);
            put(&other, PIECE);
            put(&other, 1);
            assert_eq!(taken(&other), (PIECE, 1), "the rest is the other's");
            put(&other, PIECE);
            assert_eq!(taken(&one), (PIECE + 1, 0));
            assert_eq!(taken(&other), (PIECE, 0));
        }
        put(&one, 4 * PIECE);
        assert_eq!(taken(&one), (0, 1), "larger than all of it");
        put(&one, 2 * PIECE + 1);
        assert_eq!(
            taken(&one),
            (2 * PIECE + 1, 0),
            "nothing was lost on the way"
        );
    }
}
