//! The lines of one thread that wait to be written.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What is more than this and not used is given back.
const SPARE: usize = 64 * 1024;

/// Where one thread puts its lines. Only the writer takes its lock besides, for the time of an exchange of two
/// pointers: with one desk for all, a thread that logs waited for the others.
pub struct Desk {
    waiting: Mutex<Waiting>,
    most: usize,
}

#[derive(Default)]
struct Waiting {
    lines: Vec<u8>,
    dropped: u64,
}

impl Desk {
    /// At most about `most` bytes wait; lines that find no room are dropped and counted.
    pub fn new(most: usize) -> Self {
        Self {
            waiting: Mutex::default(),
            most,
        }
    }

    /// `write` appends whole lines.
    pub fn append(&self, write: impl FnOnce(&mut Vec<u8>)) {
        let mut waiting = self.lock();
        let before = waiting.lines.len();
        write(&mut waiting.lines);
        // The first is taken whatever its size.
        if before > 0 && waiting.lines.len() > self.most {
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
