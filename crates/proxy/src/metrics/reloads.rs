//! What became of reloads, and when.

use std::time::{SystemTime, UNIX_EPOCH};

use prometheus::{Error, IntCounterVec, IntGauge};

use super::register::Register;

pub struct ReloadMetrics {
    reloads: IntCounterVec,
    successful: IntGauge,
    succeeded: IntGauge,
}

impl ReloadMetrics {
    /// The start counts as a good load, though as no reload.
    pub(super) fn new(register: &Register<'_>) -> Result<Self, Error> {
        let metrics = Self {
            reloads: register.counters(
                "lms_gateway_config_reloads_total",
                "Reloads by result: accepted, refused (the running configuration stays).",
                &["result"],
            )?,
            successful: register.gauge(
                "lms_gateway_config_last_reload_successful",
                "1 where the last reload was accepted or there was none, 0 where it was refused.",
            )?,
            succeeded: register.gauge(
                "lms_gateway_config_last_reload_success_timestamp_seconds",
                "When the configuration that runs was loaded, in seconds since 1970.",
            )?,
        };
        for result in ["accepted", "refused"] {
            metrics.reloads.with_label_values(&[result]);
        }
        metrics.loaded();
        Ok(metrics)
    }

    /// A reload ended; `accepted` says whether what was read runs now.
    pub fn ended(&self, accepted: bool) {
        let result = if accepted { "accepted" } else { "refused" };
        self.reloads.with_label_values(&[result]).inc();
        self.successful.set(i64::from(accepted));
        if accepted {
            self.loaded();
        }
    }

    fn loaded(&self) {
        self.successful.set(1);
        let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH);
        let seconds = since_1970.map_or(0, |age| age.as_secs().cast_signed());
        self.succeeded.set(seconds);
    }
}
