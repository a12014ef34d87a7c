//! What is known of each key: bounded in number, size and age. What runs, and what ended in an unknown
//! outcome, gives way to nobody: forgotten, a repetition would write without looking.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use tokio::time::Instant;

use super::ended::Ended;
use crate::engine::answer::reply::Reply;
use crate::upstream::SendState;

type Id = [u8; 32];
type Code = Option<Arc<str>>;
/// When the key's request began, and a number, since two can begin at once.
type Age = (Instant, u64);

/// How long an answer, or that the outcome is unknown, is kept.
const RETENTION: Duration = Duration::from_secs(24 * 60 * 60);
/// More keys than this would be a leak somewhere. Of the answered ones the oldest goes first.
const MAX_KEYS: usize = 10_000;
/// Ten thousand answers that echo a megabyte each would fill the memory; the oldest go first.
const MAX_BYTES: usize = 64 * 1024 * 1024;

#[derive(Default)]
pub struct Keys {
    state: Mutex<State>,
}

/// Each entry that does not run stands in one of the two orders, by its age.
#[derive(Default)]
struct State {
    entries: HashMap<Id, Entry>,
    answered: BTreeMap<Age, Id>,
    unknown: BTreeMap<Age, Id>,
    /// Of all answers kept.
    bytes: usize,
    last: u64,
}

struct Entry {
    fingerprint: [u8; 32],
    age: Age,
    state: Known,
}

enum Known {
    Running,
    Answered(Box<Reply>, Code),
    Unknown,
}

impl Known {
    fn size(&self) -> usize {
        match self {
            Self::Answered(reply, _) => reply.size(),
            Self::Running | Self::Unknown => 0,
        }
    }
}

/// What to do with a request.
pub enum Begin<'k> {
    Started(Started<'k>),
    Replay(Reply, Code),
    Running,
    OtherBody,
    /// Every place is taken by something that runs or is unknown.
    Full,
}

/// A request that runs under its key. Dropped without [`Started::end`] (a panic, the end of the process)
/// it is unknown if a byte of the write may have left; and what was unknown stays so.
pub struct Started<'k> {
    keys: &'k Keys,
    id: Id,
    /// The request before it ended in an unknown outcome.
    pub was_unknown: bool,
    sent: SendState,
    ended: bool,
}

impl Keys {
    pub fn begin(&self, id: Id, fingerprint: [u8; 32], sent: SendState) -> Begin<'_> {
        self.begin_at(id, fingerprint, sent, Instant::now())
    }

    fn begin_at(&self, id: Id, fingerprint: [u8; 32], sent: SendState, now: Instant) -> Begin<'_> {
        let mut state = self.lock();
        state.forget_old(now);
        let mut was_unknown = false;
        if let Some(entry) = state.entries.get(&id) {
            if entry.fingerprint != fingerprint {
                return Begin::OtherBody;
            }
            match &entry.state {
                Known::Running => return Begin::Running,
                Known::Answered(reply, code) => {
                    return Begin::Replay(Reply::clone(reply), code.clone());
                }
                Known::Unknown => was_unknown = true,
            }
            state.remove(&id);
        } else if state.entries.len() >= MAX_KEYS && !state.evict() {
            return Begin::Full;
        }
        state.last += 1;
        let age = (now, state.last);
        state.entries.insert(
            id,
            Entry {
                fingerprint,
                age,
                state: Known::Running,
            },
        );
        Begin::Started(Started {
            keys: self,
            id,
            was_unknown,
            sent,
            ended: false,
        })
    }

    /// As if every place were taken by an unknown outcome.
    #[cfg(test)]
    pub fn fill(&self) {
        for number in 0..MAX_KEYS as u64 {
            let mut id = [0xff; 32];
            id[..8].copy_from_slice(&number.to_be_bytes());
            if let Begin::Started(started) = self.begin(id, [0; 32], SendState::default()) {
                started.end(Ended::Unknown);
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state
            .lock()
            .unwrap_or_else(|poison| poison.into_inner())
    }
}

impl State {
    /// What ended a day ago; what runs has an end of its own.
    fn forget_old(&mut self, now: Instant) {
        let old = |order: &BTreeMap<Age, Id>| {
            let (age, id) = order.first_key_value()?;
            (now.duration_since(age.0) >= RETENTION).then_some(*id)
        };
        while let Some(id) = old(&self.answered).or_else(|| old(&self.unknown)) {
            self.remove(&id);
        }
    }

    /// Makes one place. `false` if there is no answer that could give way.
    fn evict(&mut self) -> bool {
        let oldest = self.answered.first_key_value().map(|(_, id)| *id);
        oldest.is_some_and(|id| self.remove(&id))
    }

    fn remove(&mut self, id: &Id) -> bool {
        let Some(entry) = self.entries.remove(id) else {
            return false;
        };
        self.bytes -= entry.state.size();
        match entry.state {
            Known::Running => {}
            Known::Answered(..) => drop(self.answered.remove(&entry.age)),
            Known::Unknown => drop(self.unknown.remove(&entry.age)),
        }
        true
    }

    /// The end of a key that runs.
    fn settle(&mut self, id: &Id, known: Known) {
        if let Some(entry) = self.entries.get_mut(id) {
            self.bytes += known.size();
            match known {
                Known::Running => {}
                Known::Answered(..) => drop(self.answered.insert(entry.age, *id)),
                Known::Unknown => drop(self.unknown.insert(entry.age, *id)),
            }
            entry.state = known;
        }
        while self.bytes > MAX_BYTES && self.evict() {}
    }
}

impl Started<'_> {
    pub fn end(mut self, ended: Ended) {
        self.settle(ended);
    }

    fn settle(&mut self, ended: Ended) {
        self.ended = true;
        let mut state = self.keys.lock();
        let known = match ended {
            Ended::Answered(reply, code) => Known::Answered(Box::new(reply), code),
            Ended::Unknown => Known::Unknown,
            // What was unknown and still was not sent stays unknown.
            Ended::Nothing if self.was_unknown => Known::Unknown,
            Ended::Nothing => {
                state.remove(&self.id);
                return;
            }
        };
        state.settle(&self.id, known);
    }
}

impl Drop for Started<'_> {
    fn drop(&mut self) {
        if !self.ended {
            self.settle(if self.sent.may_have_been_sent() {
                Ended::Unknown
            } else {
                Ended::Nothing
            });
        }
    }
}

#[cfg(test)]
mod tests;
