//! Random faults, a few at a time.

use std::time::{Duration, Instant};

use sandbox::{Fault, FaultKind, Sandbox, When};

const EVERY: Duration = Duration::from_millis(60);
const OPERATIONS: [&str; 8] = [
    "netex.create",
    "netex.replace",
    "netex.status",
    "netex.delete",
    "netex.get",
    "netex.list",
    "ispring.update_day",
    "ispring.get_day",
];

/// A fixed sequence, so that two runs meet the same faults (Knuth's MMIX constants).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % limit
    }
}

pub fn run(sandbox: &Sandbox, until: Instant) {
    let mut random = Random(1);
    while Instant::now() < until {
        std::thread::sleep(EVERY);
        match random.below(200) {
            0 => {
                sandbox.add_fault(Fault::every("netex.*", When::Before, FaultKind::Refuse));
                std::thread::sleep(Duration::from_millis(300));
                sandbox.clear_faults();
            }
            1 => sandbox.revoke_tokens(),
            // What no call has met by now.
            2..10 => sandbox.clear_faults(),
            _ => {
                let operation = OPERATIONS[random.below(OPERATIONS.len())];
                let when = [When::Before, When::After][random.below(2)];
                sandbox.add_fault(Fault::next(operation, when, kind(&mut random)));
            }
        }
    }
    sandbox.clear_faults();
}

fn kind(random: &mut Random) -> FaultKind {
    match random.below(16) {
        0 => FaultKind::Delay { ms: 2_300 },
        1 => FaultKind::Delay { ms: 400 },
        2 => FaultKind::Hang,
        3 | 4 => FaultKind::Reset,
        5 => FaultKind::Close,
        6 => FaultKind::Truncate { bytes: 30 },
        7 => FaultKind::Garbage { raw: None },
        8 => FaultKind::Html { status: 200 },
        9 => FaultKind::status(500),
        10 => FaultKind::status(503),
        11 => FaultKind::status_with(503, "Retry-After", "1"),
        12 => FaultKind::AnswerThenClose,
        13 => FaultKind::Redirect {
            location: "https://elsewhere.example/".to_owned(),
            status: 302,
        },
        14 => FaultKind::Status200Ko,
        _ => FaultKind::Drip { ms_per_byte: 1 },
    }
}
