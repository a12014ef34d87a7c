//! W3C Trace Context: a trace is continued or started, and its id is in every problem and log line.

mod state;

use std::sync::Arc;

use http::{HeaderMap, HeaderName, HeaderValue};

use crate::spans::{CallTrace, Parent, TraceId, span_id};
use crate::traces::Recording;

/// Read at each request: a name that is parsed already is looked up for half the price.
static TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

#[derive(Clone)]
pub struct Trace {
    pub id: TraceId,
    /// Our own span.
    pub span: u64,
    /// The caller's, where it told us of one.
    parent: Option<Parent>,
    /// For the next hop: somebody records the trace.
    sampled: bool,
    /// What came with the trace for those behind us, unread; a hit never asks for it.
    state: Option<HeaderValue>,
    /// Who takes the spans, where they are recorded.
    recording: Option<Arc<Recording>>,
}

impl Trace {
    /// Continues a valid `traceparent`, or starts a trace.
    #[must_use]
    pub fn from_headers(headers: &HeaderMap, recording: Option<&Arc<Recording>>) -> Self {
        let mut values = headers.get_all(&TRACEPARENT).iter();
        let parent = match (values.next(), values.next()) {
            (Some(value), None) => Parent::read(value.as_bytes()),
            _ => None,
        };
        // Of a trace that begins here nobody has told anything (W3C Trace Context §4.2).
        let state = parent.as_ref().and_then(|_| state::gather(headers));
        let id = parent.map_or_else(TraceId::random, |parent| parent.trace);
        // Without traces of our own those behind us may record all that begins here.
        let sampled = match recording {
            Some(recording) => recording.samples(parent.as_ref(), id),
            None => parent.is_none_or(|parent| parent.sampled),
        };
        Self {
            id,
            span: span_id(),
            parent,
            sampled,
            state,
            recording: recording.filter(|_| sampled).cloned(),
        }
    }

    /// Who takes the spans; `None`: they are not recorded.
    #[must_use]
    pub const fn recording(&self) -> Option<&Arc<Recording>> {
        self.recording.as_ref()
    }

    /// The caller's span, where it told us of one.
    #[must_use]
    pub fn parent(&self) -> Option<u64> {
        self.parent.map(|parent| parent.span())
    }

    /// What a vendor call that begins has to do with the trace; `None`: nothing. `told`: the vendor hears of it.
    /// `calls` are those of the same request.
    #[must_use]
    pub fn call(&self, told: bool, calls: &mut Option<Arc<CallTrace>>) -> Option<Arc<CallTrace>> {
        let recorded = self.recording.is_some();
        if !told && !recorded {
            return None;
        }
        let new = || Arc::new(CallTrace::new(self.id, self.span, self.sampled, recorded));
        let calls = calls.get_or_insert_with(new);
        calls.next_call(told.then_some(|| self.state.as_ref().and_then(state::pass_on)));
        Some(calls.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn trace(value: &'static str) -> Trace {
        let mut headers = HeaderMap::new();
        headers.insert("traceparent", HeaderValue::from_static(value));
        Trace::from_headers(&headers, None)
    }

    fn told(trace: &Trace) -> String {
        trace.call(true, &mut None).unwrap().traceparent()
    }

    #[test]
    fn a_valid_trace_is_continued_with_a_span_of_our_own() {
        let trace = trace("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00");
        assert_eq!(trace.id.as_str(), "4bf92f3577b34da6a3ce929d0e0e4736");
        let next = told(&trace);
        assert_eq!(next.len(), 55);
        assert!(next.starts_with("00-4bf92f3577b34da6a3ce929d0e0e4736-"));
        assert!(!next.contains("00f067aa0ba902b7"));
        assert!(next.ends_with("-00"));
        let odd = self::trace("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-ff");
        assert!(told(&odd).ends_with("-01"));
    }

    #[test]
    fn a_later_version_is_read_as_far_as_it_is_known() {
        const ID: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
        for later in [
            "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-",
            "fe-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what-the future",
        ] {
            let trace = trace(later);
            assert_eq!(trace.id.as_str(), ID, "{later}");
            let next = told(&trace);
            assert!(next.starts_with("00-") && next.ends_with("-01"), "{next}");
        }
        for other in [
            "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01.what",
            "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
            "c-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "CC-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        ] {
            assert_ne!(trace(other).id.as_str(), ID, "{other}");
        }
    }

    #[test]
    fn anything_else_starts_a_trace() {
        for bad in [
            "",
            "00-0000000000000000000000000000000 0-00f067aa0ba902b7-00",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-00",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-00",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00-extra",
        ] {
            let trace = trace(bad);
            assert_eq!(trace.id.as_str().len(), 32);
            assert_ne!(
                trace.id.as_str(),
                "4bf92f3577b34da6a3ce929d0e0e4736",
                "{bad}"
            );
        }
    }
}
