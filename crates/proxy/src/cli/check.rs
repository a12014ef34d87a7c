//! `check`: everything that is wrong, in one run, without secrets or sockets.

use std::fmt::Write;
use std::path::Path;
use std::process::ExitCode;

use serde_json::json;

use super::{Format, online, print, print_error, print_mistakes};
use crate::app::{Online, examine, load, series};

/// `online`: the vendors and the store are tried as well.
pub fn run(config: &Path, online: bool, format: Format) -> ExitCode {
    match (load(config).map(series), format) {
        (Ok(Err(error)), _) => print_error(&format!("error: {error}")),
        (Ok(Ok((series, loaded))), Format::Text) => {
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
            let _ = writeln!(text, "\nseries: {}", series);
            let _ = write!(text, "contract digest {}", loaded.plan.digest);
            print(&text);
            if !online {
                return ExitCode::SUCCESS;
            }
            match examine(loaded) {
                Ok(examined) => {
                    print(&online::text(&examined));
                    verdict(&examined)
                }
                Err(error) => print_error(&format!("error: {error}")),
            }
        }
        (Ok(Ok((series, loaded))), Format::Json) => {
            let operations: Vec<_> = loaded
                .plan
                .operations
                .iter()
                .map(|operation| json!({"operation": &*operation.id, "upstream": &*operation.binding.upstream, "max_vendor_calls": operation.binding.max_vendor_calls}))
                .collect();
            let mut report = json!({"errors": [], "warnings": loaded.warnings, "digest": loaded.plan.digest, "series": series, "operations": operations});
            let examined = online.then(|| examine(loaded)).transpose();
            let examined = match examined {
                Ok(examined) => examined,
                Err(error) => return print_error(&format!("error: {error}")),
            };
            if let Some(examined) = &examined {
                report["online"] = online::json(&examined.vendors);
                if let Some(store) = &examined.store {
                    report["store"] = online::store_json(store);
                }
            }
            print(&report.to_string());
            examined.as_ref().map_or(ExitCode::SUCCESS, verdict)
        }
        (Err(mistakes), Format::Text) => print_mistakes(&mistakes),
        (Err(mistakes), Format::Json) => {
            print(&mistakes.json().to_string());
            ExitCode::FAILURE
        }
    }
}

fn verdict(examined: &Online) -> ExitCode {
    if examined.is_healthy() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
