//! The last reload: when, who asked, and everything that was wrong with it.

use std::sync::Arc;

use serde::{Serialize, Serializer};

use super::html::{Cell, Html, Mark};
use super::section::Section;
use crate::reload::{Finding, LastReload, Outcome, Reloader, Trigger};
use crate::time_of_day::rfc3339;

/// Null where there was none since the start.
pub struct ReloadSection(Option<Arc<LastReload>>);

impl Serialize for ReloadSection {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.0.as_deref().serialize(to)
    }
}

/// A page for people stays one to be read; the JSON has them all.
const SHOWN: usize = 20;
const SHOWN_LENGTH: usize = 400;

impl ReloadSection {
    pub fn of(reloader: &Reloader) -> Self {
        Self(reloader.last())
    }
}

impl Section for ReloadSection {
    fn html(&self, page: &mut Html) {
        page.heading("Last reload");
        let Some(last) = &self.0 else {
            return page.paragraph("None since the start.");
        };
        let report = &last.report;
        let outcome = match report.outcome {
            Outcome::Accepted => Cell::Marked(Mark::Good, "accepted".to_owned()),
            Outcome::Refused => {
                Cell::Marked(Mark::Bad, "refused; what ran before goes on".to_owned())
            }
            Outcome::Failed => Cell::Marked(
                Mark::Bad,
                "failed by a bug of the gateway's; what ran before goes on".to_owned(),
            ),
        };
        let trigger = match last.trigger {
            Trigger::Signal => "SIGHUP",
            Trigger::Request => "POST /reload",
            Trigger::Change => "a file had changed",
        };
        page.facts([
            ("Outcome", outcome),
            ("At", rfc3339(last.at).into()),
            ("Asked for by", trigger.into()),
            ("Took", format!("{} ms", last.duration.as_millis()).into()),
        ]);
        if !report.findings.is_empty() {
            page.subheading(&format!("What is wrong ({})", report.findings.len()));
            let shown = report.findings.iter().take(SHOWN).map(line);
            page.list(&with_rest(shown.collect(), report.findings.len()));
        }
        if !report.warnings.is_empty() {
            page.subheading("Warnings");
            let shown = report.warnings.iter().take(SHOWN).map(|text| cut(text));
            page.list(&with_rest(shown.collect(), report.warnings.len()));
        }
    }
}

fn with_rest(mut shown: Vec<String>, all: usize) -> Vec<String> {
    if all > shown.len() {
        shown.push(format!("and {} more", all - shown.len()));
    }
    shown
}

/// As a compiler begins its line.
fn line(finding: &Finding) -> String {
    let place = match (finding.line, finding.column) {
        (Some(line), Some(column)) => format!("{}:{line}:{column}: ", finding.file),
        _ => String::new(),
    };
    let code = finding
        .code
        .map_or_else(String::new, |code| format!("[{code}] "));
    let help = if finding.help.is_empty() {
        String::new()
    } else {
        format!(" Fix: {}", finding.help)
    };
    cut(&format!("{place}{code}{}.{help}", finding.message))
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(SHOWN_LENGTH) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
