//! What a member knows of one account's journal: pure, without a clock, a store or a fence of its own, so that a
//! model can walk through every order of events with this very type.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::clock::BootInstant;
use super::name::{MemberId, WriteId};
use super::record::{Event, Record, Scope};
use super::store::journal::{Beaten, JournalEntry, Position};
use super::timing::Timing;

/// What the journal does to what is cached.
pub trait FleetFence {
    /// All that was read before, and all that is being read, is void as far as it shows these.
    fn stamp(&self, scope: &Scope);
    /// Nothing that shows these is stored, served or joined, until the write is released. A second hold of the
    /// same write takes the place of the first.
    fn hold(&self, write: &WriteId, scope: &Scope);
    /// Nothing else happens to what the write held.
    fn release(&self, write: &WriteId);
}

impl<F: FleetFence + ?Sized> FleetFence for Box<F> {
    fn stamp(&self, scope: &Scope) {
        (**self).stamp(scope);
    }

    fn hold(&self, write: &WriteId, scope: &Scope) {
        (**self).hold(write, scope);
    }

    fn release(&self, write: &WriteId) {
        (**self).release(write);
    }
}

/// One member of one account's fleet.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Member {
    me: MemberId,
    digest: Arc<str>,
    timing: Timing,
    /// Appends and beats are held by all replicas that can be promoted.
    replicated: bool,
    /// `None`: nothing is known.
    position: Option<Position>,
    /// It has not yet read all that was there when it came, or came again.
    joining: bool,
    /// When its last lease ends.
    lease_until: BootInstant,
    /// Writes that began, and when that was read; not held yet.
    notes: BTreeMap<WriteId, Note>,
    /// Writes that may be applied at any moment.
    holds: BTreeMap<WriteId, Hold>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Note {
    scope: Scope,
    /// For how long it can be applied, from when it was read.
    until: BootInstant,
    /// When it becomes a hold.
    due: BootInstant,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Hold {
    scope: Scope,
    until: BootInstant,
}

/// What a beat came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Progress {
    /// All is applied: the cache may be served from until then. It may be over already.
    Lease(BootInstant),
    /// There is more to read; the next beat is due at once.
    More,
}

impl Member {
    #[must_use]
    pub fn new(me: MemberId, digest: Arc<str>, timing: Timing, replicated: bool) -> Self {
        Self {
            me,
            digest,
            timing,
            replicated,
            position: None,
            joining: true,
            lease_until: BootInstant::default(),
            notes: BTreeMap::new(),
            holds: BTreeMap::new(),
        }
    }

    /// Where the next beat reads on.
    #[must_use]
    pub fn position(&self) -> Option<&Position> {
        self.position.as_ref()
    }

    /// Applies what a beat brought that was sent at `sent`, and says until when there is a lease. `now` is read when
    /// the reply is there: holds count from then. All of it has reached the fence when this returns; the lease is
    /// published afterwards, and a beat is sent only after this one has come to its end or was given up.
    pub fn apply(
        &mut self,
        beaten: &Beaten,
        (sent, now): (BootInstant, BootInstant),
        fence: &impl FleetFence,
    ) -> Progress {
        let known = self.position.take();
        let known = known.filter(|position| position.epoch == beaten.epoch);
        let mut position = known.unwrap_or_else(|| {
            self.joining = true;
            Position {
                epoch: beaten.epoch.clone(),
                number: 0,
                id: "0-0".into(),
            }
        });
        let mut contiguous = position.number;
        for entry in &beaten.entries {
            // After a trimmed entry nobody knows what it said; what follows may be of another journal as well.
            if entry.number != contiguous + 1 {
                self.joining = true;
            }
            contiguous = entry.number;
            self.apply_entry(entry, (sent, now), fence);
            position.number = entry.number;
            position.id = entry.id.clone();
        }
        if position.number < beaten.last && !beaten.entries.is_empty() {
            // The next beat acknowledges this position, also for what was lost before it, and the lease of an earlier
            // beat may last until then.
            if self.joining {
                fence.stamp(&Scope::All);
            }
            self.position = Some(position);
            return Progress::More;
        }
        if position.number != beaten.last {
            // What there was is gone, or the numbers went back.
            self.joining = true;
            position.number = beaten.last;
        }
        self.position = Some(position);
        if self.joining {
            self.join(beaten, now, fence);
        }
        self.tick(now, fence);
        let mut until = sent + self.timing.lease;
        // A task that comes too late to hold a write must not leave a lease behind that outlasts it.
        if let Some(due) = self.notes.values().map(|note| note.due).min() {
            until = until.min(due);
        }
        self.lease_until = until;
        Progress::Lease(until)
    }

    /// Everything that was read before, or is being read, may lack an entry that this member has not seen.
    fn join(&mut self, beaten: &Beaten, now: BootInstant, fence: &impl FleetFence) {
        let spared = self.replicated && beaten.kept_journal;
        if !spared && beaten.age < self.timing.keep {
            let hold = Hold {
                scope: Scope::All,
                until: now + (self.timing.keep - beaten.age),
            };
            self.hold(self.epoch_hold(), hold, fence);
        }
        fence.stamp(&Scope::All);
        self.joining = false;
    }

    /// Stands for the writes that a young epoch may have lost.
    fn epoch_hold(&self) -> WriteId {
        WriteId {
            member: self.me.clone(),
            number: 0,
        }
    }

    fn apply_entry(
        &mut self,
        entry: &JournalEntry,
        (sent, now): (BootInstant, BootInstant),
        fence: &impl FleetFence,
    ) {
        if entry.record.is_empty() {
            return;
        }
        let Ok(record) = Record::decode(&entry.record) else {
            // It may say anything of anything, so it is the worst: a write of everything, of unknown end.
            let write = WriteId {
                member: MemberId::named("?"),
                number: entry.number,
            };
            let hold = Hold {
                scope: Scope::All,
                until: now + self.timing.keep,
            };
            return self.hold(write, hold, fence);
        };
        // Its own fence was told of it before.
        if record.write.member == self.me {
            return;
        }
        let Record {
            write,
            digest,
            scope,
            event,
        } = record;
        let scope = if digest == self.digest {
            scope
        } else {
            Scope::All
        };
        match event {
            Event::Begin { keep } => {
                let until = now + keep;
                // Without a lease it may have been read long after it was written.
                if self.joining || self.lease_until <= now {
                    return self.hold(write, Hold { scope, until }, fence);
                }
                let due = sent + self.timing.lease;
                self.notes.insert(write, Note { scope, until, due });
            }
            Event::Done => {
                self.notes.remove(&write);
                // Before the release: in between a read would find the old state.
                fence.stamp(&scope);
                self.release(&write, fence);
            }
            Event::Unknown { hold } => {
                let until = now + hold;
                self.hold(write, Hold { scope, until }, fence);
            }
            Event::NotDone => {
                self.notes.remove(&write);
                self.release(&write, fence);
            }
        }
    }

    /// Does what time alone brings; says when there is something to do again.
    pub fn tick(&mut self, now: BootInstant, fence: &impl FleetFence) -> Option<BootInstant> {
        let due = self.notes.extract_if(.., |_, note| note.due <= now);
        let due: Vec<_> = due.collect();
        for (write, Note { scope, until, .. }) in due {
            self.hold(write, Hold { scope, until }, fence);
        }
        let over = self.holds.extract_if(.., |_, hold| hold.until <= now);
        for (write, hold) in over {
            fence.stamp(&hold.scope);
            fence.release(&write);
        }
        let notes = self.notes.values().map(|note| note.due);
        notes
            .chain(self.holds.values().map(|hold| hold.until))
            .min()
    }

    /// The contract is another one from now on: what is noted and held speaks in the names of the old one.
    /// Called before the first request under the new one.
    pub fn change_contract(&mut self, digest: Arc<str>, fence: &impl FleetFence) {
        if self.digest == digest {
            return;
        }
        self.digest = digest;
        for note in self.notes.values_mut() {
            note.scope = Scope::All;
        }
        for (write, hold) in &mut self.holds {
            hold.scope = Scope::All;
            fence.hold(write, &hold.scope);
        }
    }

    /// Another fence takes the place of the one before: what is held is held there, too.
    pub fn show_holds(&self, fence: &impl FleetFence) {
        for (write, hold) in &self.holds {
            fence.hold(write, &hold.scope);
        }
    }

    /// Writes can be applied for longer than was said before.
    pub fn lengthen(&mut self, keep: std::time::Duration) {
        self.timing.keep = self.timing.keep.max(keep);
    }

    /// How many writes are noted, and held.
    #[must_use]
    pub fn open(&self) -> (usize, usize) {
        (self.notes.len(), self.holds.len())
    }

    fn hold(&mut self, write: WriteId, hold: Hold, fence: &impl FleetFence) {
        // One that was noted in another epoch would end the lease, and then take the place of this hold.
        self.notes.remove(&write);
        fence.hold(&write, &hold.scope);
        self.holds.insert(write, hold);
    }

    fn release(&mut self, write: &WriteId, fence: &impl FleetFence) {
        if self.holds.remove(write).is_some() {
            fence.release(write);
        }
    }
}

#[cfg(test)]
mod tests;
