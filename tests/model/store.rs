//! One server of the store: what its scripts do, each in one step.

use proxy::shared::{Appended, Beaten, JournalEntry, Members, Registration};

use crate::cast::{Note, Who, entry_id, epoch, ticks};
use crate::world::Search;

/// `None`: an epoch began without a journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Entry {
    pub number: u8,
    pub note: Option<Note>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Registered {
    pub who: Who,
    pub applied: Option<u8>,
    /// Another one for each beat.
    pub token: u8,
    /// When, by the server's own clock; only where somebody asks.
    pub at: u8,
}

/// What stands beside the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Meta {
    epoch: u8,
    /// Under which the epoch was made.
    replid: u8,
    last: u8,
    born: u8,
    kept_journal: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Server {
    /// The id of its data: another one after a promotion.
    replid: u8,
    /// `None`: the key is gone.
    journal: Option<Vec<Entry>>,
    meta: Option<Meta>,
    pub members: Vec<Registered>,
    /// How far its clock has been stepped forward.
    pub stepped: u8,
}

/// What a script found out, and when.
#[derive(Debug, Clone, Copy)]
pub struct Moment<'w> {
    pub now: u8,
    /// How many epochs there have been, anywhere: the next one has another name.
    pub epochs: &'w std::cell::Cell<u8>,
    /// The server does not notice that its data are others.
    pub blind: bool,
    /// The age of an epoch from which on it is old.
    pub old: u8,
}

/// An append's reply.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Receipt {
    pub epoch: u8,
    pub number: u8,
    pub members: Vec<Registered>,
}

/// A beat's reply.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Reading {
    pub epoch: u8,
    age: u8,
    kept_journal: bool,
    last: u8,
    pub entries: Vec<Entry>,
}

/// What a beat says of its member.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Place {
    pub epoch: u8,
    pub number: u8,
}

impl Server {
    /// One with an old epoch and an empty journal.
    pub fn old() -> Self {
        let meta = Meta {
            epoch: 0,
            replid: 0,
            last: 0,
            born: 0,
            kept_journal: true,
        };
        Self {
            replid: 0,
            journal: Some(Vec::new()),
            meta: Some(meta),
            members: Vec::new(),
            stepped: 0,
        }
    }

    /// What each script does first.
    fn meta(&mut self, moment: Moment<'_>) -> &mut Meta {
        let there = self.journal.is_some();
        let known = self.meta;
        let same = known.is_some_and(|meta| (meta.replid == self.replid && there) || moment.blind);
        if !same {
            let last = known.map_or(0, |meta| meta.last);
            let epoch = if moment.blind { 0 } else { moment.epochs.get() };
            moment.epochs.set(moment.epochs.get() + 1);
            self.meta = Some(Meta {
                epoch,
                replid: self.replid,
                last,
                born: moment.now,
                kept_journal: there,
            });
        }
        let meta = self.meta.as_mut().unwrap();
        if self.journal.is_none() {
            self.journal = Some(vec![Entry {
                number: meta.last,
                note: None,
            }]);
        }
        meta
    }

    pub fn append(&mut self, note: Note, moment: Moment<'_>) -> Receipt {
        let meta = self.meta(moment);
        meta.last += 1;
        let (epoch, number) = (meta.epoch, meta.last);
        let note = Some(note);
        self.journal.as_mut().unwrap().push(Entry { number, note });
        Receipt {
            epoch,
            number,
            members: self.members.clone(),
        }
    }

    /// The first half of a beat.
    pub fn register(&mut self, registered: Registered, moment: Moment<'_>) {
        self.meta(moment);
        self.members.retain(|member| member.who != registered.who);
        self.members.push(registered);
        self.members.sort_unstable_by_key(|member| member.who);
    }

    /// The second half.
    pub fn read(&mut self, place: Option<Place>, page: usize, moment: Moment<'_>) -> Reading {
        let Meta {
            epoch,
            born,
            kept_journal,
            last,
            ..
        } = *self.meta(moment);
        let from = self.known(place, moment);
        let journal = self.journal.iter().flatten();
        let behind = journal.filter(|entry| from.is_none_or(|from| entry.number > from));
        Reading {
            epoch,
            age: moment.now.saturating_sub(born).min(moment.old),
            kept_journal,
            last,
            entries: behind.take(page).copied().collect(),
        }
    }

    /// A place counts in its own epoch only.
    pub fn known(&mut self, place: Option<Place>, moment: Moment<'_>) -> Option<u8> {
        let epoch = self.meta(moment).epoch;
        let place = place.filter(|place| place.epoch == epoch);
        place.map(|place| place.number)
    }

    pub fn epoch(&mut self, moment: Moment<'_>) -> u8 {
        self.meta(moment).epoch
    }

    pub fn remove(&mut self, who: Who, token: Option<u8>) {
        let same = |member: &Registered| token.is_none_or(|token| member.token == token);
        self.members
            .retain(|member| member.who != who || !same(member));
    }

    /// What the first entries say.
    pub fn first(&self, entries: usize) -> Vec<Note> {
        let journal = self.journal.iter().flatten().take(entries);
        journal.filter_map(|entry| entry.note).collect()
    }

    /// How many entries can be trimmed away.
    pub fn length(&self) -> usize {
        self.journal.iter().flatten().count()
    }

    pub fn trim(&mut self, entries: usize) {
        if let Some(journal) = &mut self.journal {
            journal.drain(..entries);
        }
    }

    pub fn flush(&mut self) {
        self.journal = None;
        self.meta = None;
        self.members.clear();
    }

    pub fn lose_journal(&mut self) {
        self.journal = None;
    }

    pub fn promote(&mut self) {
        self.replid += 1;
    }

    /// Whether the entry, and the registration of this moment, are here.
    pub fn has_entry(&self, number: u8) -> bool {
        self.meta.is_some_and(|meta| meta.last >= number)
    }

    pub fn has_registration(&self, registered: &Registered) -> bool {
        self.members.contains(registered)
    }

    pub fn registration(&self, who: Who) -> Option<Registered> {
        self.members
            .iter()
            .find(|member| member.who == who)
            .copied()
    }
}

pub fn members(list: &[Registered]) -> Members {
    let list = list.iter().map(|member| {
        let registration = Registration {
            applied: member.applied.map(u64::from),
            token: member.token.into(),
        };
        (member.who.id().clone(), registration)
    });
    list.collect()
}

impl Receipt {
    pub fn appended(&self) -> Appended {
        Appended {
            epoch: epoch(self.epoch).clone(),
            number: self.number.into(),
            members: members(&self.members),
        }
    }
}

impl Reading {
    pub fn beaten(&self, search: &Search) -> Beaten {
        let entries = self.entries.iter().map(|entry| JournalEntry {
            id: entry_id(entry.number),
            number: entry.number.into(),
            record: search.record(entry.note),
        });
        Beaten {
            epoch: epoch(self.epoch).clone(),
            age: ticks(self.age),
            kept_journal: self.kept_journal,
            last: self.last.into(),
            entries: entries.collect(),
        }
    }

    /// A store that says nothing of what it lost.
    pub fn without_gaps(mut self, place: Option<u8>) -> Self {
        let first = self
            .entries
            .first()
            .map_or(self.last + 1, |entry| entry.number);
        let lost = place.map_or(first, |place| place + 1)..first;
        let blanks = lost.map(|number| Entry { number, note: None });
        self.entries = blanks.chain(self.entries).collect();
        self
    }

    /// A store that hides how young its epoch is.
    pub fn aged(mut self) -> Self {
        self.age = u8::MAX;
        self
    }

    /// A reading that begins at the end.
    pub fn of_nothing(mut self) -> Self {
        self.entries.clear();
        self
    }
}
