//! What the vendor had after each change; number 0 is before all.

use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};

use sandbox::{Change, Subject};

use crate::record::{Rooms, View};

/// The pages that callers ask for.
const PAGE: View = View::Page(3);

/// As far as a judge asks.
#[derive(Debug, Default)]
pub struct States {
    /// The last change at which a view showed this.
    last: HashMap<(View, u64), usize>,
    /// The change that wrote a name first.
    wrote: HashMap<String, Written>,
    deleted: HashMap<u64, (usize, String)>,
    /// From which changes on a name was taken, or free.
    taken: HashMap<String, Vec<(usize, bool)>>,
}

/// A name came to a room.
#[derive(Debug, Clone)]
pub struct Written {
    pub change: usize,
    pub id: u64,
    /// The room's external ids before and after.
    pub names: Vec<String>,
}

fn fingerprint(rooms: &Rooms) -> u64 {
    BuildHasherDefault::<DefaultHasher>::default().hash_one(rooms)
}

impl States {
    #[must_use]
    pub fn of(history: &[Change]) -> Self {
        let mut states = Self::default();
        let mut rooms = Rooms::new();
        let mut current: HashMap<View, u64> = HashMap::new();
        for (index, change) in history.iter().enumerate() {
            let number = index + 1;
            let id = match &change.subject {
                Subject::Room(room) | Subject::RoomDeleted(room) => room.id,
                Subject::Day(_) => continue,
            };
            let before = rooms.get(&id).map(|room| room.0.clone());
            let mut names: Vec<String> = before.into_iter().collect();
            match &change.subject {
                Subject::Room(room) => {
                    let external = room.external_id.clone().unwrap_or_default();
                    names.push(external.clone());
                    rooms.insert(id, (external, room.name.clone()));
                    let written = Written {
                        change: number,
                        id,
                        names: names.clone(),
                    };
                    states.wrote.entry(room.name.clone()).or_insert(written);
                }
                Subject::RoomDeleted(room) => {
                    rooms.remove(&id);
                    let name = room.external_id.clone().unwrap_or_default();
                    states.deleted.insert(id, (number, name));
                }
                Subject::Day(_) => {}
            }
            let named = names.iter().map(|name| View::Name(name.clone()));
            for view in named.chain([View::Id(id), View::List, PAGE]) {
                let now = fingerprint(&view.of(&rooms));
                let old = current.insert(view.clone(), now);
                let old = old.unwrap_or_else(|| fingerprint(&Rooms::new()));
                if old != now {
                    states.last.insert((view, old), index);
                }
            }
            for name in names {
                let is_taken = rooms.values().any(|room| room.0 == name);
                let list = states.taken.entry(name).or_default();
                list.push((number, is_taken));
            }
        }
        for (view, now) in current {
            states.last.insert((view, now), usize::MAX);
        }
        states
    }

    /// The last change after which a view showed this; `None`: it never did.
    #[must_use]
    pub fn last(&self, view: &View, seen: &Rooms) -> Option<usize> {
        let last = self.last.get(&(view.clone(), fingerprint(seen))).copied();
        let never_touched = match view {
            View::Id(id) => !self.wrote.values().any(|written| written.id == *id),
            View::Name(name) => !self.taken.contains_key(name),
            View::List | View::Page(_) => false,
        };
        last.or_else(|| (seen.is_empty() && never_touched).then_some(usize::MAX))
    }

    #[must_use]
    pub fn wrote(&self, name: &str) -> Option<&Written> {
        self.wrote.get(name)
    }

    /// The change that deleted a room (an id is given once), and the external id that it had.
    #[must_use]
    pub fn deleted(&self, id: u64) -> Option<&(usize, String)> {
        self.deleted.get(&id)
    }

    /// The first state from `from` on in which nobody has this external id.
    #[must_use]
    pub fn first_free(&self, name: &str, from: usize) -> Option<usize> {
        let Some(list) = self.taken.get(name) else {
            return Some(from);
        };
        let next = list.partition_point(|(change, _)| *change <= from);
        let was_taken = next.checked_sub(1).is_some_and(|index| list[index].1);
        if !was_taken {
            return Some(from);
        }
        let mut later = list[next..].iter();
        later.find(|(_, taken)| !taken).map(|(change, _)| *change)
    }
}
