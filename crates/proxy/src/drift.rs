//! What vendors' answers hold that the contract does not say of them, since the contract was loaded.

mod overlay;
mod report;
mod watched;

use std::sync::Mutex;
use std::time::{Instant, SystemTime};

use contract::OperationIndex;
use translate::judge::Finding;

pub use overlay::{Action, Proposal, propose};
pub use report::{DriftOfOperation, DriftReport, Line};
use watched::Watched;

/// Of all operations of a plan.
pub struct Drift {
    /// Parallel to the plan's operations.
    operations: Vec<Mutex<Watched>>,
}

impl Drift {
    /// Nothing was seen yet, of so many operations.
    #[must_use]
    pub fn new(operations: usize) -> Self {
        Self {
            operations: (0..operations).map(|_| Mutex::default()).collect(),
        }
    }

    /// Looks through an answer that is not as the contract says, unless one of the operation is looked through at
    /// this moment or was just now: the looks take a hundredth of the time at most. Gives what it showed.
    pub fn look(
        &self,
        index: OperationIndex,
        status: u16,
        examine: impl FnOnce() -> Vec<Finding>,
    ) -> Vec<Finding> {
        let Some(Ok(mut watched)) = self.operations.get(index.0).map(Mutex::try_lock) else {
            return Vec::new();
        };
        let started = Instant::now();
        if !watched.is_due(started) {
            return Vec::new();
        }
        let found = examine();
        watched.looked(started, started.elapsed());
        watched.add(&found, status, SystemTime::now());
        found
    }

    /// What was seen of one operation: its lines, and how many more there would be.
    #[must_use]
    pub fn lines(&self, index: OperationIndex) -> (Vec<Line>, u64) {
        let watched = self.operations.get(index.0).map(Mutex::lock);
        match watched {
            Some(Ok(watched)) => watched.lines(),
            // A panic while it was held: what it had is not whole.
            Some(Err(_)) | None => (Vec::new(), 0),
        }
    }
}
