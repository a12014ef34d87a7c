//! What vendors' answers hold beyond the contract. New values are counted here and not told.

use serde::Serialize;

use super::html::{Cell, Html};
use super::section::Section;
use crate::engine::Runtime;

#[derive(Serialize)]
pub struct DriftSection(Vec<Row>);

#[derive(Serialize)]
struct Row {
    operation: String,
    kind: String,
    at: String,
    found: Option<String>,
    answers: u64,
    last_seen: String,
}

impl DriftSection {
    pub fn of(runtime: &Runtime) -> Self {
        let report = runtime.drift_report();
        let rows = report.operations.into_iter().flat_map(|one| {
            let operation = one.operation;
            one.findings.into_iter().map(move |line| Row {
                operation: operation.clone(),
                kind: line.kind,
                at: line.at,
                found: line
                    .found
                    .map(|schema| schema["type"].to_string().replace('"', "")),
                answers: line.answers,
                last_seen: line.last_seen,
            })
        });
        Self(rows.collect())
    }
}

impl Section for DriftSection {
    fn html(&self, page: &mut Html) {
        page.heading("Drift of the vendors");
        if self.0.is_empty() {
            return page.paragraph("Nothing since the contract was loaded.");
        }
        let rows: Vec<[Cell; 6]> = self.0.iter().map(row).collect();
        page.table(
            "what answers held beyond the contract; `lms-gateway drift` proposes what would accept it",
            ["Operation", "Kind", "Field", "Found", "Answers", "Last seen"],
            &rows,
        );
    }
}

fn row(row: &Row) -> [Cell; 6] {
    [
        row.operation.as_str().into(),
        row.kind.as_str().into(),
        row.at.as_str().into(),
        row.found.as_deref().unwrap_or("–").into(),
        row.answers.to_string().into(),
        row.last_seen.as_str().into(),
    ]
}
