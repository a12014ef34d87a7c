//! The last moment of the process: who still waits is answered before it ends.

use std::sync::atomic::{AtomicBool, Ordering};

use contract::GatewayProblem;
use tokio::sync::Notify;

use super::outcome::Outcome;
use super::refusal::Refusal;

/// Reaches all requests at once.
#[derive(Debug, Default)]
pub struct Shutdown {
    triggered: AtomicBool,
    waiting: Notify,
}

impl Shutdown {
    pub fn trigger(&self) {
        self.triggered.store(true, Ordering::Release);
        self.waiting.notify_waiters();
    }

    /// Returns once [`Shutdown::trigger`] was called.
    pub async fn triggered(&self) {
        loop {
            let notified = self.waiting.notified();
            if self.triggered.load(Ordering::Acquire) {
                return;
            }
            notified.await;
        }
    }
}

/// The end of a request that could not be waited for; `write` is what is known of a write so far, `None` of a
/// read. Of a write of which a byte may have left nobody knows how far it came; any other was not done.
#[must_use]
pub fn refusal(write: Option<Outcome>) -> Refusal {
    let detail = match write {
        Some(Outcome::Unknown) => {
            return Refusal::outcome_unknown(
                "The gateway shut down before it knew what became of the write.",
            );
        }
        Some(Outcome::NotDone) => "The gateway shut down before the write was sent.",
        None => "The gateway shut down before the vendor answered.",
    };
    Refusal::new(GatewayProblem::ShuttingDown, detail).retry_after(None)
}
