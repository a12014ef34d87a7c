//! From when on readers must see what.

use std::collections::HashMap;

use super::states::States;
use crate::record::{Trace, View, Word, Write};

/// Writes that nobody could be told of at first: answered after the first number and before the second, they are
/// promised to readers from the second on.
pub type Amnesty = (u64, u64);

/// What an answered write promises.
#[derive(Debug, Clone)]
pub struct Promise {
    /// Readers who come later must see it.
    from: u64,
    /// So many changes at the least.
    changes: usize,
    id: Option<u64>,
    names: Vec<String>,
    told: String,
}

/// The promises of these writes, in the order in which they begin to count.
#[must_use]
pub fn of(states: &States, writes: &[Write], amnesties: &[Amnesty]) -> Vec<Promise> {
    // A write that is sent after another was answered is applied after it.
    let mut events: Vec<(u64, usize, bool)> = Vec::new();
    for (index, write) in writes.iter().enumerate() {
        events.push((write.sent, index, false));
        if let Some((answered, Word::Done | Word::Unknown)) = write.answered {
            events.push((answered, index, true));
        }
    }
    events.sort_unstable();
    let mut before = vec![0; writes.len()];
    let mut highest = 0;
    let mut promises = Vec::new();
    for (at, index, is_answer) in events {
        if !is_answer {
            before[index] = highest;
            continue;
        }
        let write = &writes[index];
        let Some(mut promise) = promise(states, write, before[index]) else {
            continue;
        };
        highest = highest.max(promise.changes);
        promise.from = at;
        for (begin, end) in amnesties {
            if (*begin..*end).contains(&at) {
                promise.from = *end;
            }
        }
        promises.push(promise);
    }
    promises.sort_by_key(|promise| promise.from);
    promises
}

fn promise(states: &States, write: &Write, before: usize) -> Option<Promise> {
    let is_done = matches!(write.answered, Some((_, Word::Done)));
    let (changes, id, names) = match &write.trace {
        // Of one whose outcome is unknown the history tells; the vendor here does nothing late.
        Trace::Wrote(name) => {
            let written = states.wrote(name)?;
            (written.change, Some(written.id), written.names.clone())
        }
        Trace::DeletedId(id) if is_done => {
            let (change, name) = states.deleted(*id)?;
            (*change, Some(*id), vec![name.clone()])
        }
        // Where a look-up finds nothing it is done, whoever did it.
        Trace::DeletedName(name) if is_done => {
            let free = states.first_free(name, before)?;
            (free, None, vec![name.clone()])
        }
        _ => return None,
    };
    Some(Promise {
        from: 0,
        changes,
        id,
        names,
        told: format!(
            "{} through door {}, sent {}",
            write.told, write.door, write.sent
        ),
    })
}

/// What readers must see as time goes on.
#[derive(Debug)]
pub struct Floors {
    promises: std::iter::Peekable<std::vec::IntoIter<Promise>>,
    floors: HashMap<View, (usize, String)>,
}

impl Floors {
    #[must_use]
    pub fn new(promises: Vec<Promise>) -> Self {
        Self {
            promises: promises.into_iter().peekable(),
            floors: HashMap::new(),
        }
    }

    /// The changes that a reader who comes at `moment` must see of a view. Moments do not go back.
    pub fn at(&mut self, moment: u64, view: &View) -> usize {
        while let Some(promise) = self.promises.next_if(|promise| promise.from < moment) {
            let names = promise.names.into_iter().map(View::Name);
            let id = promise.id.map(View::Id);
            // Any write may have changed a list. All lists and pages have one floor.
            for view in names.chain(id).chain([View::List]) {
                let floor = self.floors.entry(view).or_default();
                if promise.changes > floor.0 {
                    *floor = (promise.changes, promise.told.clone());
                }
            }
        }
        self.floor(view).map_or(0, |floor| floor.0)
    }

    fn floor(&self, view: &View) -> Option<&(usize, String)> {
        match view {
            View::Page(_) => self.floors.get(&View::List),
            view => self.floors.get(view),
        }
    }

    /// The write that raised the floor of a view last.
    #[must_use]
    pub fn last_write(&self, view: &View) -> String {
        self.floor(view)
            .map(|floor| floor.1.clone())
            .unwrap_or_default()
    }
}
