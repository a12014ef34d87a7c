//! What the others are still to be told.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::shared::record::{Event, Record, Scope};

/// More than these are told of as one write of everything: with the store away for hours each write would stay in
/// memory.
const MOST: usize = 1024;

#[derive(Debug, Default)]
pub(super) struct Owed(Mutex<VecDeque<Arc<Record>>>);

impl Owed {
    pub(super) fn push(&self, record: Record) {
        let mut records = self.lock();
        records.push_back(Arc::new(record));
        if records.len() > MOST {
            let whole = together(&records);
            records.clear();
            records.extend(whole);
        }
    }

    pub(super) fn first(&self) -> Option<Arc<Record>> {
        self.lock().front().cloned()
    }

    /// It was told, if it is still the first.
    pub(super) fn paid(&self, record: &Arc<Record>) {
        let mut records = self.lock();
        if records
            .front()
            .is_some_and(|first| Arc::ptr_eq(first, record))
        {
            records.pop_front();
        }
    }

    pub(super) fn len(&self) -> usize {
        self.lock().len()
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Arc<Record>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One record that says at least as much as all: of a write that may still be applied, if one of them may.
/// What was not done has nothing to say; where its begin was told, the others hold it for its time.
fn together(records: &VecDeque<Arc<Record>>) -> Option<Arc<Record>> {
    let last = records.back()?;
    let holds = records.iter().filter_map(|record| match record.event {
        Event::Unknown { hold } => Some(hold),
        _ => None,
    });
    let hold: Option<Duration> = holds.max();
    Some(Arc::new(Record {
        scope: Scope::All,
        event: hold.map_or(Event::Done, |hold| Event::Unknown { hold }),
        ..Record::clone(last)
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shared::name::{MemberId, WriteId};

    fn record(number: u64, event: Event) -> Record {
        Record {
            write: WriteId {
                member: MemberId::named("a"),
                number,
            },
            digest: "c".into(),
            scope: Scope::Tags(vec!["room.list".into()]),
            event,
        }
    }

    #[test]
    fn what_is_owed_is_paid_in_its_order_and_once() {
        let owed = Owed::default();
        owed.push(record(1, Event::Done));
        owed.push(record(2, Event::Done));
        let first = owed.first().unwrap();
        owed.paid(&first);
        owed.paid(&first);
        assert_eq!(owed.first().unwrap().write.number, 2);
        assert_eq!(owed.len(), 1);
    }

    #[test]
    fn too_many_are_one_that_says_as_much() {
        let hold = Duration::from_secs(60);
        for (one, said) in [
            (Event::NotDone, Event::Done),
            (Event::Unknown { hold }, Event::Unknown { hold }),
        ] {
            let owed = Owed::default();
            owed.push(record(0, one));
            let being_told = owed.first().unwrap();
            for number in 0..MOST as u64 {
                owed.push(record(number, Event::Done));
            }
            owed.paid(&being_told);
            let whole = owed.first().unwrap();
            assert_eq!((&whole.scope, whole.event), (&Scope::All, said));
            assert_eq!(owed.len(), 1);
        }
    }
}
