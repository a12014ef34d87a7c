//! The traces: who gets them, what was lost, and since when.

use serde::Serialize;
use serde_json::{Map, Value};

use super::html::{Cell, Html, Mark};
use super::section::Section;
use crate::admin::running::Running;
use crate::time_of_day::rfc3339;
use crate::traces::TracesStatus;

/// Null where the configuration has no traces.
#[derive(Serialize)]
#[serde(transparent)]
pub struct TracesSection(Option<Told>);

#[derive(Serialize)]
struct Told {
    /// Host and port.
    receiver: String,
    sample: f64,
    /// Spans by what became of them, as in `lms_gateway_trace_spans_total`.
    spans: Map<String, Value>,
    lost: u64,
    waiting: u64,
    failing_since: Option<String>,
    last_error: Option<String>,
    last_error_at: Option<String>,
}

impl TracesSection {
    pub fn of(running: &Running) -> Self {
        let runtime = running.engine.runtime();
        let status = running.traces.status(runtime.recording.as_deref());
        Self(told(status))
    }
}

fn told(status: TracesStatus) -> Option<Told> {
    let (receiver, sample) = status.receiver?;
    let lost = status.spans.iter().filter(|(result, _)| *result != "sent");
    let (last_error, at) = status.last_error.unzip();
    let spans = status.spans.iter();
    Some(Told {
        receiver,
        sample,
        lost: lost.map(|(_, spans)| spans).sum(),
        spans: spans
            .map(|(result, spans)| ((*result).to_owned(), (*spans).into()))
            .collect(),
        waiting: status.waiting,
        failing_since: status.failing_since.map(rfc3339),
        last_error,
        last_error_at: at.map(rfc3339),
    })
}

impl Section for TracesSection {
    fn html(&self, page: &mut Html) {
        page.heading("Traces");
        let Some(told) = &self.0 else {
            return page.paragraph("Off: the settings name no receiver.");
        };
        let state = match &told.failing_since {
            Some(since) => Cell::Marked(Mark::Bad, format!("not sent since {since}")),
            None if told.lost > 0 => Cell::Marked(Mark::Warn, "sent; some were lost".to_owned()),
            None => Cell::Marked(Mark::Good, "sent".to_owned()),
        };
        let sent = told.spans.get("sent").map(ToString::to_string);
        let lost = told.spans.iter().filter(|(result, spans)| {
            // The state has the words; the kinds that never occurred say nothing.
            *result != "sent" && spans.as_u64() != Some(0)
        });
        let lost: Vec<String> = lost
            .map(|(result, spans)| format!("{result} {spans}"))
            .collect();
        let error = match (&told.last_error, &told.last_error_at) {
            (Some(error), Some(at)) => format!("{error}, at {at}"),
            _ => "none since the start".to_owned(),
        };
        page.facts([
            ("State", state),
            ("Receiver", told.receiver.as_str().into()),
            (
                "Share of the traces that begin here",
                told.sample.to_string().into(),
            ),
            ("Spans sent", sent.unwrap_or_default().into()),
            (
                "Spans lost",
                if lost.is_empty() {
                    "0".into()
                } else {
                    lost.join(", ").into()
                },
            ),
            ("Spans that wait", told.waiting.to_string().into()),
            ("Last error", error.into()),
        ]);
    }
}
