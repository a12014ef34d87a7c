//! The series of one upstream's calls, found once: by their labels each costs more than the count itself.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use prometheus::{Histogram, HistogramVec, IntCounter, IntCounterVec};

/// What became of a call, as its label says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallOutcome {
    NotSent,
    /// Sent, and no answer head came.
    Lost,
    /// The answer's body ended early.
    Cut,
    /// By its status.
    Answered(u16),
}

impl CallOutcome {
    pub(super) const LABELS: [&str; 7] = [
        "not_sent",
        "lost",
        "cut",
        "answered_2xx",
        "answered_3xx",
        "answered_4xx",
        "answered_5xx",
    ];

    const fn index(self) -> usize {
        match self {
            Self::NotSent => 0,
            Self::Lost => 1,
            Self::Cut => 2,
            Self::Answered(200..=299) => 3,
            Self::Answered(300..=399) => 4,
            Self::Answered(400..=499) => 5,
            Self::Answered(_) => 6,
        }
    }

    const fn label(self) -> &'static str {
        Self::LABELS[self.index()]
    }
}

/// Calls of one upstream, by operation and outcome.
pub struct CallSeries {
    upstream: String,
    calls: IntCounterVec,
    durations: HistogramVec,
    operations: Vec<OperationSeries>,
}

/// A series is there from its first count on.
struct OperationSeries {
    /// The very text that the plan's calls bring along.
    operation: Arc<str>,
    outcomes: [OnceLock<IntCounter>; CallOutcome::LABELS.len()],
    duration: OnceLock<Histogram>,
}

impl CallSeries {
    pub(super) fn new(
        upstream: &str,
        operations: Vec<Arc<str>>,
        calls: IntCounterVec,
        durations: HistogramVec,
    ) -> Self {
        let operations = operations.into_iter().map(|operation| OperationSeries {
            operation,
            outcomes: Default::default(),
            duration: OnceLock::new(),
        });
        Self {
            upstream: upstream.to_owned(),
            calls,
            durations,
            operations: operations.collect(),
        }
    }

    /// A call ended. `elapsed` counts from its wish on, so that waiting in the queue is in it.
    pub fn called(&self, operation: &Arc<str>, outcome: CallOutcome, elapsed: Duration) {
        let by_operation = [self.upstream.as_str(), operation];
        let [upstream, text] = by_operation;
        let known = self
            .operations
            .iter()
            .find(|known| Arc::ptr_eq(&known.operation, operation));
        let cell = known.and_then(|known| known.outcomes.get(outcome.index()));
        let by_outcome = [upstream, text, outcome.label()];
        let counter = || self.calls.with_label_values(&by_outcome);
        match cell {
            Some(cell) => cell.get_or_init(counter).inc(),
            None => counter().inc(),
        }
        let seconds = elapsed.as_secs_f64();
        let histogram = || self.durations.with_label_values(&by_operation);
        match known {
            Some(known) => known.duration.get_or_init(histogram).observe(seconds),
            None => histogram().observe(seconds),
        }
    }
}
