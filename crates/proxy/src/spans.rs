//! The ids of traces, and what is known of a request's vendor calls before it ends. Who takes spans
//! away and where they go nobody here knows.

mod call_span;
mod call_trace;
mod trace_id;

pub use call_span::{CallEnd, CallSpans};
pub use call_trace::CallTrace;
pub use trace_id::{Parent, TraceId, span_id};
