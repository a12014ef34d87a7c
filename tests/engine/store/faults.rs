//! What goes wrong on the way to the store.

use std::collections::VecDeque;
use std::time::Duration;

/// What a command is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Beat,
    Append,
    Members,
    Remove,
    /// A key is taken.
    Take,
    /// What is known of a key is kept.
    End,
    Rate,
    /// An answer that is shared.
    Value,
}

#[derive(Debug, Default)]
pub struct Faults {
    /// Nothing is sent.
    pub away: bool,
    /// `READONLY`.
    pub read_only: bool,
    /// Whatever was sent is not answered until this ends (SIGSTOP).
    pub stands_still: bool,
    /// Waiting for entries never returns before its limit.
    pub deaf: bool,
    pub stays_with: Option<usize>,
    /// What was asked so far.
    pub sent: Vec<Part>,
    /// Of the next command of a part alone, in this order.
    pub next: VecDeque<(Part, Fault)>,
}

#[derive(Debug, Clone, Copy)]
pub enum Fault {
    Away,
    ReadOnly,
    /// It is executed, and nobody hears of it.
    ReplyLost,
    /// It takes so long to arrive.
    Late(Duration),
    /// Its reply takes so long.
    ReplyLate(Duration),
    Fine,
}

#[derive(Debug, Default)]
pub struct Plan {
    pub away: bool,
    pub refused: bool,
    pub before: Duration,
    pub after: Duration,
    pub reply_lost: bool,
}

impl Faults {
    pub fn plan(&mut self, part: Part) -> Plan {
        let mut plan = Plan {
            away: self.away,
            refused: self.read_only && part != Part::Members,
            ..Plan::default()
        };
        let at = self.next.iter().position(|(of, _)| *of == part);
        let fault = at.and_then(|at| self.next.remove(at));
        match fault.map_or(Fault::Fine, |(_, fault)| fault) {
            Fault::Away => plan.away = true,
            Fault::ReadOnly => plan.refused = true,
            Fault::ReplyLost => plan.reply_lost = true,
            Fault::Late(time) => plan.before = time,
            Fault::ReplyLate(time) => plan.after = time,
            Fault::Fine => {}
        }
        plan
    }

    /// The next command of this part.
    pub fn once(&mut self, part: Part, fault: Fault) {
        self.next.push_back((part, fault));
    }
}
