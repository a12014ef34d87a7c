//! Lines of the log that nobody got.

use std::sync::{Mutex, PoisonError};

use prometheus::{Error, IntCounter};

use super::register::Register;
use crate::output;

/// The writer of the log counts; a counter follows at each scrape.
pub struct LogMetrics {
    dropped: IntCounter,
    /// What the counter was told.
    told: Mutex<u64>,
}

impl LogMetrics {
    pub fn new(register: &Register<'_>) -> Result<Self, Error> {
        Ok(Self {
            dropped: register.counter(
                "lms_gateway_log_lines_dropped_total",
                "Lines of the log that nobody got: its reader is slow or gone, its disk full.",
            )?,
            told: Mutex::default(),
        })
    }

    /// Takes over what was lost meanwhile. Two scrapes at once must not count it twice.
    pub fn follow(&self) {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let lost = output::lost();
        self.dropped.inc_by(lost.saturating_sub(*told));
        *told = lost;
    }
}
