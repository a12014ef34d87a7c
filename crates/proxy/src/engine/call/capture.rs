//! What a request said to its vendors and heard from them, kept until its end where the settings ask for records.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use contract::OperationIndex;
use grammar::PathSegment;

use crate::engine::accept::input::Input;
use crate::evidence::Asked;
use crate::upstream::{Attempt, CallKind, VendorRequest};

/// One request's, or that of a call which several wait for.
#[derive(Default)]
pub struct Capture {
    pub asked: Option<Arc<Asked>>,
    pub calls: Vec<CapturedCall>,
    /// A vendor's code or status has no row.
    pub unmapped: bool,
    /// It came under a key whose first request ended in an unknown outcome.
    pub after_unknown: bool,
}

#[derive(Clone)]
pub struct CapturedCall {
    pub index: OperationIndex,
    pub kind: CallKind,
    pub request: VendorRequest,
    pub took: Duration,
    pub attempt: Attempt,
}

/// Calls of one request at most. The contract's longest way has a dozen.
const MOST: usize = 32;

impl Capture {
    pub fn ask(&mut self, input: &Input, conditions: Vec<(String, String)>, limit: Duration) {
        let segment = |(name, text): (&String, &PathSegment)| (name.clone(), text.to_string());
        self.asked = Some(Arc::new(Asked {
            path: input.path.iter().map(segment).collect(),
            query: input.query.clone(),
            body: input.body.clone(),
            conditions,
            limit,
        }));
    }

    pub fn call(&mut self, call: CapturedCall) {
        if self.calls.len() < MOST {
            self.calls.push(call);
        }
    }

    /// The same of a call that another request made.
    pub fn join(&mut self, other: &Self) {
        self.calls.extend(other.calls.iter().cloned());
        self.unmapped |= other.unmapped;
    }
}

/// Neither ids nor bodies.
impl fmt::Debug for Capture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a capture of {} calls", self.calls.len())
    }
}
