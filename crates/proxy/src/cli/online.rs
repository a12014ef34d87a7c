//! `check --online`: what was found of each vendor and of the store, as a table or as data.

use std::fmt::Write;

use anstyle::{AnsiColor, Style};
use serde_json::{Value, json};

use crate::app::{Examined, Online, Step, Verdict};
use crate::colours;

/// The steps of each vendor and of the store, one a line, then how many vendors failed.
pub(super) fn text(online: &Online) -> String {
    let examined = &online.vendors;
    let coloured = colours::on_stdout();
    let mut text = String::new();
    for vendor in examined.iter().chain(&online.store) {
        let _ = writeln!(text, "\n{}  {}", vendor.name, vendor.base_url);
        for step in &vendor.steps {
            let (word, style) = match step.verdict {
                Verdict::Ok => ("ok", AnsiColor::Green.on_default()),
                Verdict::Failed => ("FAILED", AnsiColor::Red.on_default().bold()),
                Verdict::Skipped => ("-", Style::new()),
            };
            let style = if coloured { style } else { Style::new() };
            let time = match step.verdict {
                Verdict::Skipped => String::new(),
                _ => format!("{} ms", step.time.as_millis()),
            };
            let _ = writeln!(
                text,
                "  {:<8} {style}{word:<7}{style:#} {time:>8}  {}",
                step.name,
                step.detail.escape_debug()
            );
            if let Some(fix) = &step.fix {
                let _ = writeln!(text, "  {:<8} {:<7} {:>8}  Fix: {fix}", "", "", "");
            }
        }
    }
    let failed = examined
        .iter()
        .filter(|vendor| !vendor.is_healthy())
        .count();
    let _ = match failed {
        0 => write!(text, "\nEvery vendor can be used from here."),
        _ => write!(
            text,
            "\n{failed} of {} vendors cannot be used from here.",
            examined.len()
        ),
    };
    if let Some(store) = &online.store {
        let can = if store.is_healthy() { "can" } else { "cannot" };
        let _ = write!(text, "\nThe store {can} be used from here.");
    }
    text
}

pub(super) fn json(examined: &[Examined]) -> Value {
    let vendors = examined.iter().map(|vendor| {
        json!({
            "upstream": vendor.name,
            "base_url": vendor.base_url,
            "healthy": vendor.is_healthy(),
            "steps": steps(&vendor.steps),
        })
    });
    vendors.collect()
}

pub(super) fn store_json(store: &Examined) -> Value {
    json!({
        "address": store.base_url,
        "healthy": store.is_healthy(),
        "steps": steps(&store.steps),
    })
}

fn steps(steps: &[Step]) -> Value {
    let each = steps.iter().map(|step| {
        let verdict = match step.verdict {
            Verdict::Ok => "ok",
            Verdict::Failed => "failed",
            Verdict::Skipped => "skipped",
        };
        json!({"step": step.name, "verdict": verdict, "ms": step.time.as_secs_f64() * 1e3, "detail": step.detail, "fix": step.fix})
    });
    each.collect()
}
