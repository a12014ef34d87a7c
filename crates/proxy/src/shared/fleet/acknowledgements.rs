//! Who has applied what: one who asks for all writes of this process that wait.

use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Notify, watch};

use crate::shared::name::Epoch;
use crate::shared::store::journal::Members;

/// One asks for all who wait.
pub(super) struct Acknowledgements {
    state: Mutex<Polling>,
    /// How many questions were sent.
    pub(super) sent: AtomicU64,
    pub(super) news: watch::Sender<Option<Arc<News>>>,
    /// Somebody new waits.
    pub(super) sooner: Notify,
}

#[derive(Default)]
pub(super) struct Polling {
    pub(super) waiting: usize,
    pub(super) runs: bool,
}

pub(super) struct News {
    /// Of the question that this answers.
    pub(super) number: u64,
    pub(super) epoch: Epoch,
    pub(super) members: Members,
}

impl Default for Acknowledgements {
    fn default() -> Self {
        Self {
            state: Mutex::default(),
            sent: AtomicU64::new(0),
            news: watch::Sender::new(None),
            sooner: Notify::new(),
        }
    }
}

impl Acknowledgements {
    pub(super) fn lock(&self) -> MutexGuard<'_, Polling> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
