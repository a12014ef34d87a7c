//! What a line says of a request, as JSON. Written by hand, since a derived serializer with a flattened
//! member costs several times as much; a test holds it against serde's own rendering.

use std::ops::Range;
use std::time::Duration;

use super::labels::Labels;
use super::member::{put, put_some};
use super::milliseconds::Milliseconds;
use crate::phases::PhaseTimes;
use http::StatusCode;

/// What is recorded of one request, in the log and in the metrics. Names as in docs/operations.md.
pub struct AccessRecord<'a> {
    pub method: &'a str,
    pub labels: &'a Labels,
    pub status: StatusCode,
    pub problem: &'a str,
    pub outcome: Option<&'a str>,
    pub cache: Option<&'a str>,
    pub duration: Duration,
    /// Which sum up to it; `None`: all of it is `other`.
    pub phases: Option<&'a PhaseTimes>,
    pub vendor_calls: usize,
    /// Spent in vendor calls.
    pub vendor_time: Duration,
    pub caller: Option<&'a str>,
    pub cause: Option<&'a str>,
    pub trace_id: &'a str,
}

impl AccessRecord<'_> {
    /// Appends the line and its end. The members around ours are those that every line of the log
    /// has, as the other lines spell them; what is not there is left out.
    pub fn write(&self, timestamp: &str, out: &mut Vec<u8>) {
        out.extend_from_slice(b"{\"timestamp\":\"");
        out.extend_from_slice(timestamp.as_bytes());
        out.extend_from_slice(b"\",\"level\":\"INFO\",\"message\":\"request\"");
        put(out, b",\"method\":", self.method);
        out.extend_from_slice(&self.labels.names);
        put(out, b",\"status\":", &self.status.as_u16());
        put(out, b",\"problem\":", self.problem);
        put_some(out, b",\"outcome\":", self.outcome);
        put_some(out, b",\"cache\":", self.cache);
        out.extend_from_slice(b",\"duration_ms\":");
        let start = out.len();
        Milliseconds(self.duration).write(out);
        self.write_phases(start..out.len(), out);
        out.extend_from_slice(&self.labels.vendor);
        if self.vendor_calls == 0 {
            // Nearly each line of a cache: numbers cost more than texts.
            out.extend_from_slice(b",\"vendor_calls\":0,\"vendor_ms\":0.0");
        } else {
            put(out, b",\"vendor_calls\":", &self.vendor_calls);
            out.extend_from_slice(b",\"vendor_ms\":");
            Milliseconds(self.vendor_time).write(out);
        }
        put_some(out, b",\"caller\":", self.caller);
        put_some(out, b",\"cause\":", self.cause);
        // Hexadecimal digits.
        out.extend_from_slice(b",\"trace_id\":\"");
        out.extend_from_slice(self.trace_id.as_bytes());
        out.extend_from_slice(b"\",\"target\":\"access\"}\n");
    }

    /// The phases that happened. `duration` is where the whole stands.
    fn write_phases(&self, duration: Range<usize>, out: &mut Vec<u8>) {
        let Some(phases) = self.phases else {
            out.extend_from_slice(b",\"phases_ms\":{\"other\":");
            out.extend_from_within(duration);
            out.push(b'}');
            return;
        };
        out.extend_from_slice(b",\"phases_ms\":");
        let mut between = b'{';
        for (phase, time) in phases.iter() {
            out.push(between);
            between = b',';
            out.push(b'"');
            out.extend_from_slice(phase.label().as_bytes());
            out.extend_from_slice(b"\":");
            Milliseconds(time).write(out);
        }
        // No time has passed on a clock that is coarse.
        if between == b'{' {
            out.push(between);
        }
        out.push(b'}');
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use tokio::time::Instant;

    use super::*;
    use crate::phases::{Phase, Phases};

    const TIME: &str = "2026-11-25T00:00:00.000000Z";

    fn labels() -> Labels {
        Labels::new("/v1/rooms/{id}", "getRoom", Some("netex"))
    }

    fn line<'a>(labels: &'a Labels, cause: Option<&'a str>) -> AccessRecord<'a> {
        AccessRecord {
            method: "GET",
            labels,
            status: StatusCode::OK,
            problem: "",
            outcome: None,
            cache: Some("hit"),
            duration: Duration::from_micros(250),
            phases: None,
            vendor_calls: 0,
            vendor_time: Duration::ZERO,
            caller: None,
            cause,
            trace_id: "4bf92f3577b34da6a3ce929d0e0e4736",
        }
    }

    fn written(line: &AccessRecord<'_>) -> String {
        let mut bytes = Vec::new();
        line.write(TIME, &mut bytes);
        String::from_utf8(bytes).unwrap()
    }

    fn milliseconds(time: Duration) -> f64 {
        time.as_nanos() as f64 / 1e6
    }

    fn phases(line: &AccessRecord<'_>) -> Value {
        let other = PhaseTimes::only_other(line.duration);
        let times = line.phases.unwrap_or(&other);
        times
            .iter()
            .map(|(phase, time)| (phase.label(), milliseconds(time)))
            .collect()
    }

    /// Members in this order (`preserve_order`), without those that are null.
    fn by_serde(line: &AccessRecord<'_>) -> String {
        let mut value = json!({
            "timestamp": TIME,
            "level": "INFO",
            "message": "request",
            "method": line.method,
            "route": line.labels.route,
            "operation": line.labels.operation,
            "status": line.status.as_u16(),
            "problem": line.problem,
            "outcome": line.outcome,
            "cache": line.cache,
            "duration_ms": milliseconds(line.duration),
            "phases_ms": phases(line),
            "upstream": line.labels.upstream,
            "vendor_calls": line.vendor_calls,
            "vendor_ms": milliseconds(line.vendor_time),
            "caller": line.caller,
            "cause": line.cause,
            "trace_id": line.trace_id,
            "target": "access",
        });
        value
            .as_object_mut()
            .unwrap()
            .retain(|_, value| !value.is_null());
        format!("{value}\n")
    }

    #[test]
    fn a_line_is_json_and_leaves_out_what_is_not_there() {
        let labels = labels();
        let text = written(&line(&labels, Some("a \"quote\"\nand a line end")));
        assert_eq!(text.find('\n'), Some(text.len() - 1), "one line");
        let value: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value["operation"], "getRoom");
        assert_eq!(value["cause"], "a \"quote\"\nand a line end");
        assert!(value.get("caller").is_none() && value.get("outcome").is_none());
    }

    fn times() -> PhaseTimes {
        let start = Instant::now();
        let phases = Phases::starting(start);
        for (place, phase) in (1..).zip(Phase::ALL) {
            phases.enter(phase, start + Duration::from_nanos(place * 137_174_210));
        }
        phases.so_far(start + Duration::from_nanos(12_345_678_910))
    }

    #[test]
    fn a_line_is_what_serde_would_write() {
        let (labels, odd) = (labels(), Labels::new("none", "an \\ operation", None));
        let times = times();
        let none = PhaseTimes::ZERO;
        let at_once = AccessRecord {
            duration: Duration::ZERO,
            phases: Some(&none),
            ..line(&labels, None)
        };
        let full = AccessRecord {
            method: "P\u{7f}\"ST",
            labels: &odd,
            status: StatusCode::SERVICE_UNAVAILABLE,
            problem: "upstream-unavailable",
            outcome: Some("not-done"),
            cache: None,
            duration: times.whole(),
            phases: Some(&times),
            vendor_calls: 3,
            vendor_time: Duration::from_nanos(100_000),
            caller: Some("M\u{e4}x \u{1}\u{2028}"),
            cause: Some("\t\r\u{8}\u{c}\u{0}/"),
            trace_id: "00000000000000000000000000000001",
        };
        for line in [line(&labels, None), line(&labels, Some("")), full, at_once] {
            assert_eq!(written(&line), by_serde(&line));
        }
    }
}
