//! What a gateway exposes, by metric.

use std::collections::{BTreeMap, BTreeSet};

use super::queries::{Query, Selector};

/// The labels that Prometheus gives each series of a target.
const OF_THE_SCRAPE: [&str; 2] = ["job", "instance"];
/// The one metric that is Prometheus' own.
const UP: &str = "up";

/// The values of each label of each metric; `_bucket`, `_sum` and `_count` are metrics of their own, as Prometheus has it.
pub struct Exposed(BTreeMap<String, BTreeMap<String, BTreeSet<String>>>);

impl Exposed {
    /// Reads what `/metrics` shows.
    pub fn parse(text: &str) -> Self {
        let mut metrics: BTreeMap<_, BTreeMap<String, BTreeSet<String>>> = BTreeMap::new();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let (series, _) = line.rsplit_once(' ').expect("a value");
            let (name, labels) = series.split_once('{').unwrap_or((series, "}"));
            let metric = metrics.entry(name.to_owned()).or_default();
            let labels = labels.strip_suffix('}').expect("the end of the labels");
            for label in labels.split("\",").filter(|label| !label.is_empty()) {
                let (label, value) = label.split_once("=\"").expect("a label's value");
                let values = metric.entry(label.to_owned()).or_default();
                values.insert(value.trim_end_matches('"').to_owned());
            }
        }
        Self(metrics)
    }

    /// What of a query is not there.
    pub fn lacks(&self, query: &Query) -> Vec<String> {
        let mut lacking: Vec<String> = query
            .selectors
            .iter()
            .flat_map(|selector| self.lacks_of(selector))
            .collect();
        for (label, metrics) in &query.grouped {
            if !metrics.iter().any(|metric| self.has(metric, label)) {
                lacking.push(format!("none of {metrics:?} has the label {label:?}"));
            }
        }
        lacking
    }

    fn lacks_of(&self, selector: &Selector) -> Vec<String> {
        if selector.metric == UP {
            return Vec::new();
        }
        let Some(labels) = self.0.get(&selector.metric) else {
            return vec![format!("no metric {:?}", selector.metric)];
        };
        let mut lacking = Vec::new();
        for pick in &selector.picks {
            match labels.get(&pick.label) {
                None if OF_THE_SCRAPE.contains(&pick.label.as_str()) => {}
                None => lacking.push(format!(
                    "{:?} has no label {:?}",
                    selector.metric, pick.label
                )),
                Some(shown) => lacking.extend(
                    pick.values
                        .iter()
                        .filter(|wanted| !shown.iter().any(|value| matches(wanted, value)))
                        .map(|wanted| {
                            format!(
                                "{:?} has no {}={wanted:?}, only {shown:?}",
                                selector.metric, pick.label
                            )
                        }),
                ),
            }
        }
        lacking
    }

    fn has(&self, metric: &str, label: &str) -> bool {
        OF_THE_SCRAPE.contains(&label)
            || self
                .0
                .get(metric)
                .is_some_and(|labels| labels.contains_key(label))
    }
}

/// Whether a value is one that is wanted: a variable of the dashboard takes any, a dot of a regular expression one character.
fn matches(wanted: &str, value: &str) -> bool {
    wanted.starts_with('$')
        || wanted.len() == value.len()
            && wanted
                .chars()
                .zip(value.chars())
                .all(|(wanted, is)| wanted == '.' || wanted == is)
}
