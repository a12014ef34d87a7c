//! Everything at one moment, and the steps to the next.

use std::cell::Cell;
use std::collections::HashMap;
use std::sync::Arc;

use stateright::{Model, Property};

use crate::action::Action;
use crate::cast::{Note, Says, Who};
use crate::door::Door;
use crate::fault::Fault;
use crate::reader::Read;
use crate::scenario::{START, Scenario};
use crate::store::{Moment, Receipt, Registered, Server};
use crate::write::Write;
use crate::{beats, properties, reader, trouble, write};

/// A silent member is to be taken off the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Removal {
    pub server: usize,
    pub who: Who,
    pub token: u8,
}

/// How many troubles there have been.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Spent {
    pub crashes: u8,
    pub trims: u8,
    pub lost_journals: u8,
    pub flushes: u8,
    pub reloads: u8,
    pub replications: u8,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct World {
    /// The true time.
    pub now: u8,
    /// The writes that the vendor has applied, bit by bit.
    pub applied: u8,
    pub servers: Vec<Server>,
    /// The primary.
    pub current: usize,
    /// The other server answers as well.
    pub both_answer: bool,
    /// How many epochs there have been.
    pub epochs: u8,
    pub doors: Vec<Door>,
    pub writes: Vec<Write>,
    /// In which epoch each end was appended, where a fault wants to know.
    pub end_epochs: Vec<Option<u8>>,
    pub removals: Vec<Removal>,
    pub read: Option<Read>,
    pub read_was_wrong: bool,
    pub spent: Spent,
}

/// A scenario to search.
#[derive(Debug)]
pub struct Search {
    pub scenario: Scenario,
    records: HashMap<Note, Arc<[u8]>>,
    /// Where no write has begun yet.
    nothing: Arc<[u8]>,
}

impl Search {
    pub fn new(scenario: Scenario) -> Self {
        let mut records = HashMap::new();
        for (write, planned) in (0..).zip(&scenario.writes) {
            for life in 0..=scenario.troubles.crashes {
                for (contract, says) in [0, 1].into_iter().flat_map(|contract| {
                    [Says::Begin, Says::Done, Says::Unknown, Says::NotDone]
                        .map(|says| (contract, says))
                }) {
                    let note = Note {
                        write,
                        by: Who::new(planned.by, life),
                        says,
                        keys: planned.keys,
                        contract,
                        claims: scenario.claim(contract),
                    };
                    let bytes = note.encode((scenario.keep, scenario.hold));
                    records.insert(note, bytes.into());
                }
            }
        }
        Self {
            scenario,
            records,
            nothing: [].into(),
        }
    }

    /// An entry as it stands in the store.
    pub fn record(&self, note: Option<Note>) -> Arc<[u8]> {
        note.map_or(&self.nothing, |note| &self.records[&note])
            .clone()
    }

    /// The writes that change a key.
    pub fn writes_of(&self, key: u8) -> u8 {
        let writes = (0..).zip(&self.scenario.writes);
        let writes = writes.filter(|(_, planned)| planned.keys >> key & 1 == 1);
        writes.fold(0, |all, (write, _): (u8, _)| all | 1 << write)
    }
}

impl World {
    fn new(search: &Search, established: bool) -> Self {
        let scenario = &search.scenario;
        let mut servers = vec![Server::old(); 2];
        let epochs = Cell::new(1);
        let moment = Moment {
            now: START,
            epochs: &epochs,
            blind: false,
            old: scenario.keep,
        };
        let mut doors = Vec::new();
        for place in 0..scenario.doors {
            let door = Door::new(scenario, place, 0, START);
            let server = &mut servers[door.server];
            let beats = scenario.beaters >> place & 1 == 1;
            if established && beats {
                let registered = Registered {
                    who: door.who,
                    applied: Some(0),
                    token: 0,
                    at: 0,
                };
                server.register(registered, moment);
            }
            let reading = server.read(None, scenario.page, moment);
            doors.push(if established || !beats {
                Door::established(search, place, &reading)
            } else {
                door
            });
        }
        if !scenario.has(Fault::JournalOfCredential) {
            servers[1] = servers[0].clone();
        }
        Self {
            now: START,
            applied: 0,
            servers,
            current: 0,
            both_answer: scenario.troubles.split_brain || scenario.has(Fault::JournalOfCredential),
            epochs: epochs.get(),
            doors,
            writes: vec![Write::planned(); scenario.writes.len()],
            end_epochs: vec![None; scenario.writes.len()],
            removals: Vec::new(),
            read: None,
            read_was_wrong: false,
            spent: Spent::default(),
        }
    }

    /// The writes that whoever looks now must see.
    pub fn must(&self, search: &Search) -> u8 {
        let writes = (0..).zip(&self.writes);
        let owed = writes.filter(|(_, write)| write.is_owed(search, self.now));
        owed.fold(0, |all, (write, _): (u8, _)| all | 1 << write) & self.applied
    }

    pub fn moment<'w>(&self, search: &Search, epochs: &'w Cell<u8>) -> Moment<'w> {
        Moment {
            now: self.now,
            epochs,
            blind: search.scenario.has(Fault::OtherEpochUnnoticed),
            old: search.scenario.keep,
        }
    }

    /// Does something on a server, in one step.
    pub fn script<R>(
        &mut self,
        search: &Search,
        server: usize,
        script: impl FnOnce(&mut Server, Moment<'_>) -> R,
    ) -> R {
        let epochs = Cell::new(self.epochs);
        let moment = self.moment(search, &epochs);
        let result = script(&mut self.servers[server], moment);
        self.epochs = epochs.get();
        result
    }

    pub fn append(&mut self, search: &Search, server: usize, note: Note) -> Receipt {
        self.script(search, server, |server, moment| server.append(note, moment))
    }

    /// What a beat that is executed now says of its member. Of tokens it only counts which are equal, so the first is
    /// taken that nobody remembers: otherwise there would be no end of worlds.
    pub fn registration(
        &self,
        search: &Search,
        who: Who,
        server: usize,
        applied: Option<u8>,
    ) -> Registered {
        let remembered = |token: &u8| {
            let is_it = |member: &Registered| member.who == who && member.token == *token;
            let mut removals = self.removals.iter();
            self.servers
                .iter()
                .flat_map(|server| &server.members)
                .any(is_it)
                || self.writes.iter().flat_map(Write::named).any(is_it)
                || self
                    .doors
                    .iter()
                    .filter_map(Door::registered)
                    .any(|member| is_it(&member))
                || removals.any(|removal| removal.who == who && removal.token == *token)
        };
        let timed = search.scenario.has(Fault::SilentByServerClock);
        Registered {
            who,
            applied,
            token: (0..).find(|token| !remembered(token)).unwrap(),
            at: if timed {
                self.now + self.servers[server].stepped
            } else {
                0
            },
        }
    }

    /// Whether a server answers those who are connected to it.
    pub fn reaches(&self, server: usize) -> bool {
        server == self.current || self.both_answer
    }

    /// Whether an append counts: with `shared.replicas`, once the other server has it.
    pub fn is_held_by_replica(&self, search: &Search, server: usize, number: u8) -> bool {
        !search.scenario.waits_for_replica.0
            || server == 1
            || (self.current == 0 && self.servers[1].has_entry(number))
    }

    /// The same of a beat.
    pub fn beat_counts(&self, search: &Search, door: &Door) -> bool {
        let registered = door.registered();
        !search.scenario.waits_for_replica.1
            || door.server == 1
            || (self.current == 0
                && registered.is_some_and(|here| self.servers[1].has_registration(&here)))
    }
}

impl Model for Search {
    type State = World;
    type Action = Action;

    fn init_states(&self) -> Vec<World> {
        let mut worlds = vec![World::new(self, true)];
        if self.scenario.from_nothing {
            worlds.push(World::new(self, false));
        }
        worlds
    }

    fn actions(&self, world: &World, actions: &mut Vec<Action>) {
        if world.read_was_wrong {
            return;
        }
        write::actions(self, world, actions);
        beats::actions(self, world, actions);
        trouble::actions(self, world, actions);
        reader::actions(self, world, actions);
    }

    fn next_state(&self, world: &World, action: Action) -> Option<World> {
        let mut next = world.clone();
        next.step(self, action)?;
        Some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always("nothing older", properties::nothing_older),
            Property::sometimes("a hit shows a write", properties::a_hit_shows_a_write),
            Property::sometimes("acknowledged", properties::acknowledged),
            Property::sometimes("elapsed", properties::elapsed),
        ]
    }
}

impl World {
    fn step(&mut self, search: &Search, action: Action) -> Option<()> {
        match action {
            Action::BeginAppended { write }
            | Action::BeginReplied { write }
            | Action::BeginFailed { write }
            | Action::VendorApplies { write }
            | Action::EndedDone { write }
            | Action::EndedUnknown { write }
            | Action::EndedNotDone { write }
            | Action::EndSent { write }
            | Action::EndAppended { write }
            | Action::EndReplied { write }
            | Action::EndIsSentAgain { write }
            | Action::MembersPolled { write }
            | Action::Answered { write }
            | Action::AnsweredWithoutEnd { write }
            | Action::ReplayAnswered { write } => self.write_steps(search, write, action),
            Action::BeatSent { door }
            | Action::BeatExecuted { door }
            | Action::SecondHalfSent { door }
            | Action::SecondHalfExecuted { door }
            | Action::BeatReplied { door }
            | Action::BeatLost { door }
            | Action::LateBeatExecuted { door }
            | Action::TimerRuns { door }
            | Action::VendorAsked { door, .. }
            | Action::VendorReads { door, .. }
            | Action::VendorAnswered { door, .. } => self.door_steps(search, door, action),
            Action::ReadArrives { .. }
            | Action::ReadTakesClock
            | Action::ReadChecksLease
            | Action::ReadAsksFence
            | Action::ReadJoins
            | Action::ReadIsAnswered => self.read_steps(search, action),
            _ => self.trouble_steps(search, action),
        }
    }
}
