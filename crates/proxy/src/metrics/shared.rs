//! What replicas share: the store, and this process as a member of the fleet of each vendor account. Nothing of it
//! stands there without a store in the settings.

mod label;
mod member;
mod raise;

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::time::Duration;

use prometheus::{
    CounterVec, Error, Histogram, HistogramVec, IntCounter, IntCounterVec, IntGaugeVec,
};

use super::register::Register;
pub use label::{
    CommandOutcome, DecidedBy, JoinReason, KeyResult, RateOf, SecondLevel, StoreCommand,
    WriteCoordination,
};
use member::{MemberFamilies, Watched};
pub use member::{MemberGauged, MemberGauges, MemberSeries};
use raise::raise;

/// What is true of the store at this moment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct StoreGauges {
    /// Commands are sent to it.
    pub is_up: bool,
    /// It was away for so long since the start, all times together.
    pub away: Duration,
}

pub trait StoreGauged: Send + Sync {
    fn gauges(&self) -> StoreGauges;
}

pub struct SharedMetrics {
    up: IntGaugeVec,
    away: CounterVec,
    commands: IntCounterVec,
    durations: HistogramVec,
    keys: IntCounterVec,
    rates: IntCounterVec,
    values: IntCounterVec,
    members: MemberFamilies,
    /// Those that count often, found once; only with a store.
    series: OnceLock<StoreSeries>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    stands: bool,
    store: Option<Weak<dyn StoreGauged>>,
    members: Watched,
}

/// The series of the commands.
struct StoreSeries {
    commands: [[IntCounter; CommandOutcome::ALL.len()]; StoreCommand::ALL.len()],
    durations: [Histogram; StoreCommand::ALL.len()],
}

/// The decisions about rates of one kind.
pub struct RateSeries {
    store: IntCounter,
    member: IntCounter,
}

impl RateSeries {
    pub fn decided(&self, by: DecidedBy) {
        match by {
            DecidedBy::Store => self.store.inc(),
            DecidedBy::Member => self.member.inc(),
        }
    }
}

impl SharedMetrics {
    pub(super) fn new(register: &Register<'_>) -> Result<Self, Error> {
        // Of no label, so that they are not there where nothing is shared.
        let none: &[&str] = &[];
        Ok(Self {
            up: register.gauges(
                "lms_gateway_shared_up",
                "1 while the store of what replicas share takes commands, 0 while it is away.",
                none,
            )?,
            away: register.float_counters(
                "lms_gateway_shared_away_seconds_total",
                "Time in which the store was away.",
                none,
            )?,
            commands: register.counters(
                "lms_gateway_shared_commands_total",
                "Commands to the store by outcome: ok, away (not sent), timeout, broken, read-only, out-of-memory, not-ready, too-few-replicas, unexpected.",
                &["command", "outcome"],
            )?,
            durations: register.durations(
                "lms_gateway_shared_command_seconds",
                "Time of a command to the store that was sent; of listen, which waits for news, there is none.",
                &["command"],
            )?,
            keys: register.counters(
                "lms_gateway_shared_idempotency_keys_total",
                "Requests with an Idempotency-Key by what the store said of it: taken, running, replayed, conflict, taken-over, refused (it is away).",
                &["result"],
            )?,
            rates: register.counters(
                "lms_gateway_shared_rate_decisions_total",
                "Decisions about the rate of a caller or towards an upstream, by who took them: store, member (alone, the store is away).",
                &["of", "by"],
            )?,
            values: register.counters(
                "lms_gateway_shared_cache_total",
                "What the second level of the cache did: hit, miss, void (a write may have changed it), away, collapsed (waited for another member's call), stored.",
                &["result"],
            )?,
            members: MemberFamilies::new(register)?,
            series: OnceLock::new(),
            state: Mutex::default(),
        })
    }

    /// A store is in the settings, and these are the upstreams. `second_level`: the cache uses it, too.
    pub fn stand(&self, upstreams: Vec<String>, second_level: bool) {
        let _at_zero = self.series();
        for result in KeyResult::ALL {
            self.keys.with_label_values(&[result.label()]);
        }
        for of in RateOf::ALL {
            for by in DecidedBy::ALL {
                self.rates.with_label_values(&[of.label(), by.label()]);
            }
        }
        if second_level {
            for result in SecondLevel::ALL {
                self.values.with_label_values(&[result.label()]);
            }
        }
        for upstream in &upstreams {
            let _at_zero = self.members.series(upstream);
        }
        let mut state = self.lock();
        state.stands = true;
        state.members.stand(upstreams);
    }

    /// From now on the store is asked when somebody scrapes.
    pub fn watch_store(&self, store: &Arc<dyn StoreGauged>) {
        self.lock().store = Some(Arc::downgrade(store));
    }

    /// The same of the member of an upstream's fleet.
    pub fn watch_member(&self, upstream: &str, member: &Arc<dyn MemberGauged>) {
        self.lock().members.watch(upstream, member);
    }

    /// What the member of an upstream's fleet counts.
    #[must_use]
    pub fn member(&self, upstream: &str) -> MemberSeries {
        self.members.series(upstream)
    }

    /// A command ended. `elapsed` is `None` where nothing was sent, or where the time says nothing.
    pub fn command(
        &self,
        command: StoreCommand,
        outcome: CommandOutcome,
        elapsed: Option<Duration>,
    ) {
        let series = self.series();
        // One for each, in its place.
        series.commands[command as usize][outcome as usize].inc();
        if let Some(elapsed) = elapsed {
            series.durations[command as usize].observe(elapsed.as_secs_f64());
        }
    }

    /// The store was asked about an `Idempotency-Key`.
    pub fn key(&self, result: KeyResult) {
        self.keys.with_label_values(&[result.label()]).inc();
    }

    /// What is counted where it is said whether there is room for a request.
    #[must_use]
    pub fn rates(&self, of: RateOf) -> RateSeries {
        let series = |by: DecidedBy| self.rates.with_label_values(&[of.label(), by.label()]);
        RateSeries {
            store: series(DecidedBy::Store),
            member: series(DecidedBy::Member),
        }
    }

    /// The second level of the cache was used.
    pub fn value(&self, result: SecondLevel) {
        self.values.with_label_values(&[result.label()]).inc();
    }

    /// Sets what is true of this moment. Nobody else gathers meanwhile.
    pub(super) fn measure(&self) {
        let state = self.lock();
        if !state.stands {
            return;
        }
        let none: &[&str] = &[];
        let store = state.store.as_ref().and_then(Weak::upgrade);
        let store = store.map_or_else(StoreGauges::default, |store| store.gauges());
        self.up.with_label_values(none).set(store.is_up.into());
        raise(&self.away.with_label_values(none), store.away);
        self.members.reset();
        for (upstream, gauges) in state.members.now() {
            self.members.measure(upstream, &gauges);
        }
    }

    fn series(&self) -> &StoreSeries {
        self.series.get_or_init(|| StoreSeries {
            commands: StoreCommand::ALL.map(|command| {
                CommandOutcome::ALL.map(|outcome| {
                    let labels = &[command.label(), outcome.label()];
                    self.commands.with_label_values(labels)
                })
            }),
            durations: StoreCommand::ALL
                .map(|command| self.durations.with_label_values(&[command.label()])),
        })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
