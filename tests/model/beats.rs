//! What a door does by itself: beats, timers, and reads that ask the vendor.

use crate::action::Action;
use crate::cache::Call;
use crate::cast::Who;
use crate::door::Beat;
use crate::fault::Fault;
use crate::store::Registered;
use crate::world::{Search, World};

pub fn actions(search: &Search, world: &World, actions: &mut Vec<Action>) {
    let scenario = &search.scenario;
    for (place, it) in (0u8..).zip(&world.doors) {
        let door = place;
        if it.gone {
            continue;
        }
        let reaches = world.reaches(it.server);
        if scenario.beaters >> place & 1 == 1 {
            match &it.beat {
                Beat::Idle if reaches && !it.leaving => actions.push(Action::BeatSent { door }),
                Beat::Sent { .. } if reaches => actions.push(Action::BeatExecuted { door }),
                Beat::Half { sent: false, .. } => actions.push(Action::SecondHalfSent { door }),
                Beat::Half { .. } if reaches => actions.push(Action::SecondHalfExecuted { door }),
                Beat::Executed { .. } if world.beat_counts(search, it) => {
                    actions.push(Action::BeatReplied { door });
                }
                _ => {}
            }
            if scenario.troubles.lost_beats && it.beat != Beat::Idle {
                actions.push(Action::BeatLost { door });
            }
            if it.is_due() {
                actions.push(Action::TimerRuns { door });
            }
        }
        if it.late_beat.is_some() && reaches {
            actions.push(Action::LateBeatExecuted { door });
        }
        if scenario.readers >> place & 1 == 1 {
            for key in 0..scenario.keys {
                let at = usize::from(key);
                match it.cache.call(at) {
                    Call::None if scenario.refreshes || !it.cache.keeps(at) => {
                        actions.push(Action::VendorAsked { door, key });
                    }
                    Call::None => {}
                    Call::Asked => actions.push(Action::VendorReads { door, key }),
                    Call::Read => actions.push(Action::VendorAnswered { door, key }),
                }
            }
        }
    }
}

impl World {
    pub fn door_steps(&mut self, search: &Search, door: u8, action: Action) -> Option<()> {
        let scenario = &search.scenario;
        let at = usize::from(door);
        match action {
            Action::BeatSent { .. } => {
                let it = &mut self.doors[at];
                it.beat = Beat::Sent { at: it.clock };
                if scenario.has(Fault::FlushBeforePosition) && it.place().is_none() {
                    it.cache.stamp(u8::MAX);
                }
                if !scenario.apart && !scenario.troubles.late_beats {
                    self.beat_executed(search, at)?;
                }
            }
            Action::BeatExecuted { .. } => self.beat_executed(search, at)?,
            Action::SecondHalfSent { .. } => {
                let it = &mut self.doors[at];
                let Beat::Half { at, .. } = it.beat else {
                    return None;
                };
                let late = scenario.has(Fault::LeaseFromReading);
                let at = if late { it.clock } else { at };
                it.beat = Beat::Half { at, sent: true };
            }
            Action::SecondHalfExecuted { .. } => self.second_half(search, at)?,
            Action::BeatReplied { .. } => {
                let it = &mut self.doors[at];
                let Beat::Executed { at, reading, .. } =
                    std::mem::replace(&mut it.beat, Beat::Idle)
                else {
                    return None;
                };
                it.receive(search, at, reading);
                if scenario.has(Fault::ReadThenRegister) {
                    it.beat = Beat::Half { at, sent: false };
                }
            }
            Action::BeatLost { .. } => {
                let it = &mut self.doors[at];
                if scenario.troubles.late_beats && matches!(it.beat, Beat::Sent { .. }) {
                    it.late_beat = Some(it.place());
                }
                it.beat = Beat::Idle;
            }
            Action::LateBeatExecuted { .. } => {
                let it = &mut self.doors[at];
                let (who, server, place) = (it.who, it.server, it.late_beat.take()?);
                let new = self.registration(search, who, server, None);
                self.script(search, server, |server, moment| {
                    let applied = server.known(place, moment);
                    server.register(Registered { applied, ..new }, moment);
                });
            }
            Action::TimerRuns { .. } => self.doors[at].timer(scenario),
            Action::VendorAsked { key, .. } => {
                let seen = self.applied & search.writes_of(key);
                let it = &mut self.doors[at];
                let seen = (!scenario.apart).then_some(seen);
                it.cache.ask(usize::from(key), seen, it.clock);
            }
            Action::VendorReads { key, .. } => {
                let seen = self.applied & search.writes_of(key);
                self.doors[at].cache.read(usize::from(key), seen);
            }
            Action::VendorAnswered { key, .. } => {
                let it = &mut self.doors[at];
                let given = it.cache.land(usize::from(key), it.clock);
                self.landed(door, key, given);
            }
            _ => return None,
        }
        Some(())
    }

    fn beat_executed(&mut self, search: &Search, at: usize) -> Option<()> {
        let scenario = &search.scenario;
        let it = &self.doors[at];
        let Beat::Sent { at: sent } = it.beat else {
            return None;
        };
        let (who, server, place) = (it.who, it.server, it.place());
        let registers = !scenario.has(Fault::ReadThenRegister);
        let reads = !scenario.has(Fault::LeaseFromReading);
        let early = scenario.has(Fault::AcknowledgedBeforeApplied);
        let new = self.registration(search, who, server, None);
        let reading = self.script(search, server, |server, moment| {
            let applied = server.known(place, moment);
            let reading = server.read(place, scenario.page, moment);
            if registers {
                let brings = reading.entries.last().map(|entry| entry.number);
                let applied = if early { brings.or(applied) } else { applied };
                server.register(Registered { applied, ..new }, moment);
            }
            reading
        });
        let registered = self.to_be_replicated(search, server, who);
        self.doors[at].beat = if reads {
            Beat::Executed {
                at: sent,
                reading,
                registered,
            }
        } else {
            Beat::Half {
                at: sent,
                sent: false,
            }
        };
        Some(())
    }

    /// Only where a fault is planted: the half of a beat that was not done yet.
    fn second_half(&mut self, search: &Search, at: usize) -> Option<()> {
        let scenario = &search.scenario;
        let it = &self.doors[at];
        let Beat::Half { at: sent, .. } = it.beat else {
            return None;
        };
        let (who, server, place) = (it.who, it.server, it.place());
        if scenario.has(Fault::ReadThenRegister) {
            let new = self.registration(search, who, server, None);
            self.script(search, server, |server, moment| {
                let applied = server.known(place, moment);
                server.register(Registered { applied, ..new }, moment);
            });
            self.doors[at].beat = Beat::Idle;
            return Some(());
        }
        let reading = self.script(search, server, |server, moment| {
            server.read(place, scenario.page, moment)
        });
        self.doors[at].beat = Beat::Executed {
            at: sent,
            reading,
            registered: None,
        };
        Some(())
    }

    /// The registration that a beat waits for, where it waits.
    fn to_be_replicated(&self, search: &Search, server: usize, who: Who) -> Option<Registered> {
        let registered = self.servers[server].registration(who);
        registered.filter(|_| search.scenario.waits_for_replica.1)
    }
}
