//! What is true of upstreams at the moment of a scrape.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{SystemTime, UNIX_EPOCH};

use prometheus::{Error, IntGaugeVec};

use crate::metrics::register::Register;

/// What is true of an upstream at this moment.
pub trait Gauged: Send + Sync {
    /// A call would be refused because the vendor failed too often.
    fn is_circuit_open(&self) -> bool;

    /// Calls under way.
    fn in_flight(&self) -> usize;

    /// When the token ends that calls bear; `None`: there is none.
    fn token_expires_at(&self) -> Option<SystemTime>;
}

pub struct UpstreamGauges {
    circuit_open: IntGaugeVec,
    in_flight: IntGaugeVec,
    token_expiry: IntGaugeVec,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Upstreams of the configuration, and whether tokens are fetched for them.
    known: BTreeMap<String, bool>,
    /// In the order of their opening; those of before a reload end with their last call.
    watched: Vec<(String, Weak<dyn Gauged>)>,
}

impl UpstreamGauges {
    pub(super) fn new(register: &Register<'_>) -> Result<Self, Error> {
        let gauges = |name: &str, help: &str| register.gauges(name, help, &["upstream"]);
        Ok(Self {
            circuit_open: gauges(
                "lms_gateway_upstream_circuit_open",
                "1 while calls to an upstream are refused because it failed: its circuit is open, or the one probe is under way.",
            )?,
            in_flight: gauges("lms_gateway_upstream_in_flight", "Vendor calls under way.")?,
            token_expiry: gauges(
                "lms_gateway_upstream_token_expiry_timestamp_seconds",
                "When the token ends that calls bear, in seconds since 1970; 0 while there is none.",
            )?,
            state: Mutex::default(),
        })
    }

    /// The upstreams of the configuration that runs, each with whether tokens are fetched for it.
    pub fn stand(&self, known: BTreeMap<String, bool>) {
        self.lock().known = known;
    }

    /// From now on the gauges of an upstream are asked for when somebody scrapes.
    pub fn watch(&self, upstream: &str, gauged: &Arc<dyn Gauged>) {
        let entry = (upstream.to_owned(), Arc::downgrade(gauged));
        self.lock().watched.push(entry);
    }

    /// What `gather` gives while the gauges are those of this moment: no other scrape sees half of them.
    pub fn measured<R>(&self, gather: impl FnOnce() -> R) -> R {
        let mut state = self.lock();
        self.measure(&mut state);
        gather()
    }

    /// Circuits and tokens are those of the last reload; calls also those that began before it.
    fn measure(&self, state: &mut State) {
        self.circuit_open.reset();
        self.in_flight.reset();
        self.token_expiry.reset();
        for (name, fetches_tokens) in &state.known {
            self.circuit_open.with_label_values(&[name]);
            self.in_flight.with_label_values(&[name]);
            if *fetches_tokens {
                self.token_expiry.with_label_values(&[name]);
            }
        }
        let known = &state.known;
        state.watched.retain(|(name, gauged)| {
            let Some(gauged) = gauged.upgrade() else {
                return false;
            };
            let open = i64::from(gauged.is_circuit_open());
            self.circuit_open.with_label_values(&[name]).set(open);
            let calls = i64::try_from(gauged.in_flight()).unwrap_or(i64::MAX);
            self.in_flight.with_label_values(&[name]).add(calls);
            if known.get(name) == Some(&true) {
                let expiry = gauged.token_expires_at().map_or(0, seconds);
                self.token_expiry.with_label_values(&[name]).set(expiry);
            }
            true
        });
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn seconds(time: SystemTime) -> i64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    since.as_secs().cast_signed()
}
