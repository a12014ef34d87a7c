//! The vendor, the fence and the readers after some steps, and what the next step makes of them.

use std::hash::Hash;
use std::time::{Duration, Instant};

use super::super::{Fence, Held, HoldId, Sharing};
use super::scenario::{CLOCK, End, Name, Positions, STEPS, Scenario, Without, may_step};
use crate::cache::coherence::ticket::Ticket;
use crate::shared::{MemberId, WriteId};

const HOLD: Duration = Duration::from_secs(60);

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Seen {
    /// Bit i: write i was applied.
    applied: u8,
    tags: Vec<Name>,
    ticket: Ticket,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Read {
    Waiting,
    Leads(Ticket, Option<Seen>),
    Joined {
        leader: usize,
        ticket: Ticket,
        must: u8,
    },
    Over,
}

#[derive(Debug, Clone)]
pub struct World {
    positions: Positions,
    fence: Fence<Name>,
    now: Instant,
    applied: u8,
    /// The writes that a reader who arrives now must see.
    must: u8,
    held: u8,
    reads: [Read; 2],
    stored: Vec<(Name, Seen)>,
    /// The read that leads the flight of a key.
    flights: Vec<(Name, usize)>,
    /// A reader joined a flight though nothing of it could be kept.
    pub joined_while_held: bool,
}

type Outcome = Result<(), String>;

impl World {
    pub fn new() -> Self {
        Self {
            positions: [0; 5],
            fence: Fence::new(100),
            now: Instant::now(),
            applied: 0,
            must: 0,
            held: 0,
            reads: [Read::Waiting, Read::Waiting],
            stored: Vec::new(),
            flights: Vec::new(),
            joined_while_held: false,
        }
    }

    /// The worlds that one step of any actor leads to, or why one of them is not sound.
    pub fn next<'w>(
        &'w self,
        scenario: &'w Scenario,
    ) -> impl Iterator<Item = Result<Self, String>> + 'w {
        let steps = (0..STEPS.len()).filter(|actor| may_step(self.positions, *actor));
        steps.map(|actor| {
            let mut next = self.clone();
            next.step(scenario, actor)
                .map_err(|why| format!("{:?}: {why}", next.positions))?;
            Ok(next)
        })
    }

    fn step(&mut self, scenario: &Scenario, actor: usize) -> Outcome {
        let step = self.positions[actor];
        self.positions[actor] += 1;
        match (actor, step) {
            (0 | 1, 0) => self.start(scenario, actor),
            (0 | 1, 1) => self.observe(scenario, actor),
            (0 | 1, 2) => return self.fill(scenario, actor),
            (0 | 1, _) => return self.serve(scenario, scenario.asks[actor]).map(drop),
            (CLOCK, _) => {
                self.now += HOLD;
                self.must |= self.held;
                self.held = 0;
            }
            (_, step) if scenario.writes[actor - 2].end.is_elsewhere() => {
                self.elsewhere(scenario, actor - 2, step);
            }
            (_, 0) => {}
            (_, step) => {
                let index = actor - 2;
                let late = scenario.writes[index].end == End::UnknownThenApplied;
                if (step == 1) == late {
                    self.answer(scenario, index);
                } else {
                    self.applied |= 1 << index;
                }
            }
        }
        Ok(())
    }

    /// A write of another member: held, answered there, told here.
    fn elsewhere(&mut self, scenario: &Scenario, index: usize, step: u8) {
        let write = scenario.writes[index];
        let id = HoldId {
            holder: 0,
            write: WriteId {
                member: MemberId::named("other"),
                number: index as u64,
            },
        };
        let done = write.end == End::Elsewhere;
        match step {
            0 if scenario.without != Without::HoldsOfWrites => {
                self.fence.hold_write(id, Held::Tags(write.tags()));
            }
            1 if done => {
                self.applied |= 1 << index;
                self.must |= 1 << index;
            }
            2 => {
                if done && scenario.without != Without::StampsAtTheRelease {
                    self.fence.stamp(&write.tags());
                }
                self.fence.release(&id);
            }
            _ => {}
        }
    }

    fn answer(&mut self, scenario: &Scenario, index: usize) {
        let write = scenario.writes[index];
        let tags = write.tags();
        let unknown = write.end.is_unknown();
        if unknown && scenario.without != Without::Holds {
            self.fence.hold(&tags, self.now + HOLD);
        } else if scenario.without != Without::Stamps {
            self.fence.stamp(&tags);
        }
        if unknown {
            self.held |= 1 << index;
        } else {
            self.must |= 1 << index;
        }
    }

    /// A reader arrives; from the store, or it joins, or it leads.
    fn start(&mut self, scenario: &Scenario, actor: usize) {
        let asks = scenario.asks[actor];
        // A write elsewhere moves no counter here, so the clock tells what began before what.
        self.now += Duration::from_nanos(1);
        let ticket = self.fence.start(self.now);
        let flight = self
            .flights
            .iter()
            .find(|(key, _)| *key == asks)
            .map(|(_, leader)| *leader);
        if let Some(leader) = flight
            && let Read::Leads(flown, _) = self.reads[leader]
            && (scenario.without == Without::ChecksOfFlights
                || self.shares(scenario, flown, ticket, &[asks]))
        {
            self.joined_while_held |= !self.fence.admits(ticket, &[asks]);
            self.reads[actor] = Read::Joined {
                leader,
                ticket,
                must: self.must,
            };
            return;
        }
        self.flights.retain(|(key, _)| *key != asks);
        self.flights.push((asks, actor));
        self.reads[actor] = Read::Leads(ticket, None);
    }

    fn shares(&self, scenario: &Scenario, flown: Ticket, reader: Ticket, tags: &[Name]) -> bool {
        let reader = match scenario.without {
            Without::EndsOfHolds => Ticket {
                at: flown.at.min(reader.at),
                ..reader
            },
            _ => reader,
        };
        match self.fence.shares(flown, reader, tags) {
            Sharing::Yes => true,
            Sharing::No => false,
            Sharing::Held => scenario.without == Without::HoldsOfFlights,
        }
    }

    fn observe(&mut self, scenario: &Scenario, actor: usize) {
        if let Read::Leads(ticket, _) = self.reads[actor] {
            let seen = self.vendor(scenario, scenario.asks[actor], ticket);
            self.reads[actor] = Read::Leads(ticket, Some(seen));
        }
    }

    /// What the vendor says now. A 404 shows that no room has the name, so it shows all rooms.
    fn vendor(&self, scenario: &Scenario, asks: Name, ticket: Ticket) -> Seen {
        let renamed =
            (0..2).any(|index| scenario.writes[index].renames && self.applied & (1 << index) != 0);
        let called = Name::External(if renamed { 'B' } else { 'A' });
        let shows = match asks {
            Name::Rooms | Name::List => vec![],
            Name::External(_) if asks != called => vec![Name::Rooms],
            Name::Id | Name::External(_) => vec![Name::Id, called],
        };
        let mut tags = vec![asks];
        if scenario.without != Without::TagsOfTheAnswer {
            tags.extend(shows);
        }
        Seen {
            applied: self.applied,
            tags,
            ticket,
        }
    }

    /// The vendor's answer arrives: stored, and given to all who wait.
    fn fill(&mut self, scenario: &Scenario, actor: usize) -> Outcome {
        let asks = scenario.asks[actor];
        let Read::Leads(_, Some(seen)) = self.reads[actor].clone() else {
            return Ok(());
        };
        self.reads[actor] = Read::Over;
        self.flights.retain(|flight| *flight != (asks, actor));
        self.store(asks, &seen);
        let other = 1 - actor;
        let Read::Joined {
            leader,
            ticket,
            must,
        } = self.reads[other]
        else {
            return Ok(());
        };
        if leader != actor {
            return Ok(());
        }
        self.reads[other] = Read::Over;
        let lands = seen.ticket.began_after(ticket)
            || self.shares(scenario, seen.ticket, ticket, &seen.tags)
            || matches!(
                scenario.without,
                Without::CheckOfLanding | Without::ChecksOfFlights
            );
        if lands {
            return given(&seen, must, "joined");
        }
        // It asks again, for itself.
        let seen = self.vendor(scenario, asks, self.fence.start(self.now));
        self.store(asks, &seen);
        given(&seen, must, "asked again")
    }

    fn store(&mut self, key: Name, seen: &Seen) {
        // The check of serving catches what is stored in vain, so storing goes unchecked here.
        self.stored.retain(|(known, _)| *known != key);
        self.stored.push((key, seen.clone()));
    }

    /// Another reader, who takes only what is stored.
    fn serve(&self, scenario: &Scenario, asks: Name) -> Outcome {
        let Some((_, seen)) = self.stored.iter().find(|(key, _)| *key == asks) else {
            return Ok(());
        };
        let admitted = self.fence.admits(seen.ticket, &seen.tags);
        if !admitted && scenario.without != Without::CheckOfServing {
            return Ok(());
        }
        if self.held != 0 {
            return Err(format!("served from the store while held: {seen:?}"));
        }
        given(seen, self.must, "served")
    }

    /// All that the future depends on.
    pub fn view(&self) -> impl Eq + Hash + use<> {
        let mut stamps: Vec<_> = self
            .fence
            .stamps
            .iter()
            .map(|(tag, stamp)| (*tag, *stamp))
            .collect();
        stamps.sort_by_key(|(tag, _)| *tag);
        (
            (
                self.positions,
                self.fence.counter,
                stamps,
                self.fence.highest,
                self.fence.ends.clone(),
                self.fence.writes.view().clone(),
            ),
            (self.now, self.applied, self.must, self.held),
            (
                self.reads.clone(),
                self.stored.clone(),
                self.flights.clone(),
                self.joined_while_held,
            ),
        )
    }
}

fn given(seen: &Seen, must: u8, how: &str) -> Outcome {
    if seen.applied & must == must {
        return Ok(());
    }
    Err(format!(
        "{how}: {seen:?} lacks one of the answered writes {must:#b}"
    ))
}
