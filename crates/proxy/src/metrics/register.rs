//! Makes metrics that are registered at once: none can be counted and not be scraped.

use std::cell::RefCell;

use prometheus::core::Collector;
use prometheus::{
    CounterVec, Error, GaugeVec, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge,
    IntGaugeVec, Opts, Registry,
};

/// Upper bounds in seconds. A hit is far below the first, a slow vendor near the last.
const SECONDS: &[f64] = &[
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0,
];

/// Each of its functions fails only where the name is taken.
pub struct Register<'r> {
    registry: &'r Registry,
    listed: RefCell<Vec<Listed>>,
}

/// A metric as whoever scrapes it knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub name: String,
    /// `counter`, `gauge` or `histogram`.
    pub kind: &'static str,
    pub labels: Vec<String>,
}

impl<'r> Register<'r> {
    pub fn new(registry: &'r Registry) -> Self {
        Self {
            registry,
            listed: RefCell::default(),
        }
    }

    /// What was registered.
    pub fn into_list(self) -> Vec<Listed> {
        self.listed.into_inner()
    }

    pub fn counter(&self, name: &str, help: &str) -> Result<IntCounter, Error> {
        self.add("counter", IntCounter::new(name, help)?)
    }

    pub fn counters(
        &self,
        name: &str,
        help: &str,
        labels: &[&str],
    ) -> Result<IntCounterVec, Error> {
        self.add(
            "counter",
            IntCounterVec::new(Opts::new(name, help), labels)?,
        )
    }

    pub fn gauge(&self, name: &str, help: &str) -> Result<IntGauge, Error> {
        self.add("gauge", IntGauge::new(name, help)?)
    }

    pub fn gauges(&self, name: &str, help: &str, labels: &[&str]) -> Result<IntGaugeVec, Error> {
        self.add("gauge", IntGaugeVec::new(Opts::new(name, help), labels)?)
    }

    /// Of what is no whole number: seconds.
    pub fn float_counters(
        &self,
        name: &str,
        help: &str,
        labels: &[&str],
    ) -> Result<CounterVec, Error> {
        self.add("counter", CounterVec::new(Opts::new(name, help), labels)?)
    }

    /// The same of what goes up and down.
    pub fn float_gauges(&self, name: &str, help: &str, labels: &[&str]) -> Result<GaugeVec, Error> {
        self.add("gauge", GaugeVec::new(Opts::new(name, help), labels)?)
    }

    /// Durations in seconds.
    pub fn durations(
        &self,
        name: &str,
        help: &str,
        labels: &[&str],
    ) -> Result<HistogramVec, Error> {
        let options = HistogramOpts::new(name, help).buckets(SECONDS.to_vec());
        self.add("histogram", HistogramVec::new(options, labels)?)
    }

    fn add<M: Collector + Clone + 'static>(
        &self,
        kind: &'static str,
        metric: M,
    ) -> Result<M, Error> {
        self.registry.register(Box::new(metric.clone()))?;
        let listed = metric.desc().into_iter().map(|one| Listed {
            name: one.fq_name.clone(),
            kind,
            labels: one.variable_labels.clone(),
        });
        self.listed.borrow_mut().extend(listed);
        Ok(metric)
    }
}
