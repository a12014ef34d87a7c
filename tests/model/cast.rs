//! Names and times: the model counts in small integers, the gateway's types in names and nanoseconds.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use proxy::shared::{BootInstant, Epoch, Event, MemberId, Record, Scope, WriteId};

/// A tick, of whatever length.
pub const TICK: Duration = Duration::from_secs(1);

/// A process at a door: which door, and which life of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Who(u8);

impl Who {
    const LIVES: u8 = 4;
    /// Whoever wrote what cannot be read.
    pub const NOBODY: Self = Self(u8::MAX);

    pub fn new(door: u8, life: u8) -> Self {
        assert!(life < Self::LIVES);
        Self(door * Self::LIVES + life)
    }

    pub fn id(self) -> &'static MemberId {
        static IDS: LazyLock<Vec<MemberId>> = LazyLock::new(|| {
            let names = (0..32).map(|number| format!("{number}"));
            names.map(|name| MemberId::named(&name)).collect()
        });
        &IDS[usize::from(self.0)]
    }

    pub fn of(id: &MemberId) -> Self {
        id.as_str().parse().map_or(Self::NOBODY, Self)
    }
}

pub fn ticks(number: u8) -> Duration {
    TICK * u32::from(number)
}

pub fn instant(tick: u8) -> BootInstant {
    BootInstant::default() + ticks(tick)
}

pub fn tick(instant: BootInstant) -> u8 {
    let nanos = TICK.as_nanos() as u64;
    assert_eq!(instant.as_nanos() % nanos, 0, "all times are whole ticks");
    u8::try_from(instant.as_nanos() / nanos).unwrap()
}

pub fn epoch(number: u8) -> &'static Epoch {
    static EPOCHS: LazyLock<Vec<Epoch>> = LazyLock::new(|| {
        (0..16)
            .map(|number| Epoch::named(&format!("{number}")))
            .collect()
    });
    &EPOCHS[usize::from(number)]
}

pub fn epoch_number(epoch: &Epoch) -> u8 {
    epoch.as_str().parse().unwrap()
}

/// The name of an entry in the store.
pub fn entry_id(number: u8) -> Arc<str> {
    static IDS: LazyLock<Vec<Arc<str>>> =
        LazyLock::new(|| (0..64).map(|number| format!("{number}-0").into()).collect());
    IDS[usize::from(number)].clone()
}

/// What an entry of the journal says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Says {
    Begin,
    Done,
    Unknown,
    NotDone,
}

/// An entry's content, in short.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Note {
    pub write: u8,
    pub by: Who,
    pub says: Says,
    /// The keys that the write changes, bit by bit.
    pub keys: u8,
    /// The contract in whose words it is written.
    pub contract: u8,
    /// The contract that it names; the same, unless somebody lies.
    pub claims: u8,
}

impl Note {
    /// As a member would have written it. `keep` and `hold` in ticks.
    pub fn encode(self, (keep, hold): (u8, u8)) -> Vec<u8> {
        // Encoding rounds up to the next millisecond; the model wants whole ticks.
        let exactly = |number: u8| ticks(number) - Duration::from_millis(1);
        let keys = (0..8).filter(|key| self.keys >> key & 1 == 1);
        let record = Record {
            write: WriteId {
                member: self.by.id().clone(),
                number: self.write.into(),
            },
            digest: contract(self.claims),
            scope: Scope::Tags(keys.map(|key| tag(self.contract, key)).collect()),
            event: match self.says {
                Says::Begin => Event::Begin {
                    keep: exactly(keep),
                },
                Says::Done => Event::Done,
                Says::Unknown => Event::Unknown {
                    hold: exactly(hold),
                },
                Says::NotDone => Event::NotDone,
            },
        };
        record.encode()
    }
}

/// The digest of a contract.
pub fn contract(number: u8) -> Arc<str> {
    static DIGESTS: LazyLock<Vec<Arc<str>>> = LazyLock::new(|| {
        (0..4)
            .map(|number| format!("contract {number}").into())
            .collect()
    });
    DIGESTS[usize::from(number)].clone()
}

fn tag(contract: u8, key: u8) -> Arc<str> {
    format!("{contract}{key}").into()
}

/// The keys that a scope means to a reader of this contract. Tags of another one mean nothing to it.
pub fn keys_of(scope: &Scope, contract: u8) -> u8 {
    match scope {
        Scope::All => u8::MAX,
        Scope::Tags(tags) => tags.iter().fold(0, |keys, tag| match tag.as_bytes() {
            [of, key] if *of == b'0' + contract => keys | 1 << (key - b'0'),
            _ => keys,
        }),
    }
}
