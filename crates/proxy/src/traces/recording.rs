//! What one configuration says of traces: which are recorded, what their spans are called, and who gets them.

use std::sync::Arc;

use opentelemetry::trace::{SpanKind, TraceId as OtelTraceId};
use opentelemetry_sdk::trace::{Sampler, SamplingDecision, ShouldSample};

use super::outlet::Outlet;
use super::queue::Queue;
use super::record::{Record, ServerSpan, known_method};
use crate::spans::{CallSpans, Parent, TraceId};

pub struct Recording {
    sampler: Sampler,
    sample: f64,
    outlet: Arc<Outlet>,
    queue: Arc<Queue>,
}

impl Recording {
    pub(super) fn new(sample: f64, outlet: Outlet, queue: Arc<Queue>) -> Self {
        Self {
            sampler: Sampler::TraceIdRatioBased(sample),
            sample,
            outlet: Arc::new(outlet),
            queue,
        }
    }

    /// Whether a trace is recorded: the parent decides, and where there is none its id by the ratio (what
    /// OpenTelemetry calls parent-based). The SDK's own parent-based sampler wants a context, which it
    /// allocates.
    #[must_use]
    pub fn samples(&self, parent: Option<&Parent>, trace: TraceId) -> bool {
        if let Some(parent) = parent {
            return parent.sampled;
        }
        let id = OtelTraceId::from_bytes(trace.to_bytes());
        let kind = SpanKind::Server;
        let sampled = self.sampler.should_sample(None, id, "", &kind, &[], &[]);
        sampled.decision == SamplingDecision::RecordAndSample
    }

    /// A request ended; `span` is its own.
    pub fn request(&self, trace: TraceId, span: u64, server: ServerSpan, calls: CallSpans) {
        self.queue.push(Record {
            outlet: self.outlet.clone(),
            trace,
            span,
            server: Some(server),
            calls,
        });
    }

    /// Calls ended that `span` caused and that tell of themselves, since it may be over.
    pub fn calls(&self, trace: TraceId, span: u64, calls: CallSpans) {
        if calls.is_empty() {
            return;
        }
        self.queue.push(Record {
            outlet: self.outlet.clone(),
            trace,
            span,
            server: None,
            calls,
        });
    }

    /// Host and port of the receiver.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        self.outlet.destination.shown()
    }

    /// The share of traces that begin here and are recorded.
    #[must_use]
    pub const fn sample(&self) -> f64 {
        self.sample
    }

    /// A method as spans may name it.
    #[must_use]
    pub fn method(method: &str) -> &'static str {
        known_method(method)
    }
}
