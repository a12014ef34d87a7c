//! The order of events of one trial: whatever gets the higher number came later.

use std::sync::atomic::{AtomicU64, Ordering};

static CLOCK: AtomicU64 = AtomicU64::new(1);

/// A number of its own.
#[must_use]
pub fn tick() -> u64 {
    CLOCK.fetch_add(1, Ordering::SeqCst)
}
