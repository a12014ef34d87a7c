//! The vendors: whether each is up, why not, and since when.

use std::time::{Duration, SystemTime};

use serde::Serialize;
use tokio::time::Instant;

use super::html::{Cell, Html, Mark};
use super::section::Section;
use super::words::duration_in_words;
use crate::engine::Runtime;
use crate::time_of_day::rfc3339;
use crate::upstream::{Circuit, Health, UpstreamReport, WINDOW};

#[derive(Serialize)]
pub struct UpstreamSection {
    name: String,
    base_url: String,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    report: Option<Report>,
}

#[derive(Serialize)]
struct Report {
    /// `up`, `degraded` or `down`.
    state: &'static str,
    reason: String,
    since: String,
    circuit: CircuitRow,
    /// How long the vendor asked not to be called.
    paused_seconds: Option<u64>,
    queue: QueueRow,
    recent: RecentRow,
    last_failure: Option<FailureRow>,
    /// Null where no token is used; zero where there is none now.
    token_remaining_seconds: Option<u64>,
}

#[derive(Serialize)]
struct CircuitRow {
    /// `closed`, `open` or `probing`.
    state: &'static str,
    asked_again_in_seconds: Option<u64>,
}

#[derive(Serialize)]
struct QueueRow {
    in_use: usize,
    places: usize,
    waiting: usize,
    room: usize,
}

/// Of at most 256 calls of the window.
#[derive(Serialize)]
struct RecentRow {
    window_seconds: u64,
    calls: usize,
    failed: usize,
    /// Between 0 and 1; null without a call.
    error_share: Option<f64>,
    p50_ms: Option<f64>,
    p95_ms: Option<f64>,
}

#[derive(Serialize)]
struct FailureRow {
    at: String,
    why: String,
}

pub fn of(runtime: &Runtime) -> Vec<UpstreamSection> {
    let clocks = (Instant::now(), SystemTime::now());
    let upstreams = runtime.upstreams.iter();
    let sections = upstreams.map(|(name, upstream)| UpstreamSection {
        name: name.clone(),
        base_url: upstream.base_url().as_str().to_owned(),
        report: upstream.report().map(|report| Report::of(&report, clocks)),
    });
    sections.collect()
}

impl Report {
    fn of(report: &UpstreamReport, (now, time): (Instant, SystemTime)) -> Self {
        let at = |moment: Instant| rfc3339(time - now.saturating_duration_since(moment));
        let judgement = report.judge();
        let (circuit, wait) = match report.circuit {
            Circuit::Closed => ("closed", None),
            Circuit::Open { wait } => ("open", Some(wait.as_secs())),
            Circuit::Probing => ("probing", None),
        };
        let milliseconds = |time: Duration| (time.as_secs_f64() * 100_000.0).round() / 100.0;
        let calls = &report.calls;
        Self {
            state: match judgement.health {
                Health::Up => "up",
                Health::Degraded => "degraded",
                Health::Down => "down",
            },
            reason: judgement.reason,
            since: at(judgement.since),
            circuit: CircuitRow {
                state: circuit,
                asked_again_in_seconds: wait,
            },
            paused_seconds: report.pause.map(|pause| pause.left.as_secs()),
            queue: QueueRow {
                in_use: report.queue.in_use,
                places: report.queue.places,
                waiting: report.queue.waiting,
                room: report.queue.room,
            },
            recent: RecentRow {
                window_seconds: WINDOW.as_secs(),
                calls: calls.count,
                failed: calls.failed,
                error_share: (calls.count > 0).then(|| calls.failed as f64 / calls.count as f64),
                p50_ms: calls.p50.map(milliseconds),
                p95_ms: calls.p95.map(milliseconds),
            },
            last_failure: report.trouble.last.as_ref().map(|(when, why)| FailureRow {
                at: at(*when),
                why: why.clone(),
            }),
            token_remaining_seconds: report.token.map(|life| life.as_secs()),
        }
    }
}

impl Section for Vec<UpstreamSection> {
    fn html(&self, page: &mut Html) {
        page.heading("Vendors");
        for upstream in self {
            page.subheading(&upstream.name);
            page.facts([("Address", upstream.base_url.as_str().into())]);
            if let Some(report) = &upstream.report {
                report.html(page);
            }
        }
    }
}

impl Section for Report {
    fn html(&self, page: &mut Html) {
        let mark = match self.state {
            "up" => Mark::Good,
            "degraded" => Mark::Warn,
            _ => Mark::Bad,
        };
        let (queue, recent) = (&self.queue, &self.recent);
        let latency = |milliseconds: Option<f64>| {
            milliseconds.map_or_else(|| "–".to_owned(), |time| format!("{time} ms"))
        };
        let failure = self.last_failure.as_ref();
        let token = self
            .token_remaining_seconds
            .map_or_else(|| "none is used".to_owned(), duration_in_words);
        page.facts([
            ("State", Cell::Marked(mark, self.state.to_owned())),
            ("Why", self.reason.as_str().into()),
            ("Since", self.since.as_str().into()),
            ("Circuit", self.circuit.state.into()),
            (
                "Queue",
                format!(
                    "{} of {} places in use, {} of {} waiting",
                    queue.in_use, queue.places, queue.waiting, queue.room
                )
                .into(),
            ),
            (
                "Last calls",
                format!("{} failed of {}", recent.failed, recent.calls).into(),
            ),
            (
                "Time, p50 and p95",
                format!("{}, {}", latency(recent.p50_ms), latency(recent.p95_ms)).into(),
            ),
            (
                "Last failure",
                failure
                    .map_or_else(
                        || "none".to_owned(),
                        |one| format!("{}: {}", one.at, one.why),
                    )
                    .into(),
            ),
            ("Token valid for", token.into()),
        ]);
    }
}
