//! `check`: everything that is wrong, in one run, without secrets or sockets.

use std::fmt::Write;
use std::path::Path;
use std::process::ExitCode;

use serde_json::json;

use super::{Format, print, print_error};
use crate::app::{Loaded, load, offline, series};
use crate::engine::Runtime;

pub fn run(config: &Path, format: Format) -> ExitCode {
    let checked = load(config).map(Checked::of);
    match (checked, format) {
        (Ok(Err(error)), _) => print_error(&error),
        (Ok(Ok(loaded)), Format::Text) => {
            let mut text = String::new();
            for warning in &loaded.warnings {
                let _ = writeln!(text, "warning: {warning}");
            }
            let _ = writeln!(
                text,
                "{} and {} are good.",
                config.display(),
                loaded.runtime.settings.contract.display()
            );
            let _ = writeln!(
                text,
                "\n{:<28} {:<9} most vendor calls for one request",
                "operation", "upstream"
            );
            for operation in &loaded.runtime.plan.operations {
                let _ = writeln!(
                    text,
                    "{:<28} {:<9} {}",
                    operation.id, operation.binding.upstream, operation.binding.max_vendor_calls
                );
            }
            let _ = writeln!(text, "\nseries: {}", loaded.series);
            let _ = write!(text, "contract digest {}", loaded.runtime.plan.digest);
            print(&text);
            ExitCode::SUCCESS
        }
        (Ok(Ok(loaded)), Format::Json) => {
            let operations: Vec<_> = loaded
                .runtime
                .plan
                .operations
                .iter()
                .map(|operation| json!({"operation": &*operation.id, "upstream": &*operation.binding.upstream, "max_vendor_calls": operation.binding.max_vendor_calls}))
                .collect();
            let report = json!({"errors": [], "warnings": loaded.warnings, "digest": loaded.runtime.plan.digest, "series": loaded.series, "operations": operations});
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

/// What is told of a good configuration.
struct Checked {
    runtime: Runtime,
    warnings: Vec<String>,
    /// How many series its metrics begin with.
    series: usize,
}

impl Checked {
    fn of(loaded: Loaded) -> Result<Self, String> {
        let runtime = offline(loaded.plan, loaded.settings)?;
        Ok(Self {
            series: series(&runtime)?,
            warnings: loaded.warnings,
            runtime,
        })
    }
}
