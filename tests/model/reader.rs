//! One read, followed through its steps: others may take theirs in between.

use crate::action::Action;
use crate::cache::Value;
use crate::fault::Fault;
use crate::world::{Search, World};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Stage {
    Arrived,
    /// It has read the clock.
    Clocked(u8),
    /// There is a lease.
    Leased,
    /// The fence let this out.
    Admitted(Value),
    /// A clock after the fence: only where a fault is planted.
    AdmittedThenClocked(Value, u8),
    Joined,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Read {
    pub door: u8,
    key: u8,
    /// The writes that were answered before it came.
    must: Value,
    stage: Stage,
}

pub fn actions(search: &Search, world: &World, actions: &mut Vec<Action>) {
    let scenario = &search.scenario;
    if !scenario.follows_a_read {
        return;
    }
    let Some(read) = &world.read else {
        for (door, it) in (0u8..).zip(&world.doors) {
            if scenario.readers >> door & 1 == 1 && !it.gone {
                let keys = 0..scenario.keys;
                actions.extend(keys.map(|key| Action::ReadArrives { door, key }));
            }
        }
        return;
    };
    let door = &world.doors[usize::from(read.door)];
    let flies = door.cache.shares(read.key.into(), door.clock);
    let fence_first = scenario.has(Fault::FenceThenLease);
    match read.stage {
        Stage::Arrived if fence_first => actions.push(Action::ReadAsksFence),
        Stage::Arrived => {
            actions.push(Action::ReadTakesClock);
            if flies && scenario.has(Fault::JoinsWithoutLease) {
                actions.push(Action::ReadJoins);
            }
        }
        Stage::Clocked(_) | Stage::AdmittedThenClocked(..) => {
            actions.push(Action::ReadChecksLease);
        }
        Stage::Leased => {
            actions.push(Action::ReadAsksFence);
            if flies {
                actions.push(Action::ReadJoins);
            }
        }
        Stage::Admitted(_) if fence_first => actions.push(Action::ReadTakesClock),
        Stage::Admitted(_) => actions.push(Action::ReadIsAnswered),
        Stage::Joined => {}
    }
}

impl World {
    pub fn read_steps(&mut self, search: &Search, action: Action) -> Option<()> {
        if let Action::ReadArrives { door, key } = action {
            self.read = Some(Read {
                door,
                key,
                must: self.must(search) & search.writes_of(key),
                stage: Stage::Arrived,
            });
            return Some(());
        }
        let read = self.read.clone()?;
        let door = &self.doors[usize::from(read.door)];
        let fence_first = search.scenario.has(Fault::FenceThenLease);
        // Nothing: the read goes to the vendor itself, and shows what is so.
        let next = match (action, read.stage) {
            (Action::ReadTakesClock, Stage::Admitted(value)) => {
                Some(Stage::AdmittedThenClocked(value, door.clock))
            }
            (Action::ReadTakesClock, _) => Some(Stage::Clocked(door.clock)),
            (Action::ReadChecksLease, Stage::Clocked(clock)) => {
                (clock < door.lease && !door.gone).then_some(Stage::Leased)
            }
            (Action::ReadChecksLease, Stage::AdmittedThenClocked(value, clock)) => {
                if clock < door.lease {
                    self.judge(&read, value);
                }
                None
            }
            (Action::ReadAsksFence, stage) => {
                let value = door.cache.admitted(read.key.into());
                debug_assert!(fence_first || stage == Stage::Leased);
                value.map(Stage::Admitted)
            }
            (Action::ReadJoins, _) => Some(Stage::Joined),
            (Action::ReadIsAnswered, Stage::Admitted(value)) => {
                self.judge(&read, value);
                None
            }
            _ => return None,
        };
        self.read = next.map(|stage| Read { stage, ..read });
        Some(())
    }

    fn judge(&mut self, read: &Read, value: Value) {
        self.read_was_wrong |= read.must & !value != 0;
    }

    /// A call of the vendor has come to its end; who joined it gets what it brought, or asks anew.
    pub fn landed(&mut self, door: u8, key: u8, given: Option<Value>) {
        let joined =
            |read: &&Read| read.stage == Stage::Joined && read.door == door && read.key == key;
        if let Some(read) = self.read.as_ref().filter(joined).cloned() {
            if let Some(value) = given {
                self.judge(&read, value);
            }
            self.read = None;
        }
    }
}
