//! Whom the answer of a write waits for: pure, as [`super::Member`] is.

use std::collections::BTreeMap;

use super::clock::BootInstant;
use super::name::{Epoch, MemberId};
use super::store::journal::{Appended, Members};
use super::timing::Timing;

/// The end of a write is in the journal, and its answer waits.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Awaited {
    epoch: Epoch,
    number: u64,
    /// Whoever was registered when the entry was appended, by the token of that moment. Who comes later reads it.
    members: BTreeMap<MemberId, u64>,
    /// Then no lease is left of those who said nothing.
    until: BootInstant,
    /// Members may have a lease of a store that does not know of the entry: then acknowledgements say nothing.
    all_of_it: bool,
}

/// Whether an answer may leave.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Standing {
    Waiting,
    /// All who were awaited have applied it, or left.
    Acknowledged,
    /// The time is over. These said nothing; they are to be removed if their token is still the same.
    Elapsed(BTreeMap<MemberId, u64>),
}

impl Awaited {
    /// `began`: the epoch that the write's begin was appended in, if it was. `known_since`: when this process first
    /// saw the epoch of the end. `replied`: when the reply to the end was there; from then on time counts, since it
    /// may have been appended only just before.
    #[must_use]
    pub fn new(
        appended: &Appended,
        me: &MemberId,
        (began, known_since): (Option<&Epoch>, BootInstant),
        replied: BootInstant,
        timing: &Timing,
    ) -> Self {
        let other_epoch = began.is_some_and(|began| *began != appended.epoch);
        let members = appended.members.iter();
        let members = members.filter(|(member, _)| *member != me);
        Self {
            epoch: appended.epoch.clone(),
            number: appended.number,
            members: members
                .map(|(member, registration)| (member.clone(), registration.token))
                .collect(),
            until: replied + timing.wait,
            all_of_it: other_epoch || replied.saturating_duration_since(known_since) < timing.wait,
        }
    }

    /// When the wait is over in any case.
    #[must_use]
    pub const fn until(&self) -> BootInstant {
        self.until
    }

    /// The number of the entry in the journal.
    #[must_use]
    pub const fn number(&self) -> u64 {
        self.number
    }

    /// How it stands, with what the store says of its members, where it says something.
    #[must_use]
    pub fn standing(&mut self, now: BootInstant, members: Option<(&Epoch, &Members)>) -> Standing {
        match members {
            Some((epoch, members)) if *epoch == self.epoch => self.members.retain(|member, _| {
                let registration = members.get(member);
                registration.is_some_and(|one| one.applied.is_none_or(|at| at < self.number))
            }),
            // Another server, which knows nothing of who read from the one that took the entry.
            Some(_) => self.all_of_it = true,
            None => {}
        }
        if !self.all_of_it && self.members.is_empty() {
            Standing::Acknowledged
        } else if now >= self.until {
            Standing::Elapsed(std::mem::take(&mut self.members))
        } else {
            Standing::Waiting
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::shared::store::journal::Registration;

    const SECOND: Duration = Duration::from_secs(1);

    fn at(seconds: u64) -> BootInstant {
        BootInstant::from_nanos(seconds * 1_000_000_000)
    }

    fn members(list: &[(&str, Option<u64>, u64)]) -> Members {
        let list = list.iter().map(|(name, applied, token)| {
            let (applied, token) = (*applied, *token);
            (MemberId::named(name), Registration { applied, token })
        });
        list.collect()
    }

    fn awaited(list: &[(&str, Option<u64>, u64)], began: &str, known_since: u64) -> Awaited {
        let appended = Appended {
            epoch: Epoch::named("e"),
            number: 7,
            members: members(list),
        };
        let me = MemberId::named("me");
        let (began, timing) = (Epoch::named(began), Timing::new(SECOND * 70));
        let known = (Some(&began), at(known_since));
        Awaited::new(&appended, &me, known, at(100), &timing)
    }

    #[test]
    fn an_answer_waits_for_each_member_until_it_has_applied_the_entry_or_left() {
        let mut awaited = awaited(
            &[("me", Some(1), 1), ("a", Some(6), 2), ("b", Some(6), 3)],
            "e",
            0,
        );
        let epoch = Epoch::named("e");
        let mut ask = |list| awaited.standing(at(100), Some((&epoch, &members(list))));
        assert_eq!(
            ask(&[("a", Some(6), 9), ("b", Some(7), 3)]),
            Standing::Waiting
        );
        assert_eq!(
            ask(&[("a", None, 10), ("new", None, 11)]),
            Standing::Waiting,
            "it has begun again and has applied nothing yet"
        );
        assert_eq!(ask(&[("new", None, 11)]), Standing::Acknowledged);
    }

    #[test]
    fn who_says_nothing_is_waited_for_as_long_as_a_lease_can_last() {
        let mut awaited = awaited(&[("a", Some(6), 2)], "e", 0);
        let end = at(100) + Timing::new(SECOND).wait;
        let just_before = BootInstant::from_nanos(end.as_nanos() - 1);
        assert_eq!(awaited.standing(just_before, None), Standing::Waiting);
        let silent = [(MemberId::named("a"), 2)].into();
        assert_eq!(awaited.standing(end, None), Standing::Elapsed(silent));
    }

    #[test]
    fn in_another_epoch_or_one_that_is_new_acknowledgements_say_nothing() {
        for (began, known_since) in [("other", 0), ("e", 99)] {
            let mut awaited = awaited(&[], began, known_since);
            let epoch = Epoch::named("e");
            let nobody = Members::new();
            let said = Some((&epoch, &nobody));
            assert_eq!(awaited.standing(at(101), said), Standing::Waiting);
            assert!(matches!(
                awaited.standing(at(102), said),
                Standing::Elapsed(_)
            ));
        }
        let mut awaited = awaited(&[("a", Some(6), 2)], "e", 0);
        let (epoch, all) = (Epoch::named("f"), members(&[("a", Some(8), 9)]));
        let said = Some((&epoch, &all));
        assert_eq!(awaited.standing(at(100), said), Standing::Waiting);
    }
}
