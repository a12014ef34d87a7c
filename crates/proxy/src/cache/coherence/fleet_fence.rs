//! What the journal of an account does to the fences of its upstreams.

use std::sync::atomic::{AtomicU64, Ordering};

use super::shared_fence::SharedFence;
use super::tag::Tag;
use super::write_holds::{Held, HoldId};
use crate::shared::{FleetFence, Scope, WriteId};

/// The fences of all upstreams that are one account, under whatever names. What it holds is released with it.
#[derive(Debug)]
pub struct AccountFences {
    holder: u64,
    fences: Vec<SharedFence>,
}

impl AccountFences {
    #[must_use]
    pub fn new(fences: Vec<SharedFence>) -> Self {
        static LAST: AtomicU64 = AtomicU64::new(0);
        Self {
            holder: LAST.fetch_add(1, Ordering::Relaxed),
            fences,
        }
    }

    fn id(&self, write: &WriteId) -> HoldId {
        HoldId {
            holder: self.holder,
            write: write.clone(),
        }
    }
}

impl FleetFence for AccountFences {
    fn stamp(&self, scope: &Scope) {
        let held = read(scope);
        for fence in &self.fences {
            match &held {
                Held::All => fence.stamp_all(),
                Held::Tags(tags) => fence.stamp(tags),
            }
        }
    }

    fn hold(&self, write: &WriteId, scope: &Scope) {
        let held = read(scope);
        for fence in &self.fences {
            fence.hold_write(self.id(write), held.clone());
        }
    }

    fn release(&self, write: &WriteId) {
        for fence in &self.fences {
            fence.release(&self.id(write));
        }
    }
}

impl Drop for AccountFences {
    fn drop(&mut self) {
        for fence in &self.fences {
            fence.release_all_of(self.holder);
        }
    }
}

/// A tag that cannot be read may mean anything.
fn read(scope: &Scope) -> Held<Tag> {
    let Scope::Tags(texts) = scope else {
        return Held::All;
    };
    let tags = texts.iter().map(|text| Tag::parse(text));
    tags.collect::<Result<_, _>>().map_or(Held::All, Held::Tags)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shared::MemberId;

    fn tags(text: &str) -> Vec<Tag> {
        vec![Tag::parse(text).unwrap()]
    }

    fn scope(text: &str) -> Scope {
        Scope::Tags(vec![text.into()])
    }

    fn write(number: u64) -> WriteId {
        WriteId {
            member: MemberId::named("a"),
            number,
        }
    }

    #[test]
    fn the_journal_reaches_every_upstream_of_the_account() {
        let both = [SharedFence::default(), SharedFence::default()];
        let fences = AccountFences::new(both.to_vec());
        let tickets = both.each_ref().map(SharedFence::start);
        fences.stamp(&scope("room.list"));
        for (fence, ticket) in both.iter().zip(tickets) {
            assert!(!fence.admits(ticket, &tags("room.list")));
            assert!(fence.admits(ticket, &tags("day.list")));
        }
        fences.hold(&write(1), &scope("day.list"));
        assert!(both.iter().all(|fence| fence.holds(&tags("day.list"))));
        fences.release(&write(1));
        assert!(!both.iter().any(|fence| fence.holds(&tags("day.list"))));
        fences.stamp(&Scope::All);
        assert!(!both[0].admits(tickets[0], &tags("day.list")));
    }

    #[test]
    fn a_tag_that_cannot_be_read_means_everything() {
        let fence = SharedFence::default();
        let fences = AccountFences::new(vec![fence.clone()]);
        let ticket = fence.start();
        fences.hold(&write(1), &scope("no tag"));
        assert!(fence.holds(&tags("day.list")));
        fences.release(&write(1));
        assert!(fence.admits(ticket, &tags("day.list")));
        fences.stamp(&scope("no tag"));
        assert!(!fence.admits(ticket, &tags("day.list")));
    }

    #[test]
    fn what_it_holds_goes_with_it_and_nothing_that_another_holds() {
        let fence = SharedFence::default();
        let [one, other] = [(); 2].map(|()| AccountFences::new(vec![fence.clone()]));
        one.hold(&write(1), &scope("room.list"));
        one.hold(&write(2), &Scope::All);
        other.hold(&write(1), &scope("room.list"));
        drop(one);
        assert!(!fence.holds(&tags("day.list")));
        assert!(fence.holds(&tags("room.list")));
        drop(other);
        assert!(!fence.holds(&tags("room.list")));
    }
}
