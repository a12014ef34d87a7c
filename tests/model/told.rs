//! What a member tells its fence, in the words of the model.

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
