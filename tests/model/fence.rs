//! What one door keeps and is reading, and the fence over it: a reference of what the gateway's own does.

use std::cell::RefCell;

use proxy::shared::{FleetFence, Scope, WriteId};

use crate::cast::{Who, keys_of};

/// A write as a fence knows it.
pub type Hold = (Who, u8);

/// What a fence is told, in the words of the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tell {
    Stamp(u8),
    Hold(Hold, u8),
    Release(Hold),
}

/// Writes down what a member tells its fence.
#[derive(Debug)]
pub struct Told {
    contract: u8,
    pub list: RefCell<Vec<Tell>>,
}

impl Told {
    pub fn new(contract: u8) -> Self {
        Self {
            contract,
            list: RefCell::default(),
        }
    }

    fn tell(&self, tell: Tell) {
        self.list.borrow_mut().push(tell);
    }
}

fn hold(write: &WriteId) -> Hold {
    (Who::of(&write.member), u8::try_from(write.number).unwrap())
}

impl FleetFence for Told {
    fn stamp(&self, scope: &Scope) {
        self.tell(Tell::Stamp(keys_of(scope, self.contract)));
    }

    fn hold(&self, write: &WriteId, scope: &Scope) {
        self.tell(Tell::Hold(hold(write), keys_of(scope, self.contract)));
    }

    fn release(&self, write: &WriteId) {
        self.tell(Tell::Release(hold(write)));
    }
}

/// The writes whose change was seen.
pub type Value = u8;

/// The vendor is asked for a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Flight {
    pub seen: Option<Value>,
    /// What it brings is kept for nobody.
    pub void: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Cache {
    pub kept: Vec<Option<Value>>,
    pub flights: Vec<Option<Flight>>,
    /// Sorted, so that equal caches are equal.
    holds: Vec<(Hold, u8)>,
}

impl Cache {
    pub fn new(keys: u8) -> Self {
        Self {
            kept: vec![None; keys.into()],
            flights: vec![None; keys.into()],
            holds: Vec::new(),
        }
    }

    pub fn hear(&mut self, tell: Tell) {
        match tell {
            Tell::Stamp(keys) => self.stamp(keys),
            Tell::Hold(write, keys) => {
                self.release(write);
                self.holds.push((write, keys));
                self.holds.sort_unstable();
            }
            Tell::Release(write) => self.release(write),
        }
    }

    pub fn stamp(&mut self, keys: u8) {
        self.stamp_kept(keys);
        let flights = self.flights.iter_mut().enumerate();
        for (_, flight) in flights.filter(|(key, _)| keys >> key & 1 == 1) {
            if let Some(flight) = flight {
                flight.void = true;
            }
        }
    }

    pub fn stamp_kept(&mut self, keys: u8) {
        let kept = self.kept.iter_mut().enumerate();
        for (_, kept) in kept.filter(|(key, _)| keys >> key & 1 == 1) {
            *kept = None;
        }
    }

    fn release(&mut self, write: Hold) {
        self.holds.retain(|(held, _)| *held != write);
    }

    pub fn is_held(&self, key: usize) -> bool {
        self.holds.iter().any(|(_, keys)| keys >> key & 1 == 1)
    }

    /// What the fence lets out of the store for a key.
    pub fn admitted(&self, key: usize) -> Option<Value> {
        self.kept[key].filter(|_| !self.is_held(key))
    }

    /// A vendor's answer is there: kept, unless it is void or held. Says whether whoever joined gets it.
    pub fn land(&mut self, key: usize) -> Option<Value> {
        let flight = self.flights[key].take()?;
        let value = flight.seen.filter(|_| !flight.void && !self.is_held(key))?;
        self.kept[key] = Some(value);
        Some(value)
    }
}
