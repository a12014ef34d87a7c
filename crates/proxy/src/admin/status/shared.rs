//! What replicas share: whether the store is there, and how this process stands in the fleet of each account.

use serde::Serialize;

use super::html::{Cell, Html, Mark};
use super::section::Section;
use super::words::duration_in_words;
use crate::settings::{Settings, WithoutStore};
use crate::shared::{FleetReport, MemberReport, StoreHealth};
use crate::time_of_day::rfc3339;

/// Null where the settings name no store.
#[derive(Serialize)]
#[serde(transparent)]
pub struct SharedSection(Option<Told>);

#[derive(Serialize)]
struct Told {
    store: StoreRow,
    /// What becomes of a write that the others cannot be told of: `allow` or `refuse`.
    writes_without_store: &'static str,
    fleets: Vec<FleetRow>,
}

#[derive(Serialize)]
struct StoreRow {
    /// Without user and password.
    address: String,
    /// `up` or `away`.
    state: &'static str,
    since: String,
    /// Why it is away.
    why: Option<String>,
    last_error: Option<String>,
    last_error_at: Option<String>,
    away_seconds_in_all: u64,
}

/// The fleet of one vendor account, as this process knows it.
#[derive(Serialize)]
struct FleetRow {
    upstreams: Vec<String>,
    members: u64,
    lease_held: bool,
    lease_age_seconds: f64,
    /// Null until the store answered once.
    epoch_age_seconds: Option<u64>,
    joined_at: Option<String>,
    /// `start`, `epoch` or `gap`.
    joined_because: Option<&'static str>,
    journal_lag_entries: u64,
    journal_lag_seconds: u64,
    writes_noted: u64,
    writes_held: u64,
    /// Writes that the others are still to be told of.
    writes_remembered: u64,
}

impl SharedSection {
    pub fn of(report: Option<FleetReport>, settings: &Settings) -> Self {
        let shared = report.zip(settings.shared.as_ref());
        Self(shared.map(|(report, settings)| Told {
            store: StoreRow::of(&report.store),
            writes_without_store: match settings.writes_without_store {
                WithoutStore::Allow => "allow",
                WithoutStore::Refuse => "refuse",
            },
            fleets: report.members.iter().map(FleetRow::of).collect(),
        }))
    }
}

impl StoreRow {
    fn of(store: &StoreHealth) -> Self {
        let (last_error_at, last_error) = store
            .last_error
            .as_ref()
            .map(|(at, error)| (rfc3339(*at), error.to_string()))
            .unzip();
        Self {
            address: store.address.to_string(),
            state: if store.away.is_some() { "away" } else { "up" },
            since: rfc3339(store.since),
            why: store.away.as_ref().map(ToString::to_string),
            last_error,
            last_error_at,
            away_seconds_in_all: store.away_in_all.as_secs(),
        }
    }
}

impl FleetRow {
    fn of(member: &MemberReport) -> Self {
        let now = &member.now;
        let (joined_at, joined_because) = member
            .joined
            .map(|(at, why)| (rfc3339(at), why.label()))
            .unzip();
        Self {
            upstreams: member.upstreams.iter().map(ToString::to_string).collect(),
            members: now.members,
            lease_held: now.has_lease,
            lease_age_seconds: now.lease_age.as_millis() as f64 / 1e3,
            epoch_age_seconds: member.epoch_age.map(|age| age.as_secs()),
            joined_at,
            joined_because,
            journal_lag_entries: now.lag_entries,
            journal_lag_seconds: now.lag.as_secs(),
            writes_noted: now.noted,
            writes_held: now.held,
            writes_remembered: now.remembered,
        }
    }
}

impl Section for SharedSection {
    fn html(&self, page: &mut Html) {
        page.heading("Fleet");
        let Some(told) = &self.0 else {
            return page
                .paragraph("Off: the settings name no store, and this gateway knows of no other.");
        };
        told.store.html(page);
        let writes = match told.writes_without_store {
            "refuse" => "refused",
            _ => "sent; other replicas may be older for a while",
        };
        page.facts([("Writes while it is away", writes.into())]);
        for fleet in &told.fleets {
            fleet.html(page);
        }
    }
}

impl Section for StoreRow {
    fn html(&self, page: &mut Html) {
        let state = match &self.why {
            Some(why) => Cell::Marked(Mark::Bad, format!("away: {why}")),
            None => Cell::Marked(Mark::Good, "up".to_owned()),
        };
        let error = match (&self.last_error, &self.last_error_at) {
            (Some(error), Some(at)) => format!("{error}, at {at}"),
            _ => "none since the start".to_owned(),
        };
        page.facts([
            ("Store", self.address.as_str().into()),
            ("State", state),
            ("Since", self.since.as_str().into()),
            ("Last error", error.into()),
            (
                "Away since the start",
                duration_in_words(self.away_seconds_in_all).into(),
            ),
        ]);
    }
}

impl Section for FleetRow {
    fn html(&self, page: &mut Html) {
        page.subheading(&format!("Account of {}", self.upstreams.join(", ")));
        let lease = if self.lease_held {
            Cell::Marked(Mark::Good, "held: the cache is served from".to_owned())
        } else {
            Cell::Marked(Mark::Warn, "none: reads go to the vendor".to_owned())
        };
        let joined = match (&self.joined_at, self.joined_because) {
            (Some(at), Some(why)) => format!("{at}, because of: {why}"),
            _ => "not yet".to_owned(),
        };
        let epoch = self
            .epoch_age_seconds
            .map_or_else(|| "not known".to_owned(), duration_in_words);
        page.facts([
            ("Lease", lease),
            (
                "Lease age",
                format!("{:.3} s", self.lease_age_seconds).into(),
            ),
            ("Members", self.members.to_string().into()),
            ("Epoch age", epoch.into()),
            ("Began anew", joined.into()),
            (
                "Journal behind",
                format!(
                    "{} entries, {} s",
                    self.journal_lag_entries, self.journal_lag_seconds
                )
                .into(),
            ),
            (
                "Writes of others",
                format!("{} under way, {} held", self.writes_noted, self.writes_held).into(),
            ),
            (
                "Writes to be told",
                self.writes_remembered.to_string().into(),
            ),
        ]);
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::time::{Duration, SystemTime};

    use serde_json::json;

    use super::*;
    use crate::metrics::{JoinReason, MemberGauges};
    use crate::shared::StoreError;

    fn settings(text: &str) -> Settings {
        let text = format!("upstreams: {{}}\n{text}");
        Settings::parse(&text, Path::new("")).unwrap()
    }

    fn report() -> FleetReport {
        let at = SystemTime::UNIX_EPOCH;
        FleetReport {
            store: StoreHealth {
                address: "10.0.0.7:6379".into(),
                away: Some(StoreError::Broken("<reset>".into())),
                since: at,
                last_error: Some((at, StoreError::Timeout)),
                away_in_all: Duration::from_secs(75),
            },
            members: vec![MemberReport {
                upstreams: vec!["a".into(), "b".into()],
                now: MemberGauges {
                    lease_age: Duration::from_millis(1_250),
                    members: 3,
                    held: 2,
                    remembered: 1,
                    ..MemberGauges::default()
                },
                epoch_age: Some(Duration::from_secs(90)),
                joined: Some((at, JoinReason::Epoch)),
            }],
        }
    }

    #[test]
    fn without_a_store_there_is_nothing_to_tell() {
        let section = SharedSection::of(None, &settings(""));
        assert_eq!(serde_json::to_value(&section).unwrap(), json!(null));
        let mut page = Html::new(false);
        section.html(&mut page);
        assert!(page.finish().contains("Off: the settings name no store"));
    }

    #[test]
    fn the_store_and_each_fleet_are_told_for_programs_and_for_people() {
        let shared = "shared: {url: 'redis://10.0.0.7:6379', writes_without_store: refuse}\n";
        let section = SharedSection::of(Some(report()), &settings(shared));
        let epoch = "1970-01-01T00:00:00.000Z";
        let told = serde_json::to_value(&section).unwrap();
        assert_eq!(
            told["store"],
            json!({
                "address": "10.0.0.7:6379", "state": "away", "since": epoch,
                "why": "the connection to the store broke: <reset>",
                "last_error": "the store did not answer in time", "last_error_at": epoch,
                "away_seconds_in_all": 75,
            })
        );
        assert_eq!(told["writes_without_store"], "refuse");
        assert_eq!(
            told["fleets"],
            json!([{
                "upstreams": ["a", "b"], "members": 3, "lease_held": false,
                "lease_age_seconds": 1.25, "epoch_age_seconds": 90,
                "joined_at": epoch, "joined_because": "epoch",
                "journal_lag_entries": 0, "journal_lag_seconds": 0,
                "writes_noted": 0, "writes_held": 2, "writes_remembered": 1,
            }])
        );
        let mut page = Html::new(false);
        section.html(&mut page);
        let page = page.finish();
        for text in [
            "away: the connection to the store broke: &lt;reset&gt;",
            "1 min 15 s",
            "Account of a, b",
            "none: reads go to the vendor",
            "0 under way, 2 held",
        ] {
            assert!(page.contains(text), "{text}: {page}");
        }
    }
}
