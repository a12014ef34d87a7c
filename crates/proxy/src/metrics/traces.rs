//! What became of spans.

use prometheus::{Error, IntCounterVec};

use super::register::Register;

/// What became of a span that was recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpanResult {
    Sent,
    /// There was no room for it.
    QueueFull,
    /// The receiver took the others of its batch.
    Rejected,
    /// The receiver does not take its batch, now or later.
    Refused,
    /// No receiver took it in time.
    Unreachable,
}

impl SpanResult {
    pub const ALL: [Self; 5] = [
        Self::Sent,
        Self::QueueFull,
        Self::Rejected,
        Self::Refused,
        Self::Unreachable,
    ];

    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::QueueFull => "queue-full",
            Self::Rejected => "rejected",
            Self::Refused => "refused",
            Self::Unreachable => "unreachable",
        }
    }
}

pub struct TraceMetrics {
    spans: IntCounterVec,
}

impl TraceMetrics {
    pub(super) fn new(register: &Register<'_>) -> Result<Self, Error> {
        let spans = register.counters(
            "lms_gateway_trace_spans_total",
            "Spans by what became of them: sent, or lost because of queue-full, rejected, refused, unreachable.",
            &["result"],
        )?;
        // There from the start, so that the first loss is an increase.
        for result in SpanResult::ALL {
            spans.with_label_values(&[result.label()]);
        }
        Ok(Self { spans })
    }

    pub fn count(&self, result: SpanResult, spans: u64) {
        if spans > 0 {
            let label = result.label();
            self.spans.with_label_values(&[label]).inc_by(spans);
        }
    }

    #[must_use]
    pub fn total(&self, result: SpanResult) -> u64 {
        self.spans.with_label_values(&[result.label()]).get()
    }
}
