//! What is known of each key: bounded in number, size and age. What runs, and what ended in an unknown
//! outcome, gives way to nobody: forgotten, a repetition would write without looking.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use tokio::time::Instant;

use crate::engine::answer::reply::Reply;
use crate::upstream::SendState;

type Id = [u8; 32];
type Code = Option<Arc<str>>;
/// When the key's request began, and a number, since two can begin at once.
type Age = (Instant, u64);

/// How long an answer, or that the outcome is unknown, is kept.
const KEPT: Duration = Duration::from_secs(24 * 60 * 60);
/// More keys than this would be a leak somewhere. Of the answered ones the oldest goes first.
const MOST: usize = 10_000;
/// Ten thousand answers that echo a megabyte each would fill the memory; the oldest go first.
const MOST_BYTES: usize = 64 * 1024 * 1024;

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

/// How a request ended.
pub enum Ended {
    Answered(Reply, Code),
    Unknown,
    /// Nothing happened that a repetition must know of.
    Nothing,
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
        } else if state.entries.len() >= MOST && !state.evict() {
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
        for number in 0..MOST as u64 {
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
            (now.duration_since(age.0) >= KEPT).then_some(*id)
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
        while self.bytes > MOST_BYTES && self.evict() {}
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
mod tests {
    use super::*;
    use bytes::Bytes;
    use http::StatusCode;

    fn id(number: usize) -> Id {
        let mut id = [0; 32];
        id[..8].copy_from_slice(&number.to_be_bytes());
        id
    }

    fn started(keys: &Keys, number: usize, now: Instant) -> Option<Started<'_>> {
        match begin(keys, number, 0, now) {
            Begin::Started(started) => Some(started),
            _ => None,
        }
    }

    fn begin(keys: &Keys, number: usize, body: u8, now: Instant) -> Begin<'_> {
        keys.begin_at(id(number), [body; 32], SendState::default(), now)
    }

    fn answered() -> Ended {
        Ended::Answered(Reply::empty(StatusCode::CREATED), None)
    }

    #[test]
    fn an_answer_is_replayed_for_a_day() {
        let (keys, now) = (Keys::default(), Instant::now());
        started(&keys, 1, now).unwrap().end(answered());
        let almost = now + KEPT - Duration::from_secs(1);
        assert!(
            matches!(begin(&keys, 1, 0, almost), Begin::Replay(reply, _) if reply.status == StatusCode::CREATED)
        );
        assert!(matches!(begin(&keys, 1, 1, almost), Begin::OtherBody));
        assert!(matches!(begin(&keys, 1, 0, now + KEPT), Begin::Started(_)));
    }

    #[test]
    fn a_running_key_runs_once_and_survives_the_crowd() {
        let (keys, now) = (Keys::default(), Instant::now());
        let running = started(&keys, 0, now).unwrap();
        for number in 1..MOST + 50 {
            started(&keys, number, now)
                .expect("there is always a place")
                .end(answered());
        }
        assert!(matches!(begin(&keys, 0, 0, now), Begin::Running));
        assert!(keys.lock().entries.len() <= MOST);
        assert!(
            matches!(begin(&keys, 1, 0, now), Begin::Started(_)),
            "the oldest went"
        );
        running.end(answered());
        assert!(matches!(begin(&keys, 0, 0, now), Begin::Replay(..)));
    }

    #[test]
    fn many_large_answers_push_out_the_oldest() {
        let (keys, now) = (Keys::default(), Instant::now());
        let large = || {
            let body = vec![b' '; MOST_BYTES / 4].into();
            let reply = Reply::content(StatusCode::CREATED, "application/json", body);
            Ended::Answered(reply, None)
        };
        for number in 0..5 {
            started(&keys, number, now).unwrap().end(large());
        }
        assert!(keys.lock().bytes <= MOST_BYTES);
        assert!(started(&keys, 0, now).is_some(), "the oldest went");
        assert!(started(&keys, 4, now).is_none(), "the latest is kept");
    }

    #[test]
    fn keys_that_ended_in_nothing_leave_nothing_behind() {
        let (keys, now) = (Keys::default(), Instant::now());
        let running = started(&keys, 0, now).unwrap();
        for number in 1..3 * MOST {
            started(&keys, number, now).unwrap().end(Ended::Nothing);
        }
        assert_eq!(keys.lock().entries.len(), 1);
        running.end(answered());
        assert!(started(&keys, 0, now + KEPT).is_some(), "it still ages");
        let state = keys.lock();
        assert_eq!((state.answered.len(), state.unknown.len()), (0, 0));
    }

    /// Pushed out, a repetition would write without looking.
    #[test]
    fn an_unknown_outcome_gives_way_to_nobody() {
        let (keys, now) = (Keys::default(), Instant::now());
        started(&keys, 0, now).unwrap().end(Ended::Unknown);
        for number in 1..3 * MOST {
            started(&keys, number, now).unwrap().end(answered());
        }
        let large = vec![b' '; MOST_BYTES / 2].into();
        for number in 1..5 {
            let reply = Reply::content(
                StatusCode::CREATED,
                "application/json",
                Bytes::clone(&large),
            );
            let number = 4 * MOST + number;
            let request = started(&keys, number, now).unwrap();
            request.end(Ended::Answered(reply, None));
        }
        let again = started(&keys, 0, now + KEPT - Duration::from_secs(1)).unwrap();
        assert!(again.was_unknown);
        // Unless it was looked at again: then it is as old as that.
        again.end(Ended::Unknown);
        let day = now + KEPT;
        assert!(started(&keys, 0, day).unwrap().was_unknown);
        let last = started(&keys, 0, day + 2 * KEPT).unwrap();
        assert!(!last.was_unknown, "a day later it is forgotten");
    }

    #[test]
    fn where_nothing_but_unknown_outcomes_is_left_a_new_key_finds_no_place() {
        let (keys, now) = (Keys::default(), Instant::now());
        for number in 0..MOST {
            started(&keys, number, now).unwrap().end(Ended::Unknown);
        }
        assert!(matches!(begin(&keys, MOST, 0, now), Begin::Full));
        let again = started(&keys, 7, now).expect("a known key needs no new place");
        again.end(answered());
        assert!(
            matches!(begin(&keys, MOST, 0, now), Begin::Started(_)),
            "an answer gives way"
        );
        assert!(matches!(
            begin(&keys, MOST + 1, 0, now + KEPT),
            Begin::Started(_)
        ));
    }

    #[test]
    fn who_is_dropped_is_unknown_once_a_byte_may_have_left() {
        let (keys, now) = (Keys::default(), Instant::now());
        for left in [false, true] {
            let sent = SendState::default();
            let request = keys.begin_at(id(1), [0; 32], sent.clone(), now);
            if left {
                sent.begin_send();
            }
            drop(request);
            assert_eq!(started(&keys, 1, now).unwrap().was_unknown, left);
        }
    }

    #[test]
    fn where_everything_runs_nothing_is_forgotten() {
        let (keys, now) = (Keys::default(), Instant::now());
        let all: Vec<_> = (0..MOST)
            .map(|number| started(&keys, number, now).unwrap())
            .collect();
        assert!(matches!(begin(&keys, MOST, 0, now), Begin::Full));
        drop(all);
    }

    #[test]
    fn unknown_stays_unknown_until_something_is_known() {
        let (keys, now) = (Keys::default(), Instant::now());
        started(&keys, 1, now).unwrap().end(Ended::Unknown);
        let second = started(&keys, 1, now).unwrap();
        assert!(second.was_unknown);
        second.end(Ended::Nothing);
        let third = started(&keys, 1, now).unwrap();
        assert!(
            third.was_unknown,
            "a refusal of ours tells nothing of the first"
        );
        drop(third);
        started(&keys, 1, now).unwrap().end(answered());
        assert!(matches!(begin(&keys, 1, 0, now), Begin::Replay(..)));
    }

    #[test]
    fn what_ended_in_nothing_may_start_afresh() {
        let (keys, now) = (Keys::default(), Instant::now());
        started(&keys, 1, now).unwrap().end(Ended::Nothing);
        let again = started(&keys, 1, now).unwrap();
        assert!(!again.was_unknown);
    }
}
