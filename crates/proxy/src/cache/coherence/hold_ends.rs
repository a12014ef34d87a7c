//! When holds end.

use std::collections::BTreeSet;
use std::ops::Bound::{Excluded, Unbounded};
use std::time::Instant;

/// How many ends are kept. With more of them within one hold calls are not shared.
pub(super) const MOST: usize = 4096;

/// The ends of holds, of whatever tags: who comes after an end must see what was written in the hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(super) struct HoldEnds {
    kept: BTreeSet<Instant>,
    /// The last end that was dropped when there were too many.
    forgotten: Option<Instant>,
}

impl HoldEnds {
    /// One more; `None` adds none.
    pub fn extend(&mut self, end: Option<Instant>) {
        self.kept.extend(end);
        while self.kept.len() > MOST {
            self.forgotten = self.forgotten.max(self.kept.pop_first());
        }
    }

    /// Whether a hold ended after `start` and not after `end`.
    pub fn any_between(&self, start: Instant, end: Instant) -> bool {
        let next = self.kept.range((Excluded(start), Unbounded)).next();
        next.is_some_and(|next| *next <= end)
            || self.forgotten.is_some_and(|forgotten| start < forgotten)
    }

    #[cfg(test)]
    pub fn len(&self) -> usize {
        self.kept.len()
    }
}
