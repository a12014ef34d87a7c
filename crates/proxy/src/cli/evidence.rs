//! `evidence list` and `evidence show`: what a running gateway keeps of requests that failed.

use std::fmt::Write;
use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use serde_json::Value;

use super::{Format, admin_address, print, print_error};
use crate::app;

const LIMIT: Duration = Duration::from_secs(10);

/// The records, the newest first.
pub fn list(config: &Path, admin: Option<SocketAddr>, format: Format) -> ExitCode {
    let answer = match ask(config, admin, "/evidence") {
        Ok(answer) => answer,
        Err(text) => return print_error(&text),
    };
    let list = serde_json::from_str::<Value>(&answer).unwrap_or_default();
    print(&match format {
        Format::Json => list.to_string(),
        Format::Text => table(&list),
    });
    ExitCode::SUCCESS
}

/// One record, as the file that `replay` reads.
pub fn show(config: &Path, admin: Option<SocketAddr>, trace_id: &str, format: Format) -> ExitCode {
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    if trace_id.is_empty() || !trace_id.bytes().all(is_name) {
        return print_error("error: this is no trace id; problems and log lines have it");
    }
    let answer = match ask(config, admin, &format!("/evidence/{trace_id}")) {
        Ok(answer) => answer,
        Err(text) => return print_error(&text),
    };
    let text = match (format, serde_json::from_str::<Value>(&answer)) {
        (Format::Text, Ok(record)) => serde_json::to_string_pretty(&record).unwrap_or(answer),
        _ => answer,
    };
    print(text.trim_end());
    ExitCode::SUCCESS
}

/// What the admin port says, or why it says nothing.
fn ask(config: &Path, admin: Option<SocketAddr>, path: &str) -> Result<String, String> {
    let address = admin_address(config, admin).map_err(|mistakes| mistakes.text())?;
    let answer = app::ask(address, path, None, LIMIT)
        .map_err(|error| format!("error: {address}: {error}"))?;
    match answer.status.as_str() {
        "200" => Ok(answer.body),
        status => Err(format!(
            "error: the gateway answered {status}: {}",
            answer.body.trim().escape_debug()
        )),
    }
}

fn table(list: &Value) -> String {
    let records = list["records"].as_array().map_or(&[][..], Vec::as_slice);
    let text = |record: &Value, name: &str| match &record[name] {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let mut out = String::new();
    for record in records {
        let _ = writeln!(
            out,
            "{}  {}  {}  {} {}  {} calls, {} bytes",
            text(record, "trace_id"),
            text(record, "time"),
            text(record, "operation"),
            text(record, "status"),
            text(record, "code"),
            text(record, "calls"),
            text(record, "bytes"),
        );
    }
    let held = &list["held"];
    let _ = write!(
        out,
        "{} of {} bytes in {} records; {} dropped",
        held["bytes"], held["budget"], held["records"], held["dropped"]
    );
    out
}
