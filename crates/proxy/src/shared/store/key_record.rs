//! What is known of one key, and what a request makes of it: pure.

use std::sync::Arc;

use super::keys::{End, Fingerprint, Kept, KeyEnd, Take, Taken};
use crate::shared::clock::BootInstant;
use crate::shared::name::Holder;

/// What is known of one key.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct KeyRecord {
    fingerprint: Fingerprint,
    holder: Holder,
    state: State,
    /// A request before this one ended in an unknown outcome.
    after_unknown: bool,
    /// When all of it is forgotten.
    until: BootInstant,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum State {
    Running {
        busy: BootInstant,
        open: BootInstant,
    },
    Unknown {
        open: BootInstant,
    },
    Answered(Arc<[u8]>),
}

impl KeyRecord {
    /// A request comes with the key whose record this is.
    pub fn take(record: &mut Option<Self>, take: &Take<'_>, now: BootInstant) -> Taken {
        record.take_if(|record| record.until <= now);
        let after_unknown = match record {
            None => false,
            Some(record) => match record.look(take, now) {
                Some(taken) => return taken,
                None => true,
            },
        };
        let times = take.times;
        *record = Some(Self {
            fingerprint: take.fingerprint,
            holder: take.me.clone(),
            state: State::Running {
                busy: now + times.busy,
                open: now + times.open,
            },
            after_unknown,
            until: now + times.kept,
        });
        if after_unknown {
            Taken::Over
        } else {
            Taken::Fresh
        }
    }

    /// `None`: it can be taken over.
    fn look(&self, take: &Take<'_>, now: BootInstant) -> Option<Taken> {
        if self.fingerprint != take.fingerprint {
            return Some(Taken::OtherRequest);
        }
        let left = |until: BootInstant| until.saturating_duration_since(now);
        let open = match &self.state {
            State::Answered(answer) => return Some(Taken::Answered(answer.clone())),
            // The command was sent again, since its first reply was lost.
            State::Running { .. } if self.holder == *take.me => {
                return Some(if self.after_unknown {
                    Taken::Over
                } else {
                    Taken::Fresh
                });
            }
            State::Running { busy, .. } if now < *busy => {
                return Some(Taken::Running(left(*busy)));
            }
            State::Running { open, .. } | State::Unknown { open } => *open,
        };
        (now < open).then(|| Taken::Open(self.holder.clone(), left(open)))
    }

    /// A request under the key whose record this is ends.
    pub fn end(record: &mut Option<Self>, end: &End<'_>, now: BootInstant) -> Kept {
        record.take_if(|record| record.until <= now);
        let after_unknown = match record {
            // The store lost it: what is known of its end is better than nothing.
            None => false,
            Some(record) => {
                let answered = matches!(record.state, State::Answered(_));
                if answered || record.holder != *end.holder {
                    return Kept::NotMine;
                }
                record.after_unknown
            }
        };
        let state = match end.how {
            KeyEnd::Answered(answer) => State::Answered(answer.into()),
            KeyEnd::Unknown { open } => State::Unknown { open: now + open },
            KeyEnd::Nothing if after_unknown => State::Unknown { open: now },
            KeyEnd::Nothing => {
                *record = None;
                return Kept::Kept;
            }
        };
        match record {
            Some(record) => record.state = state,
            None => {
                *record = Some(Self {
                    fingerprint: end.fingerprint,
                    holder: end.holder.clone(),
                    state,
                    after_unknown,
                    until: now + end.kept,
                });
            }
        }
        Kept::Kept
    }
}

#[cfg(test)]
mod tests;
