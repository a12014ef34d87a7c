//! `/status`: what an operator looks at first, for people and, of the same struct, for programs.
//!
//! A section is a file here: a plain struct that serializes, made from what runs, and its HTML.

mod cache;
mod contract;
mod drift;
mod evidence;
mod form;
mod html;
mod last_reload;
mod problems;
mod process;
mod section;
mod shared;
mod traces;
mod upstreams;
mod words;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Response, StatusCode, Uri};
use serde::Serialize;

use super::answer;
use super::running::Running;
use cache::CacheSection;
use contract::Contract;
use drift::DriftSection;
use evidence::EvidenceSection;
pub use form::Form;
use html::Html;
use last_reload::ReloadSection;
use problems::ProblemRow;
use process::Process;
use section::Section;
use shared::SharedSection;
use traces::TracesSection;
use upstreams::UpstreamSection;

/// Everything that is told. Holds no secret, no value of a caller's and no id of a person: paths are templates.
#[derive(Serialize)]
pub struct Status {
    #[serde(flatten)]
    process: Process,
    #[serde(flatten)]
    contract: Contract,
    upstreams: Vec<UpstreamSection>,
    cache: CacheSection,
    last_reload: ReloadSection,
    problems: Vec<ProblemRow>,
    traces: TracesSection,
    drift: DriftSection,
    evidence: EvidenceSection,
    shared: SharedSection,
}

impl Status {
    /// What is true at this moment.
    pub fn of(running: &Running) -> Self {
        let runtime = running.engine.runtime();
        let problems = running.engine.recent_problems();
        Self {
            process: Process::of(running),
            contract: Contract::of(&runtime.plan),
            upstreams: upstreams::of(&runtime),
            cache: CacheSection::of(running.engine.cache_report(), &runtime.settings.cache),
            last_reload: ReloadSection::of(&running.reloader),
            problems: problems
                .iter()
                .map(|problem| ProblemRow::of(problem))
                .collect(),
            traces: TracesSection::of(running),
            drift: DriftSection::of(&runtime),
            evidence: EvidenceSection::of(&running.engine),
            shared: SharedSection::of(running.engine.fleet_report(), &runtime.settings),
        }
    }

    /// In the order of the page.
    fn sections(&self) -> Vec<&dyn Section> {
        vec![
            &self.upstreams,
            &self.problems,
            &self.drift,
            &self.evidence,
            &self.last_reload,
            &self.traces,
            &self.cache,
            &self.shared,
            &self.process,
            &self.contract,
        ]
    }

    /// The answer in one of both forms. The query `refresh=off` keeps the page from loading itself again.
    pub fn answer(&self, form: Form, target: &Uri) -> Response<Bytes> {
        let mut response = match form {
            Form::Json => answer::json(StatusCode::OK, self),
            Form::Html => self.page(target),
        };
        let vary = HeaderValue::from_static("Accept");
        response.headers_mut().insert(http::header::VARY, vary);
        response
    }

    fn page(&self, target: &Uri) -> Response<Bytes> {
        let mut page = Html::new(target.query() != Some("refresh=off"));
        for section in self.sections() {
            section.html(&mut page);
        }
        let body = page.finish().into_bytes();
        let mut response = answer::text(StatusCode::OK, "text/html; charset=utf-8", body);
        protect(response.headers_mut());
        response
    }
}

/// Nothing of the page runs, loads or is shown inside of another.
fn protect(headers: &mut HeaderMap) {
    for (name, value) in [
        (http::header::CONTENT_SECURITY_POLICY, html::policy()),
        (
            http::header::REFERRER_POLICY,
            HeaderValue::from_static("no-referrer"),
        ),
        (
            http::HeaderName::from_static("cross-origin-resource-policy"),
            HeaderValue::from_static("same-origin"),
        ),
        (
            http::header::X_FRAME_OPTIONS,
            HeaderValue::from_static("DENY"),
        ),
    ] {
        headers.insert(name, value);
    }
}
