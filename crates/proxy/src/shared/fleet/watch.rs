//! What is noted of a member on the way, to be told of it.

use std::time::{Duration, SystemTime};

use crate::metrics::JoinReason;
use crate::shared::clock::BootInstant;
use crate::shared::member::Member;
use crate::shared::store::journal::Beaten;

/// What is noted for it on the way.
pub(super) struct Watch {
    pub(super) started: BootInstant,
    /// When the beat was sent that granted the last lease.
    pub(super) granted: Option<BootInstant>,
    pub(super) lease_until: BootInstant,
    /// Of leases that are over and were followed by another.
    pub(super) without_lease: Duration,
    /// The highest number that a reply named, and that was applied.
    pub(super) known: u64,
    pub(super) applied: u64,
    pub(super) behind_since: Option<BootInstant>,
    /// The age of the epoch in the last reply to a beat, and when that was.
    epoch_age: Option<(Duration, BootInstant)>,
    pub(super) joined: Option<(SystemTime, JoinReason)>,
}

impl Watch {
    pub(super) fn starting(now: BootInstant) -> Self {
        Self {
            started: now,
            granted: None,
            lease_until: now,
            without_lease: Duration::ZERO,
            known: 0,
            applied: 0,
            behind_since: None,
            epoch_age: None,
            joined: None,
        }
    }

    /// A reply to a beat was applied; whether there was a lease before that is over.
    pub(super) fn beaten(&mut self, beaten: &Beaten, member: &Member, now: BootInstant) -> bool {
        self.epoch_age = Some((beaten.age, now));
        self.known = beaten.last;
        self.applied = member.position().map_or(0, |position| position.number);
        self.note_lag(now);
        self.granted.is_some() && self.lease_until <= now
    }

    /// An entry has this number.
    pub(super) fn knows(&mut self, number: u64, now: BootInstant) {
        self.known = self.known.max(number);
        self.note_lag(now);
    }

    fn note_lag(&mut self, now: BootInstant) {
        if self.applied >= self.known {
            self.behind_since = None;
        } else {
            self.behind_since.get_or_insert(now);
        }
    }

    /// A beat granted a lease; whether it is one that has not ended yet.
    pub(super) fn granted(
        &mut self,
        sent: BootInstant,
        until: BootInstant,
        now: BootInstant,
    ) -> bool {
        if until <= now {
            return false;
        }
        self.without_lease += now.saturating_duration_since(self.lease_until);
        self.granted = Some(sent);
        self.lease_until = until;
        true
    }

    pub(super) fn epoch_age(&self, now: BootInstant) -> Option<Duration> {
        let (age, at) = self.epoch_age?;
        Some(age + now.saturating_duration_since(at))
    }
}
