//! The cache: what it holds, and what it was good for.

use std::collections::BTreeMap;

use serde::Serialize;

use super::html::Html;
use super::section::Section;
use crate::engine::CacheReport;
use crate::settings::CacheSettings;

#[derive(Serialize)]
pub struct CacheSection {
    enabled: bool,
    entries: u64,
    bytes: u64,
    budget_bytes: u64,
    /// Cached reads since the start, by result.
    requests: BTreeMap<String, u64>,
    /// Of all cached reads; null without one.
    shares: Option<Shares>,
}

/// Between 0 and 1.
#[derive(Serialize)]
struct Shares {
    hit: f64,
    stale: f64,
    miss: f64,
    other: f64,
}

impl CacheSection {
    pub fn of(report: CacheReport, settings: &CacheSettings) -> Self {
        Self {
            enabled: settings.enabled,
            entries: report.entries,
            bytes: report.bytes,
            budget_bytes: settings.budget as u64,
            shares: shares(&report.results),
            requests: report.results,
        }
    }
}

/// A read that waited for another's call is a miss like that one.
fn shares(results: &BTreeMap<String, u64>) -> Option<Shares> {
    let all: u64 = results.values().sum();
    let share = |names: &[&str]| {
        let counts = names.iter().filter_map(|name| results.get(*name));
        // So many reads that their number does not fit into a float's whole numbers take ages.
        counts.sum::<u64>() as f64 / all as f64
    };
    let (hit, stale, miss) = (
        share(&["hit"]),
        share(&["stale"]),
        share(&["miss", "collapsed"]),
    );
    (all > 0).then_some(Shares {
        hit,
        stale,
        miss,
        other: (1.0 - hit - stale - miss).max(0.0),
    })
}

impl Section for CacheSection {
    fn html(&self, page: &mut Html) {
        page.heading("Cache");
        if !self.enabled {
            return page.paragraph("Off: every read is a vendor call.");
        }
        let percent = |share: fn(&Shares) -> f64| {
            let share = self.shares.as_ref().map(share);
            share.map_or_else(|| "–".to_owned(), |share| format!("{:.1} %", share * 100.0))
        };
        page.facts([
            ("Entries", self.entries.to_string().into()),
            (
                "Bytes, about",
                format!("{} of {}", self.bytes, self.budget_bytes).into(),
            ),
            ("Hits", percent(|shares| shares.hit).into()),
            ("Stale answers", percent(|shares| shares.stale).into()),
            ("Misses", percent(|shares| shares.miss).into()),
        ]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_of_all_cached_reads() {
        assert!(shares(&BTreeMap::new()).is_none());
        let results = [
            ("hit", 6),
            ("stale", 1),
            ("miss", 1),
            ("collapsed", 1),
            ("bypass", 1),
        ];
        let results = results.map(|(name, count)| (name.to_owned(), count));
        let shares = shares(&BTreeMap::from(results)).unwrap();
        assert_eq!((shares.hit, shares.stale, shares.miss), (0.6, 0.1, 0.2));
        assert!((shares.other - 0.1).abs() < 1e-9);
    }
}
