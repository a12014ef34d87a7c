//! How the export goes, for whoever asks.

use std::time::SystemTime;

use super::queue::Queue;
use super::recording::Recording;
use crate::metrics::{Metrics, SpanResult};

/// What is told of the traces.
#[derive(Debug, Clone, PartialEq)]
pub struct TracesStatus {
    /// Host and port of the receiver, and the share of traces that begin here; `None`: traces are off.
    pub receiver: Option<(String, f64)>,
    /// Spans by what became of them, since the start of the process.
    pub spans: Vec<(&'static str, u64)>,
    /// Spans that wait to be sent.
    pub waiting: u64,
    /// Since when nothing could be sent.
    pub failing_since: Option<SystemTime>,
    /// What went wrong last, and when; nothing that the receiver said.
    pub last_error: Option<(String, SystemTime)>,
}

impl TracesStatus {
    pub(super) fn of(
        recording: Option<&Recording>,
        queue: Option<&Queue>,
        metrics: &Metrics,
    ) -> Self {
        let trouble = queue.map(Queue::trouble).unwrap_or_default();
        let spans = SpanResult::ALL.iter();
        Self {
            receiver: recording.map(|one| (one.endpoint().to_owned(), one.sample())),
            spans: spans
                .map(|result| (result.label(), metrics.traces.total(*result)))
                .collect(),
            waiting: queue.map(Queue::waiting).unwrap_or_default(),
            failing_since: trouble.since,
            last_error: trouble.last,
        }
    }
}
