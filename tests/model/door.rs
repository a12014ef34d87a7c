//! A gateway at its door: the real member, its lease, its beats, and what it keeps.

use proxy::shared::{Member, Progress};

use crate::cache::Cache;
use crate::cast::{Who, contract, epoch_number, instant, tick};
use crate::fault::Fault;
use crate::scenario::{START, Scenario};
use crate::store::{Place, Reading, Registered};
use crate::told::{Tell, Told};
use crate::world::Search;

/// A beat under way.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Beat {
    Idle,
    Sent {
        at: u8,
    },
    /// Its registration is done, its reading is not: so it is only where a fault is planted.
    Half {
        at: u8,
        sent: bool,
    },
    Executed {
        at: u8,
        reading: Reading,
        registered: Option<Registered>,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Door {
    pub who: Who,
    place: u8,
    life: u8,
    /// Of the process; it may run wrong.
    pub clock: u8,
    pub contract: u8,
    pub member: Member,
    /// When its member has something to do again.
    due: Option<u8>,
    /// Until when its reads may be served.
    pub lease: u8,
    /// It leaves: nothing is granted any more.
    pub leaving: bool,
    pub gone: bool,
    pub beat: Beat,
    /// One that was given up, and may still be executed.
    pub late_beat: Option<Option<Place>>,
    /// The server that it is connected to.
    pub server: usize,
    /// The epoch that it saw last, and since when.
    pub epoch: Option<(u8, u8)>,
    pub cache: Cache,
    /// Its own writes of unknown outcome, until when, and what they change.
    pub own_holds: Vec<(u8, u8, u8)>,
}

impl Door {
    pub fn new(scenario: &Scenario, place: u8, life: u8, clock: u8) -> Self {
        let who = Who::new(place, life);
        let words = scenario.contracts[usize::from(place)];
        // A credential that names the journal names another one for each door.
        let server = usize::from(place) * usize::from(scenario.has(Fault::JournalOfCredential));
        Self {
            who,
            place,
            life,
            clock,
            contract: words,
            member: Member::new(
                who.id().clone(),
                contract(scenario.claim(words)),
                scenario.timing(),
                scenario.replicated(),
            ),
            due: None,
            lease: 0,
            leaving: false,
            gone: false,
            beat: Beat::Idle,
            late_beat: None,
            server,
            epoch: None,
            cache: Cache::new(scenario.keys),
            own_holds: Vec::new(),
        }
    }

    /// One that has been there for long: joined, with a lease, with the state from before all writes.
    pub fn established(search: &Search, place: u8, reading: &Reading) -> Self {
        let scenario = &search.scenario;
        let mut door = Self::new(scenario, place, 0, START);
        door.epoch = Some((reading.epoch, 0));
        if scenario.beaters >> place & 1 == 1 {
            door.apply(search, reading, START);
            door.cache.fill(0, START);
        }
        door
    }

    /// Another process begins where this one died.
    pub fn next_life(&self, scenario: &Scenario, server: usize) -> Self {
        let next = Self::new(scenario, self.place, self.life + 1, self.clock);
        Self {
            contract: self.contract,
            server,
            ..next
        }
    }

    /// Of its beat under way, where it must be held by a replica.
    pub fn registered(&self) -> Option<Registered> {
        match self.beat {
            Beat::Executed { registered, .. } => registered,
            _ => None,
        }
    }

    pub fn has_lease(&self) -> bool {
        !self.gone && self.clock < self.lease
    }

    /// What is over makes no difference any more: worlds that differ there are one.
    pub fn forget(&mut self, scenario: &Scenario) {
        if self.lease <= self.clock {
            self.lease = 0;
        }
        let clock = self.clock;
        self.own_holds.retain(|(_, until, _)| *until > clock);
        if let Some((_, since)) = &mut self.epoch
            && *since + scenario.wait <= self.clock
        {
            *since = 0;
        }
    }

    /// What its next beat says of it.
    pub fn place(&self) -> Option<Place> {
        let position = self.member.position()?;
        Some(Place {
            epoch: epoch_number(&position.epoch),
            number: u8::try_from(position.number).unwrap(),
        })
    }

    /// Another epoch is known from now on.
    pub fn sees(&mut self, epoch: u8) {
        if self.epoch.is_none_or(|(known, _)| known != epoch) {
            self.epoch = Some((epoch, self.clock));
        }
    }

    /// A beat's reply is there.
    pub fn receive(&mut self, search: &Search, at: u8, reading: Reading) {
        let scenario = &search.scenario;
        let mut reading = reading;
        let joins = self
            .place()
            .is_none_or(|place| place.epoch != reading.epoch);
        if scenario.has(Fault::GapsHidden) && !joins {
            reading = reading.without_gaps(self.place().map(|place| place.number));
        }
        if scenario.has(Fault::YoungEpochTrusted) {
            reading = reading.aged();
        }
        if scenario.has(Fault::JoinsAtTheEnd) && joins {
            reading = reading.of_nothing();
        }
        let sent = if scenario.has(Fault::LeaseFromReply) {
            self.clock
        } else {
            at
        };
        self.sees(reading.epoch);
        self.apply(search, &reading, sent);
    }

    fn apply(&mut self, search: &Search, reading: &Reading, sent: u8) {
        let told = Told::new(self.contract);
        let times = (instant(sent), instant(self.clock));
        let progress = self.member.apply(&reading.beaten(search), times, &told);
        self.hear(&search.scenario, told);
        if let Progress::Lease(until) = progress
            && !self.leaving
        {
            self.lease = tick(until);
            if search.scenario.has(Fault::LeaseOutlastsNote) {
                self.lease = sent + search.scenario.lease;
            }
        }
    }

    fn hear(&mut self, scenario: &Scenario, told: Told) {
        // At no time nothing is due yet, so this only asks.
        let due = self.member.tick(instant(0), &Told::new(self.contract));
        self.due = due.map(tick);
        for tell in told.list.into_inner() {
            match tell {
                Tell::Hold(..) if scenario.has(Fault::NoHolds) => {}
                Tell::Stamp(u8::MAX) if scenario.has(Fault::FlushBeforePosition) => {}
                Tell::Stamp(u8::MAX) if scenario.has(Fault::FlushSparesFlights) => {
                    self.cache.stamp_kept(self.clock);
                }
                tell => self.cache.hear(tell),
            }
        }
    }

    /// What time alone brings. The task that does it may come as late as it likes.
    pub fn timer(&mut self, scenario: &Scenario) {
        let told = Told::new(self.contract);
        let _next = self.member.tick(instant(self.clock), &told);
        self.hear(scenario, told);
    }

    pub fn is_due(&self) -> bool {
        self.due.is_some_and(|due| due <= self.clock)
    }

    pub fn reload(&mut self, scenario: &Scenario) {
        self.contract ^= 1;
        let told = Told::new(self.contract);
        let digest = contract(scenario.claim(self.contract));
        self.member.change_contract(digest, &told);
        self.hear(scenario, told);
        // A new generation begins: what was kept or is read for the old one is not found. One's own holds hold all.
        self.cache.begin_generation();
        if !scenario.has(Fault::ReloadForgotten) {
            let until = self.own_holds.iter().map(|(_, until, _)| *until).max();
            if let Some(until) = until.filter(|until| *until > self.clock) {
                self.own_unknown(u8::MAX, until, u8::MAX);
            }
        }
    }

    /// A write through this door was done.
    pub fn own_done(&mut self, keys: u8) {
        self.cache.stamp(keys);
    }

    /// Nobody knows what became of a write through this door.
    pub fn own_unknown(&mut self, write: u8, until: u8, keys: u8) {
        self.own_holds.push((write, until, keys));
        self.cache.unknown(keys, until);
    }
}

impl Scenario {
    /// The digest that a door with this contract names.
    pub fn claim(&self, words: u8) -> u8 {
        if self.has(Fault::ForeignTagsTrusted) {
            0
        } else {
            words
        }
    }
}
