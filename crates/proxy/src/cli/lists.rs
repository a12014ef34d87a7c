//! `routes`, `problems`, `openapi`: what the contract says, printed.

use std::fmt::Write;
use std::path::Path;
use std::process::ExitCode;

use contract::{Operation, Plan, VendorSegment};
use serde_json::{Value, json};

use super::{Format, print, print_mistakes};
use crate::app::load;
use crate::engine::{problem_row, served_document};

fn with_plan(config: &Path, show: impl FnOnce(&Plan) -> String) -> ExitCode {
    match load(config) {
        Ok(loaded) => {
            print(&show(&loaded.plan));
            ExitCode::SUCCESS
        }
        Err(mistakes) => print_mistakes(&mistakes),
    }
}

pub fn routes(config: &Path, format: Format) -> ExitCode {
    with_plan(config, |plan| match format {
        Format::Text => {
            let mut text = format!("{:<28} {:<52} vendor call", "operation", "unified call");
            for operation in &plan.operations {
                let unified = format!("{} {}", operation.method, operation.path);
                let vendor = format!(
                    "{} {} {}",
                    operation.binding.upstream,
                    operation.binding.method,
                    vendor_path(operation)
                );
                let _ = write!(text, "\n{:<28} {unified:<52} {vendor}", operation.id);
            }
            text
        }
        Format::Json => {
            let rows: Vec<Value> = plan
                .operations
                .iter()
                .map(|operation| {
                    json!({
                        "operation": &*operation.id, "method": operation.method.as_str(), "path": operation.path, "summary": operation.summary,
                        "upstream": &*operation.binding.upstream, "vendor_method": operation.binding.method.as_str(), "vendor_path": vendor_path(operation),
                    })
                })
                .collect();
            Value::Array(rows).to_string()
        }
    })
}

fn vendor_path(operation: &Operation) -> String {
    let parts = operation
        .binding
        .path
        .segments
        .iter()
        .map(|segment| match segment {
            VendorSegment::Literal(text) => format!("/{text}"),
            VendorSegment::Parameter(name) => format!("/{{{name}}}"),
        });
    parts.collect()
}

pub fn problems(config: &Path, format: Format) -> ExitCode {
    with_plan(config, |plan| match format {
        Format::Text => {
            let mut text = format!("{:<30} status  when", "code");
            for problem in plan.problems.values() {
                let _ = write!(
                    text,
                    "\n{:<30} {:<7} {}",
                    problem.code, problem.status, problem.title
                );
                // The contract's own problems may have nothing to add to their title.
                if problem.description.trim_end_matches('.') != problem.title {
                    let _ = write!(text, ": {}", problem.description);
                }
            }
            text
        }
        Format::Json => Value::Array(plan.problems.values().map(problem_row).collect()).to_string(),
    })
}

pub fn openapi(config: &Path) -> ExitCode {
    match load(config) {
        Ok(loaded) => {
            let document = served_document(&loaded.plan, !loaded.settings.callers.is_empty());
            print(&serde_json::to_string_pretty(&document).unwrap_or_default());
            ExitCode::SUCCESS
        }
        Err(mistakes) => print_mistakes(&mistakes),
    }
}
