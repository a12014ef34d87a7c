//! Judges what callers were answered by the vendor's own history: what a read showed must be what the vendor had at
//! some moment after every write to it that was answered before the read was sent.

mod promises;
mod states;

use std::collections::HashMap;
use std::fmt;

use sandbox::Sandbox;

use crate::record::{Read, Record, Trace, Word, Write};
pub use promises::Amnesty;
use promises::Floors;
use states::States;

#[derive(Debug, Default)]
pub struct Verdict {
    pub reads: usize,
    pub hits: usize,
    pub writes: usize,
    /// Of those, done.
    pub done: usize,
    pub not_done: usize,
    pub unknown: usize,
    /// No answer came.
    pub cut: usize,
    /// Reads that were no rooms, by what was answered.
    pub failed: std::collections::BTreeMap<String, usize>,
    pub stale: Vec<String>,
    pub duplicates: Vec<String>,
    pub lies: Vec<String>,
}

/// Of an end at which nothing is under way any more.
#[must_use]
pub fn judge(sandbox: &Sandbox, record: Record, amnesties: &[Amnesty]) -> Verdict {
    let history = sandbox.history();
    let first = history.first().map(|change| change.sequence);
    assert!(first.is_none_or(|first| first == 1), "the history is whole");
    let states = States::of(&history);
    let mut verdict = Verdict {
        reads: record.reads.len(),
        hits: record.reads.iter().filter(|read| read.hit).count(),
        writes: record.writes.len(),
        failed: record.failed,
        duplicates: duplicates(sandbox),
        lies: lies(&states, &record.writes),
        ..Verdict::default()
    };
    for write in &record.writes {
        *match write.answered {
            Some((_, Word::Done)) => &mut verdict.done,
            Some((_, Word::NotDone)) => &mut verdict.not_done,
            Some((_, Word::Unknown)) => &mut verdict.unknown,
            None => &mut verdict.cut,
        } += 1;
    }
    let promises = promises::of(&states, &record.writes, amnesties);
    verdict.stale = stale(&states, record.reads, Floors::new(promises));
    verdict
}

fn stale(states: &States, mut reads: Vec<Read>, mut floors: Floors) -> Vec<String> {
    reads.sort_by_key(|read| read.sent);
    let mut stale = Vec::new();
    for read in &reads {
        let floor = floors.at(read.sent, &read.view);
        let last = states.last(&read.view, &read.seen);
        if last.is_none_or(|last| last < floor) {
            let by = floors.last_write(&read.view);
            stale.push(format!(
                "{read:?} is as of change {last:?}, and {floor} were answered: {by}"
            ));
        }
    }
    stale
}

/// Names that the vendor took twice from creates or replaces: each is written by one request.
fn duplicates(sandbox: &Sandbox) -> Vec<String> {
    assert_eq!(sandbox.ledger_forgotten(), 0, "the ledger is whole");
    let mut taken: HashMap<String, usize> = HashMap::new();
    for call in sandbox.ledger() {
        let body = String::from_utf8_lossy(&call.body).into_owned();
        let name = body.split('&').find_map(|part| part.strip_prefix("name="));
        if let Some(name) = name.filter(|_| call.applied && call.operation != "netex.status") {
            *taken.entry(name.to_owned()).or_default() += 1;
        }
    }
    let twice = taken.into_iter().filter(|(_, count)| *count > 1);
    twice
        .map(|(name, count)| format!("{name} was written {count} times"))
        .collect()
}

fn lies(states: &States, writes: &[Write]) -> Vec<String> {
    let mut lies = Vec::new();
    let mut by_trace: HashMap<&Trace, Vec<&Write>> = HashMap::new();
    for write in writes {
        by_trace.entry(&write.trace).or_default().push(write);
    }
    for (trace, writes) in by_trace {
        let happened = match trace {
            Trace::Wrote(name) => states.wrote(name).is_some(),
            Trace::DeletedId(id) => states.deleted(*id).is_some(),
            Trace::DeletedName(_) | Trace::Status => continue,
        };
        let told = |word| {
            let mut told = writes.iter().filter_map(|write| write.answered);
            told.any(|(_, own)| own == word)
        };
        let denied = writes
            .iter()
            .all(|write| matches!(write.answered, Some((_, Word::NotDone))));
        if told(Word::Done) && !happened {
            lies.push(format!("done, and it is not: {writes:?}"));
        }
        // A second delete of the same room is told that there is none.
        if denied && happened && matches!(trace, Trace::Wrote(_)) {
            lies.push(format!("not done, and it is: {writes:?}"));
        }
    }
    lies
}

impl Verdict {
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.stale.is_empty() && self.duplicates.is_empty() && self.lies.is_empty()
    }

    /// # Panics
    /// With some examples, if an answer was wrong.
    #[track_caller]
    pub fn expect_sound(&self) {
        let wrong = [&self.stale, &self.duplicates, &self.lies];
        let examples: Vec<&String> = wrong
            .into_iter()
            .flat_map(|list| list.iter().take(3))
            .collect();
        assert!(self.is_sound(), "{self}, such as {examples:#?}");
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} reads ({} hits; without rooms: {:?}), {} writes ({} done, {} not done, {} unknown, {} cut): {} stale, {} duplicates, {} lies",
            self.reads,
            self.hits,
            self.failed,
            self.writes,
            self.done,
            self.not_done,
            self.unknown,
            self.cut,
            self.stale.len(),
            self.duplicates.len(),
            self.lies.len()
        )
    }
}
