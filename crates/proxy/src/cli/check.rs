//! `check`: everything that is wrong, in one run, without secrets or sockets.

use std::fmt::Write;
use std::path::Path;
use std::process::ExitCode;

use serde_json::json;

use super::{Format, print, print_error};
use crate::app::load;

pub fn run(config: &Path, format: Format) -> ExitCode {
    match (load(config), format) {
        (Ok(loaded), Format::Text) => {
            let mut text = String::new();
            for warning in &loaded.warnings {
                let _ = writeln!(text, "warning: {warning}");
            }
            let _ = writeln!(
                text,
                "{} and {} are good.",
                config.display(),
                loaded.settings.contract.display()
            );
            let _ = writeln!(
                text,
                "\n{:<28} {:<9} most vendor calls for one request",
                "operation", "upstream"
            );
            for operation in &loaded.plan.operations {
                let _ = writeln!(
                    text,
                    "{:<28} {:<9} {}",
                    operation.id, operation.binding.upstream, operation.binding.max_vendor_calls
                );
            }
            let _ = write!(text, "\ncontract digest {}", loaded.plan.digest);
            print(&text);
            ExitCode::SUCCESS
        }
        (Ok(loaded), Format::Json) => {
            let operations: Vec<_> = loaded
                .plan
                .operations
                .iter()
                .map(|operation| json!({"operation": &*operation.id, "upstream": &*operation.binding.upstream, "max_vendor_calls": operation.binding.max_vendor_calls}))
                .collect();
            let report = json!({"errors": [], "warnings": loaded.warnings, "digest": loaded.plan.digest, "operations": operations});
            print(&report.to_string());
            ExitCode::SUCCESS
        }
        (Err(mistakes), Format::Text) => print_error(&mistakes.text()),
        (Err(mistakes), Format::Json) => {
            print(&mistakes.json().to_string());
            ExitCode::FAILURE
        }
    }
}
