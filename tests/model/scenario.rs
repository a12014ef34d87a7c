//! What may happen in a search: who takes part, what they do, and which troubles there are.

use proxy::shared::Timing;

use crate::cast::{TICK, ticks};
use crate::fault::Fault;

/// A write that somebody will make.
#[derive(Debug, Clone, Copy)]
pub struct Planned {
    /// Its door.
    pub by: u8,
    /// The keys that it changes, bit by bit.
    pub keys: u8,
}

/// How writes may end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ends {
    Done,
    DoneOrNot,
    DoneOrUnknown,
    Unknown,
    Any,
}

/// Which troubles there are, and how often.
#[derive(Debug, Clone, Copy, Default)]
pub struct Troubles {
    pub crashes: u8,
    /// The doors that may crash, bit by bit.
    pub crashers: u8,
    pub trims: u8,
    /// Beats are lost: on the way there, or back.
    pub lost_beats: bool,
    /// One that was given up on the way there is executed later.
    pub late_beats: bool,
    /// The journal alone is lost (1), or all that the store has.
    pub lost_journals: u8,
    pub flushes: u8,
    pub failover: bool,
    /// How often the replica gets what the primary has.
    pub replications: u8,
    /// The old primary answers those who still reach it.
    pub split_brain: bool,
    /// A writer never reaches the store again after its `begin`.
    pub cut_off: bool,
    pub leaving: bool,
    pub reloads: u8,
}

/// How clocks run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clocks {
    Right,
    /// A true tick is so many units; a clock goes on by one less, as many, or one more.
    Wrong(u8),
}

#[derive(Debug, Clone)]
pub struct Scenario {
    pub doors: u8,
    pub keys: u8,
    pub writes: Vec<Planned>,
    /// A write begins once the one before it is over.
    pub in_turn: bool,
    pub ends: Ends,
    /// Doors that beat, and doors that ask the vendor, bit by bit.
    pub beaters: u8,
    pub readers: u8,
    /// The vendor is asked again also for what is kept.
    pub refreshes: bool,
    /// Each message is sent, executed and replied in steps of its own. Without it the sending of a beat and its execution
    /// are one step, and so are a begin and its reply, and the vendor's being asked and its reading: a search that finds
    /// nothing then would find nothing with those apart, since to send later, or to hear earlier, shows no less.
    pub apart: bool,
    /// A read is followed through its steps.
    pub follows_a_read: bool,
    /// Entries in one reading.
    pub page: usize,
    /// Appends, and beats, are held by the other server too (`shared.replicas: 1`).
    pub waits_for_replica: (bool, bool),
    /// The contract of each door.
    pub contracts: [u8; 3],
    pub clocks: Clocks,
    /// Begins with members that know nothing, as well as with members that have been there for long.
    pub from_nothing: bool,
    pub lease: u8,
    pub wait: u8,
    /// For how long a write can be applied after its begin, and after its end is unknown.
    pub keep: u8,
    pub hold: u8,
    /// How long the search looks.
    pub ticks: u8,
    pub troubles: Troubles,
    pub fault: Option<Fault>,
}

/// When a search begins: there has been time for an old epoch.
pub const START: u8 = 40;

impl Scenario {
    /// Door 0 writes once, door 1 reads.
    pub fn pair() -> Self {
        Self {
            doors: 2,
            keys: 1,
            writes: vec![Planned { by: 0, keys: 1 }],
            in_turn: true,
            ends: Ends::Done,
            beaters: 0b10,
            readers: 0b10,
            refreshes: true,
            apart: false,
            follows_a_read: false,
            page: 10,
            waits_for_replica: (false, false),
            contracts: [0; 3],
            clocks: Clocks::Right,
            from_nothing: false,
            lease: 2,
            wait: 2,
            keep: 6,
            hold: 3,
            ticks: 4,
            troubles: Troubles::default(),
            fault: None,
        }
    }

    pub fn two_writes(self) -> Self {
        let write = Planned { by: 0, keys: 1 };
        Self {
            writes: vec![write; 2],
            ..self
        }
    }

    /// Clocks that go wrong by a quarter, and a wait that is so many units longer than the lease of one tick.
    pub fn clocks_wrong(margin: u8) -> Self {
        Self {
            clocks: Clocks::Wrong(4),
            lease: 4,
            wait: 4 + margin,
            keep: 30,
            hold: 20,
            refreshes: false,
            ticks: 8,
            ..Self::pair()
        }
    }

    /// A lease of one tick: many fewer worlds, where there are many.
    pub fn quick(self) -> Self {
        Self {
            lease: 1,
            wait: 1,
            keep: 3,
            hold: 2,
            ticks: self.ticks.min(3),
            refreshes: false,
            ..self
        }
    }

    /// The larger bounds of the long form: a tick more, each message in steps of its own, and members that begin
    /// without knowing anything.
    pub fn longer(self) -> Self {
        Self {
            ticks: self.ticks + self.lease,
            apart: true,
            from_nothing: true,
            troubles: Troubles {
                replications: u8::MAX,
                ..self.troubles
            },
            ..self
        }
    }

    pub fn with(self, troubles: Troubles) -> Self {
        Self { troubles, ..self }
    }

    pub fn timing(&self) -> Timing {
        Timing {
            lease: ticks(self.lease),
            wait: ticks(self.wait),
            beat: TICK,
            beat_timeout: TICK,
            keep: ticks(self.keep),
        }
    }

    pub fn has(&self, fault: Fault) -> bool {
        self.fault == Some(fault)
    }

    pub fn replicated(&self) -> bool {
        self.waits_for_replica == (true, true)
    }

    pub fn until(&self) -> u8 {
        START + self.ticks
    }
}
