//! `status` and `reload`: what a running gateway tells of itself, and what it is told.

use std::fmt::Write;
use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use serde_json::Value;

use super::{Format, admin_address, print, print_error};
use crate::app::{self, AdminAnswer};

const LIMIT: Duration = Duration::from_secs(10);
/// The gateway itself gives up waiting for a reload after a minute.
const RELOAD_LIMIT: Duration = Duration::from_secs(70);

pub fn status(config: &Path, admin: Option<SocketAddr>, format: Format) -> ExitCode {
    let asked = match admin_address(config, admin) {
        Ok(address) => app::ask(address, "/status.json", None, LIMIT),
        Err(mistakes) => return print_error(&mistakes.text()),
    };
    match told(asked, &["200"]) {
        Ok((_, value)) if format == Format::Json => {
            print(&value.to_string());
            ExitCode::SUCCESS
        }
        Ok((_, value)) => {
            print(&table(&value));
            ExitCode::SUCCESS
        }
        Err(why) => print_error(&why),
    }
}

/// A refused reload fails, with its findings.
pub fn reload(config: &Path, admin: Option<SocketAddr>, format: Format) -> ExitCode {
    let asked = match admin_address(config, admin) {
        Ok(address) => app::ask(address, "/reload", Some(""), RELOAD_LIMIT),
        Err(mistakes) => return print_error(&mistakes.text()),
    };
    match told(asked, &["200", "422", "500"]) {
        Ok((status, value)) => {
            print(&match format {
                Format::Json => value.to_string(),
                Format::Text => last_reload(&value),
            });
            if status == "200" {
                ExitCode::SUCCESS
            } else {
                ExitCode::FAILURE
            }
        }
        Err(why) => print_error(&why),
    }
}

/// Status and JSON of an answer with one of these statuses, or why there is none.
fn told(asked: std::io::Result<AdminAnswer>, statuses: &[&str]) -> Result<(String, Value), String> {
    let answer = asked.map_err(|error| format!("error: {error}"))?;
    let value = serde_json::from_str(&answer.body).ok();
    match value.filter(|_| statuses.contains(&answer.status.as_str())) {
        Some(value) => Ok((answer.status, value)),
        None => Err(format!(
            "error: the gateway answered {}: {}",
            answer.status,
            answer.body.trim().escape_debug()
        )),
    }
}

/// One value as a word; what is no text is as JSON has it.
fn word(value: &Value, pointer: &str) -> String {
    match value.pointer(pointer) {
        Some(Value::String(text)) => text.escape_debug().to_string(),
        Some(Value::Null) | None => "-".to_owned(),
        Some(other) => other.to_string(),
    }
}

fn table(status: &Value) -> String {
    let of = |pointer: &str| word(status, pointer);
    let mut text = format!(
        "lms-gateway {}, {} s up, ready: {}, in flight: {}\ncontract {} {}, digest {}\n",
        of("/version"),
        of("/uptime_seconds"),
        of("/ready"),
        of("/requests_in_flight"),
        of("/contract/title"),
        of("/contract/version"),
        of("/contract/digest"),
    );
    let _ = writeln!(
        text,
        "\n{:<12} {:<9} {:<25} {:<8} {:>6} {:>6} {:>9} {:>9}  why",
        "vendor", "state", "since", "circuit", "calls", "failed", "p50 ms", "p95 ms"
    );
    for upstream in items(status, "/upstreams") {
        let of = |pointer: &str| word(upstream, pointer);
        let _ = writeln!(
            text,
            "{:<12} {:<9} {:<25} {:<8} {:>6} {:>6} {:>9} {:>9}  {}",
            of("/name"),
            of("/state"),
            of("/since"),
            of("/circuit/state"),
            of("/recent/calls"),
            of("/recent/failed"),
            of("/recent/p50_ms"),
            of("/recent/p95_ms"),
            of("/reason"),
        );
    }
    let _ = writeln!(
        text,
        "\ncache: {} entries, {} of {} bytes",
        of("/cache/entries"),
        of("/cache/bytes"),
        of("/cache/budget_bytes")
    );
    text.push_str(&fleet(status.pointer("/shared").unwrap_or(&Value::Null)));
    let _ = writeln!(
        text,
        "\n{}",
        last_reload(status.pointer("/last_reload").unwrap_or(&Value::Null))
    );
    let problems = items(status, "/problems");
    if problems.is_empty() {
        text.push_str("\nno problems since the start");
    } else {
        let _ = write!(
            text,
            "\n{:<25} {:<6} {:<30} {:<28} trace id",
            "last problems", "status", "code", "operation"
        );
    }
    for problem in problems {
        let of = |pointer: &str| word(problem, pointer);
        let _ = write!(
            text,
            "\n{:<25} {:<6} {:<30} {:<28} {}",
            of("/at"),
            of("/status"),
            of("/code"),
            of("/operation"),
            of("/trace_id"),
        );
    }
    text
}

/// The store and the fleets, or nothing.
fn fleet(shared: &Value) -> String {
    if shared.is_null() {
        return String::new();
    }
    let of = |pointer: &str| word(shared, pointer);
    let why = match of("/store/why").as_str() {
        "-" => String::new(),
        why => format!(": {why}"),
    };
    let mut text = format!(
        "\nstore {} {} since {}{why}; writes without it: {}\n",
        of("/store/address"),
        of("/store/state"),
        of("/store/since"),
        of("/writes_without_store"),
    );
    let _ = writeln!(
        text,
        "{:<25} {:<6} {:>7} {:>11} {:>5} {:>5} {:>10}",
        "fleet of", "lease", "members", "epoch age s", "lag", "held", "to be told"
    );
    for fleet in items(shared, "/fleets") {
        let of = |pointer: &str| word(fleet, pointer);
        let upstreams = items(fleet, "/upstreams").iter();
        let upstreams: Vec<String> = upstreams.map(|name| word(name, "")).collect();
        let lease = match of("/lease_held").as_str() {
            "true" => "held",
            _ => "none",
        };
        let _ = writeln!(
            text,
            "{:<25} {:<6} {:>7} {:>11} {:>5} {:>5} {:>10}",
            upstreams.join(", "),
            lease,
            of("/members"),
            of("/epoch_age_seconds"),
            of("/journal_lag_entries"),
            of("/writes_held"),
            of("/writes_remembered"),
        );
    }
    text
}

fn items<'v>(value: &'v Value, pointer: &str) -> &'v [Value] {
    let list = value.pointer(pointer).and_then(Value::as_array);
    list.map_or(&[], Vec::as_slice)
}

/// A last reload in words, with everything that was wrong.
fn last_reload(last: &Value) -> String {
    if last.is_null() {
        return "no reload since the start".to_owned();
    }
    let mut text = format!(
        "last reload {}, by {}, at {}",
        word(last, "/outcome"),
        word(last, "/trigger"),
        word(last, "/at")
    );
    for finding in items(last, "/findings") {
        let place = match finding.get("line") {
            Some(line) => format!(
                "{}:{line}:{}: ",
                word(finding, "/file"),
                word(finding, "/column")
            ),
            None => String::new(),
        };
        let _ = write!(text, "\n  {place}{}", word(finding, "/message"));
        if finding.get("help").is_some() {
            let _ = write!(text, "\n    help: {}", word(finding, "/help"));
        }
    }
    for warning in items(last, "/warnings") {
        let _ = write!(text, "\n  warning: {}", word(warning, ""));
    }
    text
}
