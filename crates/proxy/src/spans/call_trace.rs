//! The vendor calls of one request: what the vendor is told of each, and their spans where they are recorded.

use std::io::Write;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Instant;

use http::HeaderValue;

use super::call_span::{CallEnd, CallSpan, CallSpans};
use super::trace_id::{TraceId, span_id};

/// More calls than this one request never needs; what a bug of ours repeats must not fill the memory.
const MOST: usize = 64;

/// The calls of one request, which follow each other.
#[derive(Debug)]
pub struct CallTrace {
    trace: TraceId,
    /// The span of the request.
    request: u64,
    /// That of the sending that runs; before the first, and where none are recorded, the request's.
    span: AtomicU64,
    sampled: bool,
    /// Whether the vendor of the call that runs is told.
    told: AtomicBool,
    /// The `tracestate` for vendors, made where one is told.
    state: OnceLock<Option<HeaderValue>>,
    /// Of the call that runs.
    sendings: AtomicU8,
    /// `None`: they are not recorded. Nobody waits for the lock, since nothing runs beside a call.
    spans: Option<Mutex<CallSpans>>,
}

/// A sending that began.
#[derive(Debug)]
pub struct Sending {
    started: Instant,
    resends: u8,
}

impl CallTrace {
    /// `request` is the span of the request.
    #[must_use]
    pub fn new(trace: TraceId, request: u64, sampled: bool, recorded: bool) -> Self {
        Self {
            trace,
            request,
            span: AtomicU64::new(request),
            sampled,
            told: AtomicBool::new(false),
            state: OnceLock::new(),
            sendings: AtomicU8::new(0),
            spans: recorded.then(Mutex::default),
        }
    }

    /// Another call begins. Its vendor is told of the trace, and of the `tracestate` that came with it, where
    /// there is a `state`.
    pub fn next_call(&self, state: Option<impl FnOnce() -> Option<HeaderValue>>) {
        self.span.store(self.request, Ordering::Relaxed);
        self.sendings.store(0, Ordering::Relaxed);
        self.told.store(state.is_some(), Ordering::Relaxed);
        if let Some(state) = state {
            self.state.get_or_init(state);
        }
    }

    /// The call is sent now. `None`: nobody records it.
    #[must_use]
    pub fn begin(&self, started: Instant) -> Option<Sending> {
        self.spans.as_ref()?;
        self.span.store(span_id(), Ordering::Relaxed);
        let resends = self.sendings.fetch_add(1, Ordering::Relaxed);
        Some(Sending { started, resends })
    }

    /// The sending that began last is over.
    pub fn end(&self, sending: &Sending, end: CallEnd) {
        self.note(CallSpan {
            id: self.span.load(Ordering::Relaxed),
            started: sending.started,
            ended: Instant::now(),
            end: CallEnd {
                resends: sending.resends,
                ..end
            },
        });
    }

    /// Notes a wait that is no call of the vendor's own.
    pub fn waited(&self, started: Instant, end: CallEnd) {
        self.note(CallSpan {
            id: span_id(),
            started,
            ended: Instant::now(),
            end,
        });
    }

    /// Whether anybody records the calls.
    #[must_use]
    pub const fn is_recorded(&self) -> bool {
        self.spans.is_some()
    }

    fn note(&self, span: CallSpan) {
        if let Some(spans) = &self.spans {
            let mut spans = spans.lock().unwrap_or_else(PoisonError::into_inner);
            if spans.len() < MOST {
                spans.push(span);
            }
        }
    }

    /// What was recorded so far.
    #[must_use]
    pub fn take(&self) -> CallSpans {
        let spans = self.spans.as_ref();
        spans.map_or_else(CallSpans::new, |spans| {
            std::mem::take(&mut spans.lock().unwrap_or_else(PoisonError::into_inner))
        })
    }

    /// What the vendor is told, if it is told.
    #[must_use]
    pub fn traceparent(&self) -> String {
        let (trace, span) = (self.trace.as_str(), self.span.load(Ordering::Relaxed));
        let flags = u8::from(self.sampled);
        format!("00-{trace}-{span:016x}-{flags:02x}")
    }

    /// Writes the fields that tell the vendor, if it is told.
    pub fn write_fields(&self, head: &mut Vec<u8>) {
        if !self.told.load(Ordering::Relaxed) {
            return;
        }
        // A vector takes all.
        let _ = write!(head, "traceparent: {}\r\n", self.traceparent());
        // Never without the other: alone it says nothing (W3C Trace Context §3.3).
        if let Some(state) = self.state.get().and_then(Option::as_ref) {
            head.extend_from_slice(b"tracestate: ");
            head.extend_from_slice(state.as_bytes());
            head.extend_from_slice(b"\r\n");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spans::Parent;

    const TEXT: &[u8] = b"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    fn end() -> CallEnd {
        CallEnd {
            operation: "getRoom".into(),
            kind: "read",
            status: Some(200),
            failure: None,
            resends: 0,
        }
    }

    fn told(call: &CallTrace) -> String {
        let mut head = Vec::new();
        call.write_fields(&mut head);
        String::from_utf8(head).unwrap()
    }

    #[test]
    fn the_vendor_hears_of_the_span_of_its_own_sending() {
        let trace = Parent::read(TEXT).unwrap().trace;
        let call = CallTrace::new(trace, 7, true, true);
        call.next_call(Some(|| Some(HeaderValue::from_static("a=1"))));
        let mut heads = Vec::new();
        for _ in 0..2 {
            let sending = call.begin(Instant::now()).unwrap();
            heads.push(told(&call));
            call.end(&sending, end());
        }
        let spans = call.take();
        let resends: Vec<u8> = spans.iter().map(|span| span.end.resends).collect();
        assert_eq!(resends, [0, 1]);
        for (head, span) in heads.iter().zip(spans) {
            let id = span.id;
            let wanted = format!(
                "traceparent: 00-{}-{id:016x}-01\r\ntracestate: a=1\r\n",
                trace.as_str()
            );
            assert_eq!(*head, wanted);
        }
    }

    #[test]
    fn what_nobody_records_is_of_the_requests_span() {
        let trace = Parent::read(TEXT).unwrap().trace;
        let call = CallTrace::new(trace, 7, false, false);
        assert_eq!(told(&call), "");
        call.next_call(Some(|| None));
        assert!(call.begin(Instant::now()).is_none());
        let head = told(&call);
        assert!(head.ends_with("-0000000000000007-00\r\n"), "{head}");
    }
}
