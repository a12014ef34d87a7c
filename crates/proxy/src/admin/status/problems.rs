//! The last problems that callers were told.

use serde::Serialize;

use super::html::{Cell, Html};
use super::section::Section;
use crate::engine::RecentProblem;
use crate::time_of_day::rfc3339;

#[derive(Serialize)]
pub struct ProblemRow {
    at: String,
    operation: String,
    route: String,
    status: u16,
    code: String,
    upstream: Option<String>,
    trace_id: String,
}

impl ProblemRow {
    pub fn of(problem: &RecentProblem) -> Self {
        Self {
            at: rfc3339(problem.at),
            operation: problem.operation.clone(),
            route: problem.route.clone(),
            status: problem.status,
            code: problem.code.to_string(),
            upstream: problem.upstream.as_deref().map(str::to_owned),
            trace_id: problem.trace_id.clone(),
        }
    }
}

impl Section for Vec<ProblemRow> {
    fn html(&self, page: &mut Html) {
        page.heading("Last problems");
        if self.is_empty() {
            return page.paragraph("None since the start.");
        }
        let rows: Vec<[Cell; 7]> = self.iter().map(row).collect();
        page.table(
            "the last 20 with a 5xx and the last 20 with a 4xx, the latest first",
            [
                "Time",
                "Status",
                "Code",
                "Operation",
                "Route",
                "Vendor",
                "Trace id",
            ],
            &rows,
        );
    }
}

fn row(problem: &ProblemRow) -> [Cell; 7] {
    let text = |text: &str| Cell::from(text);
    [
        text(&problem.at),
        problem.status.to_string().into(),
        text(&problem.code),
        text(&problem.operation),
        text(&problem.route),
        text(problem.upstream.as_deref().unwrap_or("–")),
        text(&problem.trace_id),
    ]
}
