//! Takes away what unknown outcomes left behind, and counts what a vendor saw twice.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use sandbox::Sandbox;

use crate::tally::{Tally, count};

const EVERY: Duration = Duration::from_secs(1);
/// In rounds. Longer than any caller works on one room.
const KEPT: usize = 40;
const SEEDED: u64 = 2145;

pub fn run(sandbox: &Sandbox, tally: &Tally, until: Instant) {
    let mut seen = HashSet::new();
    let mut highest = Vec::new();
    let mut last = 0;
    while Instant::now() < until {
        std::thread::sleep(EVERY);
        for call in sandbox.ledger() {
            let fresh = call.sequence > last;
            last = last.max(call.sequence);
            if fresh && call.operation == "netex.create" && !seen.insert(call.body) {
                count(&tally.duplicates);
            }
        }
        let rooms = sandbox.rooms();
        highest.push(rooms.last().map_or(0, |room| room.id));
        let old = highest
            .len()
            .checked_sub(KEPT)
            .and_then(|index| highest.get(index));
        for room in rooms {
            if room.id > SEEDED && old.is_some_and(|old| room.id <= *old) {
                sandbox.remove_room(room.id);
            }
        }
    }
}
