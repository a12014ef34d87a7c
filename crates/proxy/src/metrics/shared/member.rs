//! What a member knows and does of one account's fleet, by the upstream that the account is of.

use std::sync::{Arc, Weak};
use std::time::Duration;

use prometheus::{
    CounterVec, Error, GaugeVec, Histogram, HistogramVec, IntCounter, IntCounterVec, IntGaugeVec,
};

use super::label::{JoinReason, WriteCoordination};
use super::raise::raise;
use crate::metrics::register::Register;

/// What is true of a member at this moment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MemberGauges {
    /// The cache may be served from.
    pub has_lease: bool,
    /// Since the beat was sent that granted the last lease, or since the start without one.
    pub lease_age: Duration,
    /// Without a lease, since the start, all times together.
    pub without_lease: Duration,
    /// Entries of the journal that it knows to be there and has not applied.
    pub lag_entries: u64,
    /// For how long there have been such; zero where there are none.
    pub lag: Duration,
    /// Members that the store named last, itself included.
    pub members: u64,
    /// Writes of others that began and did not end yet.
    pub noted: u64,
    /// Writes whose objects are not served from the cache now.
    pub held: u64,
    /// Writes of its own that the others are still to be told of.
    pub remembered: u64,
}

pub trait MemberGauged: Send + Sync {
    fn gauges(&self) -> MemberGauges;
}

/// All by `upstream`.
pub(super) struct MemberFamilies {
    has_lease: IntGaugeVec,
    lease_age: GaugeVec,
    without_lease: CounterVec,
    lag_entries: IntGaugeVec,
    lag: GaugeVec,
    members: IntGaugeVec,
    open: IntGaugeVec,
    remembered: IntGaugeVec,
    writes: IntCounterVec,
    acknowledgement: HistogramVec,
    joins: IntCounterVec,
    lapses: IntCounterVec,
}

/// The series of one upstream, found once.
#[derive(Clone)]
pub struct MemberSeries {
    writes: [IntCounter; WriteCoordination::ALL.len()],
    acknowledgement: Histogram,
    joins: [IntCounter; JoinReason::ALL.len()],
    lapses: IntCounter,
}

impl MemberFamilies {
    pub(super) fn new(register: &Register<'_>) -> Result<Self, Error> {
        let gauges = |name: &str, help: &str| register.gauges(name, help, &["upstream"]);
        let seconds = |name: &str, help: &str| register.float_gauges(name, help, &["upstream"]);
        Ok(Self {
            has_lease: gauges(
                "lms_gateway_shared_lease_held",
                "1 while the cache may be served from for this upstream.",
            )?,
            lease_age: seconds(
                "lms_gateway_shared_lease_age_seconds",
                "Since the beat was sent that granted the last lease: above 1 there is none.",
            )?,
            without_lease: register.float_counters(
                "lms_gateway_shared_without_lease_seconds_total",
                "Time without a lease.",
                &["upstream"],
            )?,
            lag_entries: gauges(
                "lms_gateway_shared_journal_lag_entries",
                "Entries of the journal that are known and not applied.",
            )?,
            lag: seconds(
                "lms_gateway_shared_journal_lag_seconds",
                "For how long there have been entries of the journal that are not applied.",
            )?,
            members: gauges(
                "lms_gateway_shared_members",
                "Members of the fleet that the store named last, this one included.",
            )?,
            open: register.gauges(
                "lms_gateway_shared_open_writes",
                "Writes of other members by state: noted (began, not ended), held (may be applied at any moment; what they change is not served from the cache).",
                &["upstream", "state"],
            )?,
            remembered: gauges(
                "lms_gateway_shared_remembered_writes",
                "Writes that the other members are still to be told of.",
            )?,
            writes: register.counters(
                "lms_gateway_shared_writes_total",
                "Writes by how they were coordinated: acknowledged, waited (the full time), held (their end could not be told), not-done, uncoordinated (others may be older), refused (not sent).",
                &["upstream", "coordination"],
            )?,
            acknowledgement: register.durations(
                "lms_gateway_shared_acknowledgement_seconds",
                "Time that answers of writes waited for other members.",
                &["upstream"],
            )?,
            joins: register.counters(
                "lms_gateway_shared_joins_total",
                "How often the member began anew, by reason: start, epoch (the store's data are others), gap (the journal was trimmed).",
                &["upstream", "reason"],
            )?,
            lapses: register.counters(
                "lms_gateway_shared_lease_lapses_total",
                "Leases that ended before the next was granted.",
                &["upstream"],
            )?,
        })
    }

    /// Each series of an upstream, with 0 where it is new.
    pub(super) fn series(&self, upstream: &str) -> MemberSeries {
        MemberSeries {
            writes: WriteCoordination::ALL
                .map(|one| self.writes.with_label_values(&[upstream, one.label()])),
            acknowledgement: self.acknowledgement.with_label_values(&[upstream]),
            joins: JoinReason::ALL
                .map(|one| self.joins.with_label_values(&[upstream, one.label()])),
            lapses: self.lapses.with_label_values(&[upstream]),
        }
    }

    /// Gauges of upstreams that are gone go with them.
    pub(super) fn reset(&self) {
        self.has_lease.reset();
        self.lease_age.reset();
        self.lag_entries.reset();
        self.lag.reset();
        self.members.reset();
        self.open.reset();
        self.remembered.reset();
    }

    pub(super) fn measure(&self, upstream: &str, gauges: &MemberGauges) {
        let of = &[upstream];
        let count = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        self.has_lease
            .with_label_values(of)
            .set(gauges.has_lease.into());
        self.lease_age
            .with_label_values(of)
            .set(gauges.lease_age.as_secs_f64());
        raise(
            &self.without_lease.with_label_values(of),
            gauges.without_lease,
        );
        self.lag_entries
            .with_label_values(of)
            .set(count(gauges.lag_entries));
        self.lag.with_label_values(of).set(gauges.lag.as_secs_f64());
        self.members
            .with_label_values(of)
            .set(count(gauges.members));
        for (state, writes) in [("noted", gauges.noted), ("held", gauges.held)] {
            self.open
                .with_label_values(&[upstream, state])
                .set(count(writes));
        }
        self.remembered
            .with_label_values(of)
            .set(count(gauges.remembered));
    }
}

impl MemberSeries {
    /// A write was answered, or is about to be.
    pub fn write(&self, coordination: WriteCoordination) {
        // One for each, in its place.
        self.writes[coordination as usize].inc();
    }

    /// An answer waited so long for the other members.
    pub fn acknowledgement(&self, waited: Duration) {
        self.acknowledgement.observe(waited.as_secs_f64());
    }

    /// The member began anew.
    pub fn joined(&self, reason: JoinReason) {
        self.joins[reason as usize].inc();
    }

    /// A lease ended before the next was granted.
    pub fn lapsed(&self) {
        self.lapses.inc();
    }
}

/// Upstreams of the configuration, and who is asked about each. The one of after a reload takes the place of the
/// one before.
#[derive(Default)]
pub(super) struct Watched(Vec<(String, Option<Weak<dyn MemberGauged>>)>);

impl Watched {
    /// These are there from now on, and no others.
    pub(super) fn stand(&mut self, upstreams: Vec<String>) {
        let before = std::mem::take(&mut self.0);
        let known = |name: &str| before.iter().find(|(one, _)| one == name);
        self.0 = upstreams
            .into_iter()
            .map(|name| {
                let watched = known(&name).and_then(|(_, watched)| watched.clone());
                (name, watched)
            })
            .collect();
    }

    pub(super) fn watch(&mut self, upstream: &str, member: &Arc<dyn MemberGauged>) {
        let weak = Arc::downgrade(member);
        match self.0.iter_mut().find(|(name, _)| name == upstream) {
            Some((_, watched)) => *watched = Some(weak),
            None => self.0.push((upstream.to_owned(), Some(weak))),
        }
    }

    pub(super) fn now(&self) -> impl Iterator<Item = (&str, MemberGauges)> {
        self.0.iter().map(|(name, watched)| {
            let member = watched.as_ref().and_then(Weak::upgrade);
            let gauges = member.map_or_else(MemberGauges::default, |member| member.gauges());
            (name.as_str(), gauges)
        })
    }
}
