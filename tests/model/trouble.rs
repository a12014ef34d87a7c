//! Time, and what can go wrong: with members, with the store, with clocks.

use crate::action::Action;
use crate::cast::Says;
use crate::door::Beat;
use crate::fault::Fault;
use crate::scenario::{Clocks, Scenario};
use crate::world::{Removal, Search, World};
use crate::write::Write;

pub fn actions(search: &Search, world: &World, actions: &mut Vec<Action>) {
    let scenario = &search.scenario;
    let troubles = &scenario.troubles;
    let spent = &world.spent;
    if world.now < scenario.until() {
        time(search, actions);
    }
    for (door, it) in (0u8..).zip(&world.doors) {
        if it.gone {
            continue;
        }
        if spent.crashes < troubles.crashes && troubles.crashers >> door & 1 == 1 {
            actions.push(Action::Crashes { door });
        }
        if scenario.has(Fault::ClockStops) && world.now < scenario.until() && it.has_lease() {
            actions.push(Action::Suspended { door });
        }
        if troubles.leaving && scenario.beaters >> door & 1 == 1 {
            if !it.leaving && !scenario.has(Fault::LeavesListFirst) {
                actions.push(Action::GivesUpLease { door });
            } else if world.reaches(it.server)
                && world.servers[it.server].registration(it.who).is_some()
            {
                actions.push(Action::LeavesList { door });
            }
        }
        if troubles.failover && it.server != world.current {
            actions.push(Action::ConnectsToOther { door });
        }
        if spent.reloads < troubles.reloads {
            actions.push(Action::Reloads { door });
        }
    }
    let primary = &world.servers[world.current];
    if spent.trims < troubles.trims {
        let entries = 1..=u8::try_from(primary.length()).unwrap();
        let entries = entries.filter(|entries| may_be_trimmed(search, world, (*entries).into()));
        actions.extend(entries.map(|entries| Action::Trimmed { entries }));
    }
    if spent.lost_journals < troubles.lost_journals {
        actions.push(Action::JournalLost);
    }
    if spent.flushes < troubles.flushes {
        actions.push(Action::Flushed);
    }
    if troubles.failover && world.current == 0 {
        actions.push(Action::FailedOver);
        if world.servers[0] != world.servers[1] && spent.replications < troubles.replications {
            actions.push(Action::Replicated);
        }
    }
    if scenario.has(Fault::SilentByServerClock) && primary.stepped == 0 {
        actions.push(Action::ServerClockStepped);
    }
}

fn time(search: &Search, actions: &mut Vec<Action>) {
    let scenario = &search.scenario;
    match scenario.clocks {
        Clocks::Right => actions.push(Action::TimeGoesOn([0; 3])),
        Clocks::Wrong(_) => {
            for first in -1..=1 {
                for second in -1..=1 {
                    actions.push(Action::TimeGoesOn([first, second, 0]));
                }
            }
        }
    }
}

/// Entries are kept for twice as long as a write can be applied: what may still be applied is never trimmed.
fn may_be_trimmed(search: &Search, world: &World, entries: usize) -> bool {
    let notes = world.servers[world.current].first(entries);
    search.scenario.has(Fault::TrimmedEarly)
        || notes.into_iter().all(|note| {
            let write = &world.writes[usize::from(note.write)];
            matches!(note.says, Says::Done | Says::NotDone) || write.is_settled(world.now)
        })
}

impl World {
    pub fn trouble_steps(&mut self, search: &Search, action: Action) -> Option<()> {
        let scenario = &search.scenario;
        match action {
            Action::TimeGoesOn(wrong) => self.time(scenario, wrong, None)?,
            Action::Suspended { door } => self.time(scenario, [0; 3], Some(door))?,
            Action::Crashes { door } => self.crash(search, door),
            Action::SilentRemoved { nth } => {
                let Removal { server, who, token } = self.removals.remove(nth.into());
                let token = (!scenario.has(Fault::RemovedBlindly)).then_some(token);
                self.servers[server].remove(who, token);
            }
            Action::GivesUpLease { door } => {
                let it = &mut self.doors[usize::from(door)];
                (it.leaving, it.lease) = (true, 0);
            }
            Action::LeavesList { door } => self.leaves(search, door),
            Action::ConnectsToOther { door } => {
                let it = &mut self.doors[usize::from(door)];
                it.server = self.current;
                it.beat = Beat::Idle;
                it.late_beat = None;
            }
            Action::Reloads { door } => {
                self.spent.reloads += 1;
                self.doors[usize::from(door)].reload(scenario);
            }
            Action::Trimmed { entries } => {
                self.spent.trims += 1;
                self.servers[self.current].trim(entries.into());
            }
            Action::JournalLost => {
                self.spent.lost_journals += 1;
                self.servers[self.current].lose_journal();
            }
            Action::Flushed => {
                self.spent.flushes += 1;
                self.servers[self.current].flush();
            }
            Action::Replicated => {
                self.servers[1] = self.servers[0].clone();
                // Worlds that differ only in how often it could go on are one.
                if scenario.troubles.replications < u8::MAX {
                    self.spent.replications += 1;
                }
            }
            Action::FailedOver => {
                self.current = 1;
                self.servers[1].promote();
                if !self.both_answer {
                    // Nobody looks at the dead one: worlds that differ there are one.
                    self.servers[0] = self.servers[1].clone();
                }
            }
            Action::ServerClockStepped => self.servers[self.current].stepped = scenario.wait,
            _ => return None,
        }
        Some(())
    }

    fn time(&mut self, scenario: &Scenario, wrong: [i8; 3], suspended: Option<u8>) -> Option<()> {
        let units: u8 = match scenario.clocks {
            Clocks::Right => 1,
            Clocks::Wrong(units) => units,
        };
        self.now += units;
        for ((door, it), wrong) in (0u8..).zip(&mut self.doors).zip(wrong) {
            if suspended != Some(door) {
                it.clock = it.clock.checked_add(units)?.checked_add_signed(wrong)?;
            }
            it.forget(scenario);
        }
        let now = self.now;
        self.writes.iter_mut().for_each(|write| write.forget(now));
        Some(())
    }

    fn crash(&mut self, search: &Search, door: u8) {
        self.spent.crashes += 1;
        let current = self.current;
        let it = &mut self.doors[usize::from(door)];
        *it = it.next_life(&search.scenario, current);
        let planned = search.scenario.writes.iter();
        let own = self.writes.iter_mut().zip(planned);
        own.filter(|(_, planned)| planned.by == door)
            .for_each(|(write, _): (&mut Write, _)| write.dies(search));
        if self.read.as_ref().is_some_and(|read| read.door == door) {
            self.read = None;
        }
    }

    fn leaves(&mut self, search: &Search, door: u8) {
        let it = &mut self.doors[usize::from(door)];
        self.servers[it.server].remove(it.who, None);
        it.beat = Beat::Idle;
        it.leaving = true;
        it.gone = !search.scenario.has(Fault::LeavesListFirst);
    }
}
