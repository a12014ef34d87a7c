//! `replay`: a record of a request that failed, run again offline.

use std::fmt::Write;
use std::io::Read;
use std::path::Path;
use std::process::ExitCode;

use serde_json::json;

use super::{Format, print, print_error};
use crate::app::{self, Under};

/// Prints what the record comes to. The exit code is 1 where that is not what it was.
pub fn run(file: &Path, config: &Path, contract: Option<&Path>, format: Format) -> ExitCode {
    let text = match read(file) {
        Ok(text) => text,
        Err(error) => return print_error(&format!("error: the record cannot be read: {error}")),
    };
    let under = contract.map_or(Under::Settings(config), Under::Contract);
    let (record, replayed) = match app::replay(&text, under) {
        Ok(both) => both,
        Err(text) => return print_error(&text),
    };
    let same = replayed.differences.is_empty();
    let mut out = String::new();
    match format {
        Format::Json => {
            let json = json!({
                "same": same,
                "status": replayed.status,
                "body": replayed.body,
                "differences": replayed.differences,
            });
            out = json.to_string();
        }
        Format::Text => {
            let body = serde_json::to_string_pretty(&replayed.body).unwrap_or_default();
            let _ = write!(out, "{} {body}", replayed.status);
            let calls = record.calls.len();
            match same {
                true => {
                    let _ = write!(out, "\n\nthe same, with {calls} vendor calls as recorded");
                }
                false => {
                    for difference in &replayed.differences {
                        let _ = write!(
                            out,
                            "\n\ndiffers at {}\n  recorded: {}\n  replayed: {}",
                            difference.at, difference.recorded, difference.replayed
                        );
                    }
                }
            }
        }
    }
    print(&out);
    match same {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}

fn read(path: &Path) -> std::io::Result<String> {
    if path == Path::new("-") {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text)?;
        return Ok(text);
    }
    std::fs::read_to_string(path)
}
