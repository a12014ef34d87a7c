//! One JSON line for each request, written in batches by a thread of its own: a hit costs about as much
//! as one system call, and a slow reader of our output must not hold a request.

use std::io::Write;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use serde::Serialize;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::{FormatTime, SystemTime};

/// A line waits at most about this long.
const EVERY: Duration = Duration::from_millis(20);
/// More unwritten lines than this are dropped and counted: somebody stopped reading.
const MOST: usize = 8 * 1024 * 1024;

static LOG: OnceLock<AccessLog> = OnceLock::new();

#[derive(Default)]
struct AccessLog {
    waiting: Mutex<Waiting>,
    /// Held while writing, so that lines keep their order.
    output: Mutex<()>,
}

#[derive(Default)]
struct Waiting {
    lines: Vec<u8>,
    dropped: u64,
}

/// What a line says of a request; names as in docs/operations.md.
#[derive(Serialize)]
pub struct Line<'a> {
    pub method: &'a str,
    pub route: &'a str,
    pub operation: &'a str,
    pub status: u16,
    pub problem: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cache: Option<&'a str>,
    pub duration_ms: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upstream: Option<&'a str>,
    pub vendor_calls: usize,
    pub vendor_ms: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub caller: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<&'a str>,
    pub trace_id: &'a str,
}

/// The fields that every line of the log has, as the other lines spell them.
#[derive(Serialize)]
struct Whole<'a> {
    timestamp: &'a str,
    level: &'static str,
    message: &'static str,
    #[serde(flatten)]
    line: &'a Line<'a>,
    target: &'static str,
}

/// Starts the thread that writes to standard output.
pub fn start() {
    LOG.get_or_init(AccessLog::default);
    std::thread::spawn(|| {
        loop {
            std::thread::sleep(EVERY);
            flush();
        }
    });
}

/// Takes a line. `false` if this log was never started: then the line goes another way.
pub fn write(line: &Line<'_>) -> bool {
    let Some(log) = LOG.get() else {
        return false;
    };
    let mut timestamp = String::with_capacity(32);
    // Writing into a string cannot fail; an empty time would be seen at once.
    let _ = SystemTime.format_time(&mut Writer::new(&mut timestamp));
    let whole = Whole {
        timestamp: &timestamp,
        level: "INFO",
        message: "request",
        line,
        target: "access",
    };
    let mut waiting = lock(&log.waiting);
    if waiting.lines.len() >= MOST || serde_json::to_writer(&mut waiting.lines, &whole).is_err() {
        waiting.dropped += 1;
        return true;
    }
    waiting.lines.push(b'\n');
    true
}

/// Writes what waits. Called before the process ends.
pub fn flush() {
    let Some(log) = LOG.get() else {
        return;
    };
    let _order = lock(&log.output);
    let Waiting { lines, dropped } = std::mem::take(&mut *lock(&log.waiting));
    if !lines.is_empty() {
        let mut output = std::io::stdout().lock();
        // Standard output that is gone takes no line; the gateway goes on.
        let _ = output.write_all(&lines).and_then(|()| output.flush());
    }
    if dropped > 0 {
        tracing::warn!(dropped, "log lines were dropped: nobody reads them");
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_json_and_leaves_out_what_is_not_there() {
        let line = Line {
            method: "GET",
            route: "/v1/rooms/{id}",
            operation: "getRoom",
            status: 200,
            problem: "",
            outcome: None,
            cache: Some("hit"),
            duration_ms: 0.25,
            upstream: Some("netex"),
            vendor_calls: 0,
            vendor_ms: 0.0,
            caller: None,
            cause: Some("a \"quote\"\nand a line end"),
            trace_id: "4bf92f3577b34da6a3ce929d0e0e4736",
        };
        let whole = Whole {
            timestamp: "2026-11-25T00:00:00.000000Z",
            level: "INFO",
            message: "request",
            line: &line,
            target: "access",
        };
        let text = serde_json::to_string(&whole).unwrap();
        assert!(!text.contains('\n'), "one line");
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value["operation"], "getRoom");
        assert_eq!(value["cause"], "a \"quote\"\nand a line end");
        assert!(value.get("caller").is_none() && value.get("outcome").is_none());
    }
}
