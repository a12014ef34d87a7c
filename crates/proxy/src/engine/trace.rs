//! W3C Trace Context: a trace is continued or started, and its id is in every problem and log line.

mod id;
mod state;

use http::{HeaderMap, HeaderName, HeaderValue};

pub use id::TraceId;

/// Read at each request: a name that is parsed already is looked up for half the price.
static TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace {
    pub id: TraceId,
    /// Our own span; written where a vendor is told of it, which a hit never does.
    span: u64,
    flags: u8,
    /// What came with the trace for those behind us, unread; a hit never asks for it.
    state: Option<HeaderValue>,
}

impl Trace {
    /// Continues a valid `traceparent`, or starts a trace.
    #[must_use]
    pub fn from_headers(headers: &HeaderMap) -> Self {
        let mut values = headers.get_all(&TRACEPARENT).iter();
        let given = match (values.next(), values.next()) {
            (Some(value), None) => id::parse(value.as_bytes()),
            _ => None,
        };
        // Of a trace that begins here nobody has told anything (W3C Trace Context §4.2).
        let state = given.as_ref().and_then(|_| state::gather(headers));
        let (id, flags) = given.unwrap_or_else(|| (TraceId::random(), 1));
        Self {
            id,
            span: rand::random(),
            flags,
            state,
        }
    }

    /// Tells the next hop of the trace.
    pub fn propagate(&self, headers: &mut HeaderMap) {
        let Ok(parent) = HeaderValue::from_str(&self.traceparent()) else {
            return;
        };
        headers.insert(TRACEPARENT.clone(), parent);
        // Never without the other: alone it says nothing (W3C Trace Context §3.3).
        if let Some(state) = self.state.as_ref().and_then(state::pass_on) {
            headers.insert(state::TRACESTATE.clone(), state);
        }
    }

    /// The header for the next hop.
    #[must_use]
    pub fn traceparent(&self) -> String {
        format!(
            "00-{}-{:016x}-{:02x}",
            self.id.as_str(),
            self.span,
            self.flags
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn trace(value: &'static str) -> Trace {
        let mut headers = HeaderMap::new();
        headers.insert("traceparent", HeaderValue::from_static(value));
        Trace::from_headers(&headers)
    }

    #[test]
    fn a_valid_trace_is_continued_with_a_span_of_our_own() {
        let trace = trace("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00");
        assert_eq!(trace.id.as_str(), "4bf92f3577b34da6a3ce929d0e0e4736");
        let next = trace.traceparent();
        assert_eq!(next.len(), 55);
        assert!(next.starts_with("00-4bf92f3577b34da6a3ce929d0e0e4736-"));
        assert!(!next.contains("00f067aa0ba902b7"));
        assert!(next.ends_with("-00"));
        let odd = self::trace("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-ff");
        assert!(odd.traceparent().ends_with("-01"));
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
            let next = trace.traceparent();
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
