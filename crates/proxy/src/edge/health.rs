//! Readiness is about the gateway alone: a vendor that is down must not take the Pod down.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use tokio::sync::Notify;

/// Shared by the two ports and the drain.
#[derive(Default)]
pub struct Health {
    serving: AtomicBool,
    draining: AtomicBool,
    closed: AtomicBool,
    in_flight: AtomicUsize,
    idle: Notify,
}

impl Health {
    /// The listeners are open.
    pub fn serve(&self) {
        self.serving.store(true, Ordering::Release);
    }

    /// From here on readiness says no.
    pub fn drain(&self) {
        self.draining.store(true, Ordering::Release);
    }

    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.serving.load(Ordering::Acquire) && !self.is_draining()
    }

    #[must_use]
    pub fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Acquire)
    }

    /// The callers' port has let in its last connection.
    pub fn close(&self) {
        self.closed.store(true, Ordering::Release);
    }

    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }

    #[must_use]
    pub fn in_flight(&self) -> usize {
        self.in_flight.load(Ordering::Acquire)
    }

    /// Counts a request until the guard is dropped.
    #[must_use]
    pub fn enter(&self) -> InFlight<'_> {
        self.in_flight.fetch_add(1, Ordering::AcqRel);
        InFlight(self)
    }

    /// Returns when no request is in flight.
    pub async fn idle(&self) {
        loop {
            let notified = self.idle.notified();
            if self.in_flight() == 0 {
                return;
            }
            notified.await;
        }
    }
}

pub struct InFlight<'h>(&'h Health);

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        if self.0.in_flight.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.0.idle.notify_waiters();
        }
    }
}
