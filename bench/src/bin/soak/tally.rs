//! What came of it.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

#[derive(Default)]
pub struct Tally {
    pub reads: AtomicU64,
    pub done: AtomicU64,
    pub not_done: AtomicU64,
    pub unknown: AtomicU64,
    pub lies: AtomicU64,
    pub duplicates: AtomicU64,
    /// Requests without an answer: the gateway answers each.
    pub unanswered: AtomicU64,
}

pub fn count(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}

impl Tally {
    pub fn is_sound(&self) -> bool {
        [&self.lies, &self.duplicates, &self.unanswered]
            .iter()
            .all(|counter| counter.load(Ordering::Relaxed) == 0)
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let get = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        write!(
            f,
            "{} reads, {} writes done, {} not done, {} unknown, {} lies, {} duplicates, {} unanswered",
            get(&self.reads),
            get(&self.done),
            get(&self.not_done),
            get(&self.unknown),
            get(&self.lies),
            get(&self.duplicates),
            get(&self.unanswered)
        )
    }
}
