//! One operation of one plan with its checked input: what every stage after the check is given.

use std::sync::Arc;

use contract::{Binding, Operation, OperationIndex};

use super::input::Input;
use crate::engine::runtime::Runtime;

#[derive(Clone, Copy)]
pub struct Invocation<'r> {
    pub runtime: &'r Runtime,
    pub index: OperationIndex,
    pub input: &'r Input,
}

impl<'r> Invocation<'r> {
    #[must_use]
    pub fn operation(self) -> &'r Operation {
        self.runtime.operation(self.index)
    }

    #[must_use]
    pub fn binding(self) -> &'r Binding {
        &self.operation().binding
    }

    /// Another operation of the same plan.
    #[must_use]
    pub fn of<'i>(self, index: OperationIndex, input: &'i Input) -> Invocation<'i>
    where
        'r: 'i,
    {
        Invocation {
            runtime: self.runtime,
            index,
            input,
        }
    }
}

/// An invocation of its own, for work that may outlive its request.
pub struct OwnedInvocation {
    pub runtime: Arc<Runtime>,
    pub index: OperationIndex,
    pub input: Input,
}

impl OwnedInvocation {
    #[must_use]
    pub fn get(&self) -> Invocation<'_> {
        Invocation {
            runtime: &self.runtime,
            index: self.index,
            input: &self.input,
        }
    }
}
