//! Who holds how much, who waits for more, and who must go.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

/// The wait of a reader who finds no room, before somebody must go.
pub const MAX_WAIT: Duration = Duration::from_secs(1);
/// Whoever sends less than this in a second may be the one that must go.
pub const SLOW: usize = 16 * 1024;

#[derive(Debug, Default)]
pub struct Ledger {
    pub limit: usize,
    pub used: usize,
    pub last: u64,
    /// Those that are still being read, by their order.
    pub reading: BTreeMap<u64, Reading>,
}

#[derive(Debug)]
pub struct Reading {
    pub held: usize,
    /// More that it waits for.
    pub wants: usize,
    /// It must go, so that others come to their end.
    pub refused: bool,
    /// When it was last looked at, and how much has come since.
    pub since: Instant,
    pub received: usize,
    /// Of room, or that it must go.
    pub notify: Arc<Notify>,
}

impl Ledger {
    pub fn free(&self) -> usize {
        self.limit.saturating_sub(self.used)
    }

    /// Gives what is free to those who wait, the first first. Who needs little may pass who needs much.
    pub fn serve(&mut self) {
        let mut free = self.free();
        for reading in self.reading.values_mut() {
            if reading.wants > 0 && reading.wants <= free && !reading.refused {
                free -= reading.wants;
                self.used += reading.wants;
                reading.held += reading.wants;
                reading.wants = 0;
                reading.notify.notify_one();
            }
        }
    }

    /// Makes room for one who waited in vain; it may have to go itself.
    pub fn make_room(&mut self, number: u64, now: Instant) {
        // Those who came before it are served before it.
        let before = self.reading.range(..=number);
        let before = before.filter(|(_, reading)| !reading.refused);
        let wants: usize = before.map(|(_, reading)| reading.wants).sum();
        let leaving = self.reading.values().filter(|reading| reading.refused);
        let mut room = self.free() + leaving.map(|reading| reading.held).sum::<usize>();
        let slow = self
            .reading
            .iter()
            .filter(|(_, reading)| reading.is_slow(now));
        let mut slow: Vec<_> = slow
            .map(|(number, reading)| (reading.held, *number))
            .collect();
        slow.sort_unstable_by(|one, other| other.cmp(one));
        let slow = slow.into_iter().map(|(_, number)| number);
        let waiting = self.reading.iter().rev();
        let waiting = waiting.filter(|(_, reading)| reading.wants > 0 && !reading.refused);
        let waiting: Vec<u64> = waiting.map(|(number, _)| *number).collect();
        for victim in slow.chain(waiting) {
            if room >= wants {
                return;
            }
            if let Some(reading) = self.reading.get_mut(&victim) {
                room += reading.held;
                reading.refused = true;
                reading.notify.notify_one();
            }
            if victim == number {
                return;
            }
        }
    }
}

impl Reading {
    /// It holds something, waits for its caller and not for us, and hardly anything came for a while.
    fn is_slow(&self, now: Instant) -> bool {
        let time = now.saturating_duration_since(self.since);
        let expected = time.as_secs_f64() * SLOW as f64;
        let waits = self.wants > 0 || self.refused || self.held == 0;
        !waits && time >= MAX_WAIT && (self.received as f64) < expected
    }

    pub fn receive(&mut self, bytes: usize, now: Instant) {
        if now.saturating_duration_since(self.since) >= MAX_WAIT {
            self.since = now;
            self.received = 0;
        }
        self.received += bytes;
    }
}
