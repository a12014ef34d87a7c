//! Where the time of callers' requests goes.

use std::time::Duration;

use prometheus::{Error, Histogram, HistogramVec};

use super::register::Register;
use crate::phases::{Phase, PhaseTimes};

/// By phase and upstream.
#[derive(Clone)]
pub struct PhaseMetrics(HistogramVec);

/// The phases of the requests for one upstream, found once.
#[derive(Clone)]
pub struct PhaseSeries([Histogram; Phase::COUNT]);

impl PhaseMetrics {
    pub(super) fn new(register: &Register<'_>) -> Result<Self, Error> {
        Ok(Self(register.durations(
            "lms_gateway_request_phase_seconds",
            "Time of a request by phase: read, validate, queue, token, connect, vendor, translate, look-up, store, members, other. They sum up to its whole duration.",
            &["phase", "upstream"],
        )?))
    }

    /// The series of an upstream. Without a store nobody waits for it, so those two do not stand there.
    #[must_use]
    pub fn series(&self, upstream: &str, has_store: bool) -> PhaseSeries {
        let of = |phase: Phase| {
            let happens = has_store || !matches!(phase, Phase::Store | Phase::Members);
            let phase = if happens { phase } else { Phase::Other };
            self.0.with_label_values(&[phase.label(), upstream])
        };
        PhaseSeries(Phase::ALL.map(of))
    }

    /// The one of requests that are for no upstream.
    #[must_use]
    pub fn own(&self) -> Histogram {
        self.0
            .with_label_values(&[Phase::Other.label(), NO_UPSTREAM])
    }
}

/// The label of a request that is for no upstream: for a page of ours, or for nothing that is there.
pub const NO_UPSTREAM: &str = "none";

impl PhaseSeries {
    /// A request took so long; a phase that did not happen is not counted.
    pub fn observe(&self, times: &PhaseTimes) {
        for (phase, time) in times.iter() {
            // One for each phase, in its place.
            self.0[phase as usize].observe(time.as_secs_f64());
        }
    }

    /// A request had no phases of its own.
    pub fn only_other(&self, time: Duration) {
        self.0[Phase::Other as usize].observe(time.as_secs_f64());
    }
}
