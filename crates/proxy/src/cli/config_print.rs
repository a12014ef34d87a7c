//! `config print`: what every setting is, and where it comes from.

use std::fmt::Write;
use std::path::Path;
use std::process::ExitCode;

use serde_json::{Value, json};

use super::{Format, print, print_mistakes};
use crate::app::effective;
use crate::settings::{Effective, Origin, Shown};

pub fn run(config: &Path, format: Format) -> ExitCode {
    match (effective(config), format) {
        (Ok(list), Format::Text) => {
            print(text(config, &list).trim_end());
            ExitCode::SUCCESS
        }
        (Ok(list), Format::Json) => {
            let rows: Vec<Value> = list.iter().map(|one| row(config, one)).collect();
            print(&json!({"settings": rows}).to_string());
            ExitCode::SUCCESS
        }
        (Err(mistakes), Format::Text) => print_mistakes(&mistakes),
        (Err(mistakes), Format::Json) => {
            print(&mistakes.json().to_string());
            ExitCode::FAILURE
        }
    }
}

fn text(config: &Path, list: &[Effective]) -> String {
    let shown: Vec<String> = list.iter().map(|one| words(&one.shown)).collect();
    let widest = |widths: &mut dyn Iterator<Item = usize>| widths.max().unwrap_or_default();
    let keys = widest(&mut list.iter().map(|one| one.key.chars().count()));
    let values = widest(&mut shown.iter().map(|one| one.chars().count()));
    let mut text = String::new();
    for (one, shown) in list.iter().zip(&shown) {
        let from = match &one.origin {
            Origin::Default => "default".to_owned(),
            Origin::File { line } => format!("{}:{line}", config.display()),
            Origin::Variable(variable) => variable.name.clone(),
        };
        let key = one.key.escape_debug().to_string();
        let _ = writeln!(text, "{key:<keys$}  {shown:<values$}  {from}");
    }
    text
}

fn words(shown: &Shown) -> String {
    match shown {
        Shown::Value(Value::String(text)) if text.trim() == text && !text.is_empty() => {
            text.escape_debug().to_string()
        }
        Shown::Value(value) => value.to_string(),
        Shown::Nothing(words) => format!("({words})"),
        Shown::Secret(None) => "***".to_owned(),
        Shown::Secret(Some(kept)) => {
            let parts = kept.as_object().into_iter().flatten();
            let parts: Vec<String> = parts
                .map(|(key, value)| format!("{key}: {}", value.as_str().unwrap_or_default()))
                .collect();
            format!("*** {{{}}}", parts.join(", ").escape_debug())
        }
    }
}

/// `value` is null where nothing stands for the key, and `***` for a secret.
fn row(config: &Path, one: &Effective) -> Value {
    let mut row = json!({"key": one.key});
    match &one.shown {
        Shown::Value(value) => row["value"] = value.clone(),
        Shown::Nothing(words) => {
            row["value"] = Value::Null;
            row["meaning"] = json!(words);
        }
        Shown::Secret(kept) => {
            row["value"] = json!("***");
            if let Some(kept) = kept {
                row["kept"] = kept.clone();
            }
        }
    }
    row["from"] = match &one.origin {
        Origin::Default => json!("default"),
        Origin::File { .. } => json!("file"),
        Origin::Variable(_) => json!("environment"),
    };
    match &one.origin {
        Origin::Default => {}
        Origin::File { line } => {
            row["file"] = json!(config.display().to_string());
            row["line"] = json!(line);
        }
        Origin::Variable(variable) => row["variable"] = json!(variable.name),
    }
    row
}
