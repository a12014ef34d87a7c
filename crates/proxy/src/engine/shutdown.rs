//! The last moment of the process: who still waits is answered before it ends.

use std::sync::atomic::{AtomicBool, Ordering};

use contract::GatewayProblem;
use tokio::sync::Notify;

use super::call::verdict::unknown;
use super::context::Exchange;
use super::outcome::Outcome;
use super::refusal::Refusal;

/// Tells all requests at once.
#[derive(Debug, Default)]
pub struct Leaving {
    has_come: AtomicBool,
    told: Notify,
}

impl Leaving {
    pub fn now(&self) {
        self.has_come.store(true, Ordering::Release);
        self.told.notify_waiters();
    }

    /// Returns once the moment has come.
    pub async fn come(&self) {
        loop {
            let told = self.told.notified();
            if self.has_come.load(Ordering::Acquire) {
                return;
            }
            told.await;
        }
    }
}

/// What a request is told that could not be waited for. Of a write of which a byte may have left nobody
/// knows how far it came; any other was not done.
pub fn refusal(exchange: &Exchange) -> Refusal {
    if exchange.write && exchange.fate() == Outcome::Unknown {
        return unknown(
            "The gateway shut down before it knew what became of the write.".to_owned(),
        );
    }
    Refusal::new(
        GatewayProblem::ShuttingDown,
        if exchange.write {
            "The gateway shut down before the write was sent."
        } else {
            "The gateway shut down before the vendor answered."
        },
    )
    .retry_after(1)
}
