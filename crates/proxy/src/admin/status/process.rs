//! The process: what was built, since when it runs, whether it takes requests.

use serde::Serialize;

use super::html::{Cell, Html, Mark};
use super::section::Section;
use super::words::duration_in_words;
use crate::admin::running::Running;
use crate::build_info;

#[derive(Serialize)]
pub struct Process {
    version: &'static str,
    /// Of the source it was built from, where the build knew.
    #[serde(skip_serializing_if = "Option::is_none")]
    revision: Option<&'static str>,
    uptime_seconds: u64,
    ready: bool,
    draining: bool,
    requests_in_flight: usize,
}

impl Process {
    pub fn of(running: &Running) -> Self {
        Self {
            version: build_info::VERSION,
            revision: build_info::REVISION,
            uptime_seconds: running.started.elapsed().as_secs(),
            ready: running.health.is_ready(),
            draining: running.health.is_draining(),
            requests_in_flight: running.health.in_flight(),
        }
    }
}

impl Section for Process {
    fn html(&self, page: &mut Html) {
        let readiness = match (self.ready, self.draining) {
            (true, _) => Cell::Marked(Mark::Good, "ready".to_owned()),
            (false, true) => Cell::Marked(Mark::Warn, "draining".to_owned()),
            (false, false) => Cell::Marked(Mark::Warn, "starting".to_owned()),
        };
        page.heading("Process");
        page.facts([
            ("State", readiness),
            ("Version", self.version.into()),
            ("Revision", self.revision.unwrap_or("not known").into()),
            ("Runs for", duration_in_words(self.uptime_seconds).into()),
            (
                "Requests in flight",
                self.requests_in_flight.to_string().into(),
            ),
        ]);
    }
}
