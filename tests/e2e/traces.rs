//! Spans as a receiver gets them, and what becomes of those that it does not take.

mod bad_receivers;
mod export;
mod requests;
mod sampling;

use serde_json::Value;

use crate::support::vendor::Scripted;
use crate::support::{Gateway, Receiver, Vendor};

pub const CALLER: &str = "00f067aa0ba902b7";

/// A trace of its own for each test that asks.
pub fn parent(trace: &str, flags: &str) -> String {
    format!("00-{trace}-{CALLER}-{flags}")
}

pub const ROOM: &str = r#"{"id":2101,"type":"PHYSICAL_ROOM","name":"Aula"}"#;

/// A gateway before a scripted vendor, with spans to a receiver.
pub fn start(vendor: &Vendor, receiver: &Receiver, more: &str) -> Gateway {
    let mut setup = vendor.setup();
    let told = setup
        .settings
        .replace("    auth:", "    send_traceparent: true\n    auth:");
    setup.settings = format!("{}{told}", receiver.setting(more));
    setup.start()
}

/// The vendor's answer to a read that goes well.
pub fn room() -> Scripted {
    Scripted::json(200, ROOM)
}

/// The access line of a trace.
pub fn line(gateway: &Gateway, trace: &str) -> Value {
    gateway.wait_for_log(trace);
    let log = gateway.log();
    let line = log.lines().find(|line| line.contains(trace));
    serde_json::from_str(line.expect("it was waited for")).expect("a line is JSON")
}

/// Spans by what became of them.
pub fn spans(gateway: &Gateway, result: &str) -> f64 {
    gateway.metric(&format!(
        "lms_gateway_trace_spans_total{{result=\"{result}\"}}"
    ))
}
