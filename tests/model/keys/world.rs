//! The store's record of the key, the vendor, and the steps of both requests.

use proxy::shared::{
    End as EndOf, Fingerprint, Holder, KeyEnd, KeyId, KeyRecord, KeyTimes, Take, Taken,
};
use stateright::{Model, Property};

use super::request::{End, Phase, Request};
use crate::cast::{instant, ticks};

/// What the protocol could have done instead, or what it does not promise anything for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The time in which the vendor can still apply a call is taken for shorter than it is.
    TakenOverTooEarly,
    SentWithoutLooking,
    /// The owner stands still between taking the key and sending, for longer than the key is its own.
    SuspendedOwner,
    /// The store lost the key.
    KeyLost,
    /// After an unknown end the key is free again.
    UnknownForgotten,
}

#[derive(Debug, Clone)]
pub struct Keys {
    /// A second write of the name is refused by the vendor.
    pub unique: bool,
    pub deaths: u8,
    pub fault: Option<Fault>,
}

/// A request ends within so long, and what it sent can be applied for so long.
const BUSY: u8 = 1;
const OPEN: u8 = 2;
const KEPT: u8 = 20;
const UNTIL: u8 = 7;

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct World {
    now: u8,
    record: Option<KeyRecord>,
    requests: [Request; 2],
    /// How often the vendor applied it.
    applied: u8,
    deaths: u8,
    lost: bool,
    /// Somebody was told what is not so.
    lie: bool,
    replayed: bool,
    taken_over: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    TimeGoesOn,
    Takes(usize),
    /// It finds what the one before it sent.
    Finds(usize),
    Misses(usize),
    Sends(usize),
    VendorApplies(usize),
    CallLost(usize),
    IsAnswered(usize),
    GivesUp(usize),
    Refuses(usize),
    Ends(usize),
    Dies(usize),
    KeyLost,
}

impl Keys {
    pub fn sound() -> Self {
        Self {
            unique: false,
            deaths: 1,
            fault: None,
        }
    }

    fn has(&self, fault: Fault) -> bool {
        self.fault == Some(fault)
    }

    fn times(&self) -> KeyTimes {
        let open = if self.has(Fault::TakenOverTooEarly) {
            BUSY
        } else {
            OPEN
        };
        KeyTimes {
            busy: ticks(BUSY),
            open: ticks(open),
            kept: ticks(KEPT),
        }
    }
}

const ID: KeyId = KeyId([0; 32]);
const SAME: Fingerprint = Fingerprint([0; 32]);

fn holder(request: usize) -> Holder {
    Holder::named(&request.to_string())
}

impl World {
    fn take(&mut self, keys: &Keys, at: usize) -> Option<()> {
        let me = holder(at);
        let take = Take {
            id: &ID,
            fingerprint: SAME,
            me: &me,
            times: keys.times(),
        };
        let taken = KeyRecord::take(&mut self.record, &take, instant(self.now));
        let over = match taken {
            Taken::Fresh => false,
            Taken::Over => true,
            Taken::Answered(answer) => {
                self.replayed = true;
                self.lie |= *answer == *b"done" && self.applied == 0;
                self.requests[at].phase = Phase::Told(End::Done);
                return Some(());
            }
            // Whoever finds it ends it for its holder.
            Taken::Open(holder, _) if self.applied > 0 => {
                self.end_of(&holder, KeyEnd::Answered(b"done"));
                self.requests[at].phase = Phase::Told(End::Done);
                return Some(());
            }
            // It runs, or can still be applied: come again.
            Taken::Running(_) | Taken::Open(..) => return None,
            Taken::OtherRequest => return None,
        };
        self.taken_over |= over;
        self.requests[at].took = self.now;
        self.requests[at].phase = Phase::Took { over };
        Some(())
    }

    fn end_of(&mut self, holder: &Holder, how: KeyEnd<'_>) {
        let end = EndOf {
            id: &ID,
            fingerprint: SAME,
            holder,
            how,
            kept: ticks(KEPT),
        };
        let _kept = KeyRecord::end(&mut self.record, &end, instant(self.now));
    }

    /// Keeps how a request ended, and tells its caller.
    fn end(&mut self, keys: &Keys, at: usize, end: End) {
        let me = holder(at);
        let open = (self.requests[at].took + OPEN).saturating_sub(self.now);
        let how = match end {
            End::Done => KeyEnd::Answered(b"done"),
            End::Unknown if keys.has(Fault::UnknownForgotten) => KeyEnd::Nothing,
            End::Unknown => KeyEnd::Unknown { open: ticks(open) },
            End::Nothing => KeyEnd::Nothing,
        };
        self.end_of(&me, how);
        self.lie |= end == End::Done && self.applied == 0;
        self.requests[at].phase = Phase::Told(end);
    }
}

impl Model for Keys {
    type State = World;
    type Action = Step;

    fn init_states(&self) -> Vec<World> {
        let request = Request {
            phase: Phase::Outside,
            took: 0,
            flies: false,
        };
        vec![World {
            now: 1,
            record: None,
            requests: [request.clone(), request],
            applied: 0,
            deaths: 0,
            lost: false,
            lie: false,
            replayed: false,
            taken_over: false,
        }]
    }

    fn actions(&self, world: &World, steps: &mut Vec<Step>) {
        if world.now < UNTIL {
            steps.push(Step::TimeGoesOn);
        }
        for (at, request) in world.requests.iter().enumerate() {
            let suspended = self.has(Fault::SuspendedOwner);
            let in_time = suspended || world.now < request.took + BUSY;
            match request.phase {
                Phase::Outside => steps.push(Step::Takes(at)),
                Phase::Took { over: true } if !self.has(Fault::SentWithoutLooking) => {
                    steps.push(if world.applied > 0 {
                        Step::Finds(at)
                    } else {
                        Step::Misses(at)
                    });
                }
                Phase::Took { .. } | Phase::Looked => {
                    if in_time {
                        steps.push(Step::Sends(at));
                    }
                    steps.push(Step::Refuses(at));
                }
                Phase::Sent => {
                    if world.applied > 0 {
                        steps.push(Step::IsAnswered(at));
                    }
                    steps.push(Step::GivesUp(at));
                }
                Phase::Ends(_) => steps.push(Step::Ends(at)),
                Phase::Told(_) | Phase::Dead => {}
            }
            if request.flies {
                if world.now < request.took + OPEN || suspended {
                    steps.push(Step::VendorApplies(at));
                }
                steps.push(Step::CallLost(at));
            }
            let alive = !matches!(request.phase, Phase::Outside | Phase::Told(_) | Phase::Dead);
            if alive && world.deaths < self.deaths {
                steps.push(Step::Dies(at));
            }
        }
        if self.has(Fault::KeyLost) && !world.lost && world.record.is_some() {
            steps.push(Step::KeyLost);
        }
    }

    fn next_state(&self, world: &World, step: Step) -> Option<World> {
        let mut next = world.clone();
        let mut go = |at: usize, phase| next.requests[at].phase = phase;
        match step {
            Step::TimeGoesOn => next.now += 1,
            Step::Takes(at) => next.take(self, at)?,
            Step::Finds(at) | Step::IsAnswered(at) => go(at, Phase::Ends(End::Done)),
            Step::Misses(at) => go(at, Phase::Looked),
            Step::Sends(at) => {
                go(at, Phase::Sent);
                next.requests[at].flies = true;
            }
            Step::VendorApplies(at) => {
                next.requests[at].flies = false;
                if !(self.unique && next.applied > 0) {
                    next.applied += 1;
                }
            }
            Step::CallLost(at) => next.requests[at].flies = false,
            Step::GivesUp(at) => go(at, Phase::Ends(End::Unknown)),
            Step::Refuses(at) => go(at, Phase::Ends(End::Nothing)),
            Step::Ends(at) => {
                let Phase::Ends(end) = next.requests[at].phase else {
                    return None;
                };
                next.end(self, at, end);
            }
            Step::Dies(at) => {
                go(at, Phase::Dead);
                next.deaths += 1;
            }
            Step::KeyLost => (next.record, next.lost) = (None, true),
        }
        Some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always("once", |_, world: &World| world.applied <= 1),
            Property::always("true", |_, world: &World| !world.lie),
            Property::sometimes("replayed", |_, world: &World| world.replayed),
            Property::sometimes("taken over", |_, world: &World| world.taken_over),
        ]
    }
}
