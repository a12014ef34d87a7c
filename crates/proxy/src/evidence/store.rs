//! The records that are kept: bounded in bytes and in age, the oldest go first.

use std::collections::VecDeque;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use serde::Serialize;

use crate::settings::EvidenceSettings;

/// What the list says of a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Summary {
    pub trace_id: String,
    pub time: String,
    pub operation: String,
    pub status: u16,
    pub code: String,
    pub because: String,
    pub calls: usize,
    pub bytes: usize,
}

/// How much is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Held {
    pub records: usize,
    pub bytes: usize,
    pub budget: usize,
    /// Since the start: recorded, and lost because too many came at once.
    pub recorded: u64,
    pub dropped: u64,
}

struct Kept {
    summary: Summary,
    json: Bytes,
    since: SystemTime,
}

/// What a record takes beside its text.
const BESIDE: usize = 512;

#[derive(Default)]
pub struct Store {
    kept: VecDeque<Kept>,
    bytes: usize,
    settings: Option<EvidenceSettings>,
    recorded: u64,
}

impl Store {
    /// Other bounds from now on. `None`: it is off, and what was kept is gone.
    pub fn set(&mut self, settings: Option<EvidenceSettings>) {
        self.settings = settings;
        self.prune(SystemTime::now());
    }

    pub fn settings(&self) -> Option<EvidenceSettings> {
        self.settings
    }

    /// Keeps a record. One that is larger than the budget is not kept.
    pub fn put(&mut self, summary: Summary, json: Bytes, now: SystemTime) -> bool {
        let size = json.len() + BESIDE;
        let fits = self.settings.is_some_and(|bounds| size <= bounds.budget);
        if fits {
            self.bytes += size;
            self.recorded += 1;
            self.kept.push_back(Kept {
                summary,
                json,
                since: now,
            });
        }
        self.prune(now);
        fits
    }

    /// The newest first.
    pub fn list(&mut self, now: SystemTime) -> Vec<Summary> {
        self.prune(now);
        let newest = self.kept.iter().rev();
        newest.map(|kept| kept.summary.clone()).collect()
    }

    /// The newest record of a trace.
    pub fn get(&mut self, trace_id: &str, now: SystemTime) -> Option<Bytes> {
        self.prune(now);
        let mut newest = self.kept.iter().rev();
        let found = newest.find(|kept| kept.summary.trace_id == trace_id)?;
        Some(found.json.clone())
    }

    pub fn held(&mut self, now: SystemTime) -> Option<Held> {
        self.prune(now);
        Some(Held {
            records: self.kept.len(),
            bytes: self.bytes,
            budget: self.settings?.budget,
            recorded: self.recorded,
            dropped: 0,
        })
    }

    pub fn prune(&mut self, now: SystemTime) {
        let (budget, keep) = match self.settings {
            Some(bounds) => (bounds.budget, bounds.keep),
            None => (0, Duration::ZERO),
        };
        // A clock that was set back makes none older.
        let is_old = |kept: &Kept| now.duration_since(kept.since).unwrap_or_default() >= keep;
        while self.bytes > budget || self.kept.front().is_some_and(is_old) {
            let Some(gone) = self.kept.pop_front() else {
                break;
            };
            self.bytes -= gone.json.len() + BESIDE;
        }
        if self.kept.is_empty() {
            self.kept.shrink_to_fit();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary(trace_id: &str) -> Summary {
        Summary {
            trace_id: trace_id.to_owned(),
            time: String::new(),
            operation: String::new(),
            status: 502,
            code: String::new(),
            because: String::new(),
            calls: 1,
            bytes: 0,
        }
    }

    fn store(budget: usize, keep: Duration) -> Store {
        let mut store = Store::default();
        store.set(Some(EvidenceSettings { budget, keep }));
        store
    }

    #[test]
    fn the_oldest_go_first_and_the_budget_is_never_exceeded() {
        let mut store = store(10 * 1024, Duration::from_secs(60));
        let now = SystemTime::now();
        for number in 0..1000_u32 {
            let json = vec![b'x'; 100 + (number as usize * 37) % 3000];
            assert!(store.put(summary(&number.to_string()), json.into(), now));
            let held = store.held(now).unwrap();
            assert!(held.bytes <= held.budget, "{held:?}");
        }
        let list = store.list(now);
        assert_eq!(list[0].trace_id, "999");
        assert!(list.len() > 2 && list.len() < 20, "{}", list.len());
        assert!(store.get("999", now).is_some() && store.get("0", now).is_none());
        assert!(!store.put(summary("large"), vec![0; 10 * 1024].into(), now));
        assert_eq!(store.list(now).len(), list.len());
    }

    #[test]
    fn a_record_ends_with_its_time_and_all_end_when_it_is_turned_off() {
        let mut store = store(10 * 1024, Duration::from_secs(60));
        let now = SystemTime::now();
        store.put(summary("a"), Bytes::new(), now);
        store.put(summary("b"), Bytes::new(), now + Duration::from_secs(30));
        let later = now + Duration::from_secs(60);
        assert_eq!(store.list(later).len(), 1);
        assert!(store.get("a", later).is_none());
        store.set(None);
        assert_eq!((store.list(later).len(), store.bytes), (0, 0));
        assert_eq!(store.held(later), None);
    }
}
