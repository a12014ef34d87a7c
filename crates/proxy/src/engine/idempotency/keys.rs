//! What is known of each key: bounded in number and age; what runs is never forgotten.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use tokio::time::Instant;

use crate::engine::Reply;

type Id = [u8; 32];
type Code = Option<Arc<str>>;

/// How long an answer is kept.
const KEPT: Duration = Duration::from_secs(24 * 60 * 60);
/// More keys than this would be a leak somewhere; the oldest that does not run goes first.
const MOST: usize = 10_000;
/// Ten thousand answers that echo a megabyte each would fill the memory; the oldest go first.
const MOST_BYTES: usize = 64 * 1024 * 1024;

#[derive(Default)]
pub struct Keys {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    entries: HashMap<Id, Entry>,
    /// By age; an id may stand here after its entry went.
    order: VecDeque<(Instant, Id)>,
    /// Of all answers kept.
    bytes: usize,
}

struct Entry {
    fingerprint: [u8; 32],
    since: Instant,
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
            Self::Answered(reply, _) => reply.body.as_ref().map_or(0, bytes::Bytes::len),
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
    /// Every place is taken by something that runs.
    Full,
}

/// How a request ended.
pub enum Ended {
    Answered(Reply, Code),
    Unknown,
    /// Nothing happened that a repetition must know of.
    Nothing,
}

/// A request that runs under its key. Dropped without [`Started::end`] (a panic), an unknown outcome
/// stays unknown, and so does one that was just starting: it may have been sent.
pub struct Started<'k> {
    keys: &'k Keys,
    id: Id,
    /// The request before it ended in an unknown outcome.
    pub was_unknown: bool,
    ended: bool,
}

impl Keys {
    pub fn begin(&self, id: Id, fingerprint: [u8; 32]) -> Begin<'_> {
        self.begin_at(id, fingerprint, Instant::now())
    }

    fn begin_at(&self, id: Id, fingerprint: [u8; 32], now: Instant) -> Begin<'_> {
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
        } else if state.entries.len() >= MOST && !state.evict() {
            return Begin::Full;
        }
        state.order.push_back((now, id));
        state.entries.insert(
            id,
            Entry {
                fingerprint,
                since: now,
                state: Known::Running,
            },
        );
        Begin::Started(Started {
            keys: self,
            id,
            was_unknown,
            ended: false,
        })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state
            .lock()
            .unwrap_or_else(|poison| poison.into_inner())
    }
}

impl State {
    fn forget_old(&mut self, now: Instant) {
        while let Some((at, id)) = self.order.front().copied() {
            if now.duration_since(at) < KEPT {
                break;
            }
            self.order.pop_front();
            self.forget(at, &id);
        }
        // Keys that ended in nothing leave their place behind.
        if self.order.len() > 2 * MOST {
            let entries = &self.entries;
            self.order
                .retain(|(at, id)| entries.get(id).is_some_and(|entry| entry.since == *at));
        }
    }

    /// Makes one place. `false` if everything runs.
    fn evict(&mut self) -> bool {
        for index in 0..self.order.len() {
            let Some((at, id)) = self.order.get(index).copied() else {
                return false;
            };
            if self.forget(at, &id) {
                self.order.remove(index);
                return true;
            }
        }
        false
    }

    /// Forgets an entry of that age unless it runs.
    fn forget(&mut self, at: Instant, id: &Id) -> bool {
        let same = self
            .entries
            .get(id)
            .is_some_and(|entry| entry.since == at && !matches!(entry.state, Known::Running));
        same && self.remove(id)
    }

    fn remove(&mut self, id: &Id) -> bool {
        let removed = self.entries.remove(id);
        self.bytes -= removed.as_ref().map_or(0, |entry| entry.state.size());
        removed.is_some()
    }

    fn settle(&mut self, id: &Id, known: Known) {
        if let Some(entry) = self.entries.get_mut(id) {
            self.bytes += known.size();
            entry.state = known;
        }
        while self.bytes > MOST_BYTES && self.evict() {}
    }
}

impl Started<'_> {
    pub fn end(mut self, ended: Ended) {
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
        if self.ended {
            return;
        }
        self.keys.lock().settle(&self.id, Known::Unknown);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::StatusCode;

    fn id(number: usize) -> Id {
        let mut id = [0; 32];
        id[..8].copy_from_slice(&number.to_be_bytes());
        id
    }

    fn started(keys: &Keys, number: usize, now: Instant) -> Option<Started<'_>> {
        match keys.begin_at(id(number), [0; 32], now) {
            Begin::Started(started) => Some(started),
            _ => None,
        }
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
            matches!(keys.begin_at(id(1), [0; 32], almost), Begin::Replay(reply, _) if reply.status == StatusCode::CREATED)
        );
        assert!(matches!(
            keys.begin_at(id(1), [1; 32], almost),
            Begin::OtherBody
        ));
        assert!(matches!(
            keys.begin_at(id(1), [0; 32], now + KEPT),
            Begin::Started(_)
        ));
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
        assert!(matches!(keys.begin_at(id(0), [0; 32], now), Begin::Running));
        assert!(keys.lock().entries.len() <= MOST);
        assert!(
            matches!(keys.begin_at(id(1), [0; 32], now), Begin::Started(_)),
            "the oldest went"
        );
        running.end(answered());
        assert!(matches!(
            keys.begin_at(id(0), [0; 32], now),
            Begin::Replay(..)
        ));
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
        assert!(keys.lock().order.len() <= 2 * MOST + 1);
        running.end(answered());
        assert!(started(&keys, 0, now + KEPT).is_some(), "it still ages");
    }

    #[test]
    fn where_everything_runs_nothing_is_forgotten() {
        let (keys, now) = (Keys::default(), Instant::now());
        let all: Vec<_> = (0..MOST)
            .map(|number| started(&keys, number, now).unwrap())
            .collect();
        assert!(matches!(keys.begin_at(id(MOST), [0; 32], now), Begin::Full));
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
        assert!(matches!(
            keys.begin_at(id(1), [0; 32], now),
            Begin::Replay(..)
        ));
    }

    #[test]
    fn what_ended_in_nothing_may_start_afresh() {
        let (keys, now) = (Keys::default(), Instant::now());
        started(&keys, 1, now).unwrap().end(Ended::Nothing);
        let again = started(&keys, 1, now).unwrap();
        assert!(!again.was_unknown);
    }
}
