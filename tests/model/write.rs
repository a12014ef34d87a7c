//! A write: from its begin to its answer.

use proxy::shared::{Awaited, MemberId, Standing};

use crate::action::Action;
use crate::cast::{Note, Says, Who, epoch, epoch_number, instant};
use crate::fault::Fault;
use crate::scenario::Ends;
use crate::store::{Receipt, Registered, members};
use crate::world::{Removal, Search, World};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    Done,
    Unknown,
    NotDone,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum How {
    Acknowledged,
    Elapsed,
    WithoutEnd,
    AtOnce,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Phase {
    Planned,
    /// The begin is appended, its reply is on its way.
    Begun(Receipt),
    Calling,
    Ended(Outcome),
    /// So it is only where a fault is planted: the sending of the end is a step of its own.
    Sent(Outcome),
    /// By this server; the reply is on its way.
    Appended(Outcome, usize, Receipt),
    /// With those that the append named.
    Waiting(Awaited, Vec<Registered>),
    Answered(How),
    /// Nothing happened, and nothing will.
    NotDone,
    /// Its door died.
    Dead,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Write {
    pub phase: Phase,
    by: Who,
    /// The contract that it began under.
    contract: u8,
    begin: Option<Begin>,
    /// By the true clock: from here on the vendor does not apply it any more. `None`: while it is being called.
    until: Option<u8>,
    /// It was applied when its begin held nothing any more.
    late: bool,
    /// When its end was sent, by the writer's clock.
    sent: u8,
}

/// Its entry, as the writer knows it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Begin {
    epoch: u8,
    server: usize,
    executed: u8,
    /// When the reply was there.
    replied: u8,
    /// By the clock of its door.
    replied_own: u8,
    /// Kept where the answer waits for what was said of it.
    receipt: Option<Receipt>,
}

impl Write {
    pub const fn planned() -> Self {
        Self {
            phase: Phase::Planned,
            by: Who::NOBODY,
            contract: 0,
            begin: None,
            until: None,
            late: false,
            sent: 0,
        }
    }

    /// The members that it still compares tokens of.
    pub fn named(&self) -> &[Registered] {
        match &self.phase {
            Phase::Appended(_, _, receipt) => &receipt.members,
            Phase::Waiting(_, named) => named,
            _ => &[],
        }
    }

    pub fn is_answered(&self) -> bool {
        matches!(self.phase, Phase::Answered(_))
    }

    /// Whoever looks must see it if it was applied: it was answered, or its writer is dead for so long that another door
    /// may have found it and answered.
    pub fn is_owed(&self, search: &Search, now: u8) -> bool {
        let held = |begin: &Begin| now >= begin.replied + 2 * search.scenario.wait;
        match self.phase {
            Phase::Answered(_) => true,
            Phase::Dead => !self.late && self.begin.as_ref().is_some_and(held),
            _ => false,
        }
    }

    /// What is over makes no difference any more: worlds that differ there are one.
    pub fn forget(&mut self, now: u8) {
        if self.until.is_some_and(|until| until <= now) {
            self.until = Some(0);
        }
    }

    /// It has come to its end, and will not be applied any more.
    pub fn is_settled(&self, now: u8) -> bool {
        let ended = matches!(
            self.phase,
            Phase::Answered(_) | Phase::NotDone | Phase::Dead
        );
        ended && self.until.is_none_or(|until| now >= until)
    }

    /// Its door dies.
    pub fn dies(&mut self, search: &Search) {
        match self.phase {
            Phase::Begun(_) => self.phase = Phase::NotDone,
            Phase::Planned | Phase::Answered(_) | Phase::NotDone | Phase::Dead => {}
            _ => {
                self.phase = Phase::Dead;
                let begin = self.begin.as_ref().unwrap();
                let until = begin.executed + search.scenario.keep;
                self.until = Some(self.until.map_or(until, |other| other.min(until)));
            }
        }
    }

    fn note(&self, search: &Search, write: u8, says: Says) -> Note {
        Note {
            write,
            by: self.by,
            says,
            keys: search.scenario.writes[usize::from(write)].keys,
            contract: self.contract,
            claims: search.scenario.claim(self.contract),
        }
    }

    fn may_be_applied(&self, now: u8) -> bool {
        match self.phase {
            Phase::Calling => true,
            Phase::Planned | Phase::Begun(_) | Phase::NotDone => false,
            _ => self.until.is_some_and(|until| now < until),
        }
    }
}

/// The steps that the writes can take.
pub fn actions(search: &Search, world: &World, actions: &mut Vec<Action>) {
    let scenario = &search.scenario;
    for (write, planned) in (0..).zip(&scenario.writes) {
        let it = &world.writes[usize::from(write)];
        let door = &world.doors[usize::from(planned.by)];
        let applied = world.applied >> write & 1 == 1;
        let reaches = world.reaches(door.server) && !door.gone;
        if it.may_be_applied(world.now) && !applied {
            actions.push(Action::VendorApplies { write });
        }
        match &it.phase {
            Phase::Planned if reaches && !door.leaving && world.is_next(search, write) => {
                actions.push(Action::BeginAppended { write });
            }
            Phase::Begun(receipt) => {
                if it
                    .begin
                    .as_ref()
                    .is_none_or(|begin| begin.server != door.server)
                {
                    actions.push(Action::BeginFailed { write });
                } else if world.is_held_by_replica(search, door.server, receipt.number) {
                    actions.push(Action::BeginReplied { write });
                }
            }
            Phase::Calling => {
                if applied && scenario.ends != Ends::Unknown {
                    actions.push(Action::EndedDone { write });
                }
                if matches!(
                    scenario.ends,
                    Ends::DoneOrUnknown | Ends::Unknown | Ends::Any
                ) {
                    actions.push(Action::EndedUnknown { write });
                }
                if !applied && matches!(scenario.ends, Ends::DoneOrNot | Ends::Any) {
                    actions.push(Action::EndedNotDone { write });
                }
            }
            Phase::Ended(_) if scenario.troubles.cut_off => {
                without_end(search, world, write, actions)
            }
            Phase::Ended(_) if scenario.has(Fault::WaitFromSending) => {
                actions.push(Action::EndSent { write });
            }
            Phase::Ended(_) | Phase::Sent(_) if reaches => {
                actions.push(Action::EndAppended { write });
            }
            Phase::Appended(_, server, receipt) => {
                if *server != door.server {
                    actions.push(Action::EndIsSentAgain { write });
                } else if world.is_held_by_replica(search, door.server, receipt.number) {
                    actions.push(Action::EndReplied { write });
                }
            }
            Phase::Waiting(awaited, _) => waiting(search, world, (write, awaited), actions),
            _ => {}
        }
        let sent = !matches!(it.phase, Phase::Planned | Phase::Begun(_));
        if scenario.has(Fault::ReplayBeforeWait) && sent && applied && !it.is_answered() {
            actions.push(Action::ReplayAnswered { write });
        }
    }
    for nth in 0..world.removals.len() {
        actions.push(Action::SilentRemoved {
            nth: u8::try_from(nth).unwrap(),
        });
    }
}

/// The end cannot be appended: the late hold is waited for.
fn without_end(search: &Search, world: &World, write: u8, actions: &mut Vec<Action>) {
    let it = &world.writes[usize::from(write)];
    let door = &world.doors[usize::from(search.scenario.writes[usize::from(write)].by)];
    let timing = search.scenario.timing();
    let waits = if search.scenario.has(Fault::LateAnswerAfterOneWait) {
        timing.wait
    } else {
        timing.late_hold()
    };
    let in_time = it.begin.as_ref().is_some_and(|begin| {
        let (replied, now) = (instant(begin.replied_own), instant(door.clock));
        // Members count from when they read it, which is not before it was sent.
        let sent = if search.scenario.has(Fault::KeepFromReply) {
            begin.replied_own
        } else {
            begin.executed
        };
        now >= replied + waits && now < instant(sent) + timing.keep
    });
    if in_time {
        actions.push(Action::AnsweredWithoutEnd { write });
    }
}

fn waiting(
    search: &Search,
    world: &World,
    (write, awaited): (u8, &Awaited),
    actions: &mut Vec<Action>,
) {
    let mut next = awaited.clone();
    if world.stands(search, write, &mut next) != Standing::Waiting {
        actions.push(Action::Answered { write });
    } else if next != *awaited {
        actions.push(Action::MembersPolled { write });
    }
}

impl World {
    /// Of equal writes the first begins first; in turn, once it is over.
    fn is_next(&self, search: &Search, write: u8) -> bool {
        let Some(before) = write.checked_sub(1).map(usize::from) else {
            return true;
        };
        let writes = &search.scenario.writes;
        match &self.writes[before].phase {
            phase if search.scenario.in_turn => {
                matches!(phase, Phase::Answered(_) | Phase::NotDone | Phase::Dead)
            }
            Phase::Planned => writes[before].by != writes[usize::from(write)].by,
            _ => true,
        }
    }

    /// How a write stands, by what its door is told now.
    fn stands(&self, search: &Search, write: u8, awaited: &mut Awaited) -> Standing {
        let scenario = &search.scenario;
        let door = &self.doors[usize::from(scenario.writes[usize::from(write)].by)];
        let now = instant(door.clock);
        if scenario.has(Fault::NoWait) {
            return Standing::Acknowledged;
        }
        if !self.reaches(door.server) || door.gone {
            return awaited.standing(now, None);
        }
        let mut server = self.servers[door.server].clone();
        let epochs = std::cell::Cell::new(self.epochs);
        let mut there = server.epoch(self.moment(search, &epochs));
        if scenario.has(Fault::OtherServerAcknowledges) {
            // The epoch of a list is not looked at.
            there = self.end_epochs[usize::from(write)].unwrap_or(there);
        }
        let mut list = server.members.clone();
        if scenario.has(Fault::SilentByServerClock) {
            let clock = self.now + server.stepped;
            list.retain(|member| clock < member.at + scenario.wait);
        }
        awaited.standing(now, Some((epoch(there), &members(&list))))
    }

    /// Takes a step of a write.
    pub fn write_steps(&mut self, search: &Search, write: u8, action: Action) -> Option<()> {
        let scenario = &search.scenario;
        let at = usize::from(write);
        let planned = scenario.writes[at];
        let place = usize::from(planned.by);
        match action {
            Action::BeginAppended { .. } => {
                self.begin(search, write);
                let lost = scenario.troubles.failover || scenario.waits_for_replica.0;
                if !scenario.apart && !lost {
                    self.begin_replied(search, write)?;
                }
            }
            Action::BeginReplied { .. } => self.begin_replied(search, write)?,
            Action::BeginFailed { .. } => self.writes[at] = Write::planned(),
            Action::VendorApplies { .. } => {
                self.applied |= 1 << write;
                let begin = self.writes[at].begin.as_ref();
                let late = begin.is_some_and(|begin| {
                    begin.executed != 0 && self.now >= begin.executed + scenario.keep
                });
                self.writes[at].late = late;
            }
            Action::EndedDone { .. } => {
                self.writes[at].phase = Phase::Ended(Outcome::Done);
                let keys = self.own_keys(search, write);
                self.doors[place].own_done(keys);
            }
            Action::EndedUnknown { .. } => {
                self.writes[at].phase = Phase::Ended(Outcome::Unknown);
                self.writes[at].until = Some(self.now + scenario.hold);
                let keys = self.own_keys(search, write);
                let until = self.doors[place].clock + scenario.hold;
                self.doors[place].own_unknown(write, until, keys);
            }
            Action::EndedNotDone { .. } => self.writes[at].phase = Phase::Ended(Outcome::NotDone),
            Action::EndSent { .. } => {
                let Phase::Ended(outcome) = self.writes[at].phase else {
                    return None;
                };
                self.writes[at].sent = self.doors[place].clock;
                self.writes[at].phase = Phase::Sent(outcome);
            }
            Action::EndAppended { .. } => self.end(search, write)?,
            Action::EndReplied { .. } => self.end_replied(search, write)?,
            Action::EndIsSentAgain { .. } => {
                let Phase::Appended(outcome, ..) = self.writes[at].phase else {
                    return None;
                };
                self.writes[at].phase = Phase::Ended(outcome);
            }
            Action::MembersPolled { .. } | Action::Answered { .. } => self.answer(search, write)?,
            Action::AnsweredWithoutEnd { .. } => {
                self.writes[at].phase = Phase::Answered(How::WithoutEnd);
            }
            Action::ReplayAnswered { .. } => self.writes[at].phase = Phase::Answered(How::AtOnce),
            _ => return None,
        }
        Some(())
    }

    fn begin(&mut self, search: &Search, write: u8) {
        let scenario = &search.scenario;
        let at = usize::from(write);
        let door = &self.doors[usize::from(scenario.writes[at].by)];
        let (by, words, server, clock) = (door.who, door.contract, door.server, door.clock);
        self.writes[at].by = by;
        self.writes[at].contract = words;
        let troubles = &scenario.troubles;
        let counts = troubles.crashes > 0 || troubles.cut_off || troubles.trims > 0;
        let mut begin = Begin {
            epoch: 0,
            server,
            // Where nobody asks, worlds that differ in it are one.
            executed: if counts { self.now } else { 0 },
            replied: 0,
            replied_own: if counts { clock } else { 0 },
            receipt: None,
        };
        if scenario.has(Fault::NoBegin) {
            begin.replied = self.now;
            self.writes[at].begin = Some(begin);
            self.writes[at].phase = Phase::Calling;
            return;
        }
        let note = self.writes[at].note(search, write, Says::Begin);
        let receipt = self.append(search, server, note);
        begin.epoch = receipt.epoch;
        begin.receipt = scenario.has(Fault::WaitsForBegin).then(|| receipt.clone());
        self.writes[at].begin = Some(begin);
        self.writes[at].phase = Phase::Begun(Receipt {
            members: Vec::new(),
            ..receipt
        });
    }

    fn begin_replied(&mut self, search: &Search, write: u8) -> Option<()> {
        let at = usize::from(write);
        let door = &mut self.doors[usize::from(search.scenario.writes[at].by)];
        let begin = self.writes[at].begin.as_mut()?;
        if begin.executed != 0 {
            (begin.replied, begin.replied_own) = (self.now, door.clock);
        }
        door.sees(begin.epoch);
        self.writes[at].phase = Phase::Calling;
        Some(())
    }

    fn end(&mut self, search: &Search, write: u8) -> Option<()> {
        let at = usize::from(write);
        let server = self.doors[usize::from(search.scenario.writes[at].by)].server;
        let (Phase::Ended(outcome) | Phase::Sent(outcome)) = self.writes[at].phase else {
            return None;
        };
        let says = match outcome {
            Outcome::Done => Says::Done,
            Outcome::Unknown => Says::Unknown,
            Outcome::NotDone => Says::NotDone,
        };
        let note = self.writes[at].note(search, write, says);
        let receipt = self.append(search, server, note);
        self.writes[at].phase = match outcome {
            // It waits for nobody.
            Outcome::NotDone => Phase::NotDone,
            _ => Phase::Appended(outcome, server, receipt),
        };
        Some(())
    }

    fn end_replied(&mut self, search: &Search, write: u8) -> Option<()> {
        let scenario = &search.scenario;
        let at = usize::from(write);
        let Phase::Appended(_, _, receipt) = &self.writes[at].phase else {
            return None;
        };
        let begin = self.writes[at].begin.as_ref()?;
        let waits_for = begin.receipt.as_ref().unwrap_or(receipt).appended();
        let named = receipt.members.clone();
        let epoch_of_end = receipt.epoch;
        let door = &mut self.doors[usize::from(scenario.writes[at].by)];
        door.sees(epoch_of_end);
        let replied = if scenario.has(Fault::WaitFromSending) {
            self.writes[at].sent
        } else {
            door.clock
        };
        let (mut began, mut known) = (begin.epoch, door.epoch?.1);
        if scenario.has(Fault::OtherServerAcknowledges) || scenario.has(Fault::NewEpochTrusted) {
            known = 0;
        }
        if scenario.has(Fault::OtherServerAcknowledges) || scenario.has(Fault::NoBegin) {
            began = epoch_of_end;
        }
        let me: &MemberId = door.who.id();
        let known = (Some(epoch(began)), instant(known));
        let awaited = Awaited::new(&waits_for, me, known, instant(replied), &scenario.timing());
        if scenario.has(Fault::OtherServerAcknowledges) {
            self.end_epochs[at] = Some(epoch_number(&waits_for.epoch));
        }
        self.writes[at].phase = Phase::Waiting(awaited, named);
        Some(())
    }

    fn answer(&mut self, search: &Search, write: u8) -> Option<()> {
        let at = usize::from(write);
        let place = usize::from(search.scenario.writes[at].by);
        let Phase::Waiting(mut awaited, named) = self.writes[at].phase.clone() else {
            return None;
        };
        let standing = self.stands(search, write, &mut awaited);
        self.writes[at].phase = match standing {
            Standing::Waiting => Phase::Waiting(awaited, named),
            Standing::Acknowledged => Phase::Answered(How::Acknowledged),
            Standing::Elapsed(silent) => {
                let server = self.doors[place].server;
                let silent = silent.iter().map(|(member, token)| Removal {
                    server,
                    who: Who::of(member),
                    token: u8::try_from(*token).unwrap(),
                });
                self.removals.extend(silent);
                self.removals.sort_unstable();
                self.removals.dedup();
                Phase::Answered(How::Elapsed)
            }
        };
        if self.writes[at].is_answered() {
            self.writes[at].begin = None;
        }
        Some(())
    }

    /// What its own door's fence is told that a write changes.
    fn own_keys(&self, search: &Search, write: u8) -> u8 {
        let planned = search.scenario.writes[usize::from(write)];
        let door = &self.doors[usize::from(planned.by)];
        let other = self.writes[usize::from(write)].contract != door.contract;
        match other {
            true if search.scenario.has(Fault::ReloadForgotten) => 0,
            true => u8::MAX,
            false => planned.keys,
        }
    }
}
