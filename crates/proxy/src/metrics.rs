//! What Prometheus scrapes. Labels come from closed sets: the contract's operations and upstreams,
//! our codes, statuses; never from a path, an id or a vendor's text. Who counts gives plain values:
//! nothing here knows a request, a call or an entry.

mod cache;
mod log;
mod phases;
mod register;
mod reloads;
mod requests;
mod shared;
mod traces;
mod upstreams;

use std::sync::{Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use prometheus::{Encoder, IntGaugeVec, Registry, TextEncoder};

use crate::build_info;
use cache::CacheMetrics;
use log::LogMetrics;
use register::{Listed, Register};
use reloads::ReloadMetrics;
use requests::RequestMetrics;
pub use requests::RequestSeries;
use shared::SharedMetrics;
pub use shared::{
    CommandOutcome, DecidedBy, JoinReason, KeyResult, MemberGauged, MemberGauges, MemberSeries,
    RateOf, RateSeries, SecondLevel, StoreCommand, StoreGauged, StoreGauges, WriteCoordination,
};
pub use traces::SpanResult;
use traces::TraceMetrics;
use upstreams::UpstreamMetrics;
pub use upstreams::{CallOutcome, CallSeries, Gauged, NewOperation, RejectedBy, Rejections};

/// All metrics of the process, by whom they are about. Lives as long as the process.
pub struct Metrics {
    registry: Registry,
    pub requests: RequestMetrics,
    pub upstreams: UpstreamMetrics,
    pub cache: CacheMetrics,
    log: LogMetrics,
    pub reloads: ReloadMetrics,
    build: IntGaugeVec,
    /// A scrape sees a change of several series whole.
    scrape: Mutex<()>,
    pub traces: TraceMetrics,
    pub shared: SharedMetrics,
}

impl Metrics {
    /// Registers everything.
    ///
    /// # Errors
    /// Only if two metrics have one name: a bug that the first start shows.
    pub fn new() -> Result<Self, prometheus::Error> {
        Self::listed().map(|(metrics, _)| metrics)
    }

    /// The metrics, and what each is called.
    fn listed() -> Result<(Self, Vec<Listed>), prometheus::Error> {
        let registry = Registry::new();
        let register = Register::new(&registry);
        let requests = RequestMetrics::new(&register)?;
        let upstreams = UpstreamMetrics::new(&register)?;
        let cache = CacheMetrics::new(&register)?;
        let log = LogMetrics::new(&register)?;
        let traces = TraceMetrics::new(&register)?;
        let reloads = ReloadMetrics::new(&register)?;
        let shared = SharedMetrics::new(&register)?;
        let build = register.gauges(
            "lms_gateway_build_info",
            "Always 1; the labels tell what runs.",
            &["version", "revision", "contract_digest"],
        )?;
        // Tells an alert which counts began with this process: increase() misses what came before the first scrape.
        let started = register.gauge(
            "process_start_time_seconds",
            "When the process started, in seconds since 1970.",
        )?;
        let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH);
        started.set(since_1970.map_or(0, |age| age.as_secs().cast_signed()));
        let list = register.into_list();
        let metrics = Self {
            requests,
            upstreams,
            cache,
            log,
            traces,
            reloads,
            shared,
            build,
            scrape: Mutex::default(),
            registry,
        };
        Ok((metrics, list))
    }

    /// The contract that runs from now on.
    pub fn set_contract(&self, digest: &str) {
        let _whole = self.scrape.lock().unwrap_or_else(PoisonError::into_inner);
        self.build.reset();
        let revision = build_info::REVISION.unwrap_or_default();
        self.build
            .with_label_values(&[build_info::VERSION, revision, digest])
            .set(1);
    }

    /// How many series stand there now.
    #[must_use]
    pub fn series(&self) -> usize {
        let text = self.text();
        let lines = text.split(|byte| *byte == b'\n');
        lines
            .filter(|line| line.first().is_some_and(|first| *first != b'#'))
            .count()
    }

    /// The text format of Prometheus, version 0.0.4.
    #[must_use]
    pub fn text(&self) -> Vec<u8> {
        self.log.follow();
        let families = {
            let _whole = self.scrape.lock().unwrap_or_else(PoisonError::into_inner);
            self.shared.measure();
            self.upstreams.now.measured(|| self.registry.gather())
        };
        let mut text = Vec::new();
        if let Err(error) = TextEncoder::new().encode(&families, &mut text) {
            tracing::error!(%error, "metrics cannot be written");
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FROZEN: &str = include_str!("../../../tests/compat/metrics.txt");
    const PAGE: &str = include_str!("../../../docs/operations.md");

    #[test]
    fn every_frozen_metric_has_its_name_type_and_labels() {
        let (_, listed) = Metrics::listed().unwrap();
        let lines: Vec<&str> = FROZEN.lines().skip(1).collect();
        assert!(lines.len() > 20, "{lines:?}");
        for line in lines {
            let mut words = line.split(' ').map(str::to_owned);
            let (name, kind) = (words.next().unwrap(), words.next().unwrap());
            let labels: Vec<String> = words.collect();
            let now = listed.iter().find(|one| one.name == name);
            // Nobody adds up what only bears labels: it may get further ones (docs/compatibility.md).
            let is_info = name.ends_with("_info");
            let has =
                |one: &Listed| one.labels == labels || is_info && one.labels.starts_with(&labels);
            let is_same = now.is_some_and(|one| one.kind == kind && has(one));
            assert!(
                is_same,
                "tests/compat/README.md says what to do: {line:?} was frozen, and now it is {now:?}"
            );
        }
    }

    #[test]
    fn every_metric_is_on_the_page_with_its_labels() {
        let (_, listed) = Metrics::listed().unwrap();
        for one in listed {
            let name = format!("`{}`", one.name);
            let row = PAGE
                .lines()
                .find(|line| line.starts_with('|') && line.contains(&name));
            let row = row.unwrap_or_else(|| panic!("docs/operations.md lacks {name}"));
            let labels: Vec<String> = one
                .labels
                .iter()
                .map(|label| format!("`{label}`"))
                .collect();
            let cell = row.split('|').nth(2).unwrap_or_default().trim();
            assert_eq!(cell, labels.join(", "), "{name}");
        }
    }
}
