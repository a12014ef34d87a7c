//! A rate as one process keeps it: alone, or as a member that asks the store.
//!
//! A member takes permits in batches ahead where the rate is large, so that a request which spends one asks nobody.
//! While the store is away it keeps to its share, beginning where the fleet was when the store last answered.

mod stock;

use std::fmt;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::time::Instant;

use super::budget::StoreBudget;
use super::rate::{Grant, Pace, Rate, Want};
use super::store::rates::RateName;
use super::store::{Store, StoreError};
use crate::metrics::{DecidedBy, Metrics, RateOf, RateSeries};
use stock::Stock;

/// While the store is away it is asked again so often, beside the requests.
const AGAIN: Duration = Duration::from_secs(1);
/// What is asked beside a request gets more time than a request has.
const BESIDE: Duration = Duration::from_millis(250);
/// All that members have taken ahead is at most this part of the rate: by so much it can be exceeded.
pub const AHEAD: u32 = 8;

/// How many members there are.
pub trait Crowd: fmt::Debug + Send + Sync {
    /// At least one.
    fn members(&self) -> u64;
}

/// Where members keep a rate together.
#[derive(Clone)]
pub struct RateSharing {
    pub store: Arc<dyn Store>,
    pub crowd: Arc<dyn Crowd>,
    pub metrics: Arc<Metrics>,
    /// Where what is asked beside requests runs.
    pub runtime: Handle,
}

/// A rate.
pub struct Allowance {
    rate: Rate,
    shared: Option<Shared>,
    state: Mutex<State>,
}

struct Shared {
    sharing: RateSharing,
    name: RateName,
    series: RateSeries,
}

#[derive(Default)]
struct State {
    /// When the bucket is full: the own one, or as the store last said. `None`: it is.
    full: Option<Instant>,
    stock: Stock,
    /// The store did not answer; from then on it is asked again.
    away: Option<Instant>,
    /// Somebody asks for a batch, or whether the store is back.
    asking: bool,
}

impl Allowance {
    /// Of this process alone.
    #[must_use]
    pub fn alone(rate: Rate) -> Arc<Self> {
        Self::new(rate, None)
    }

    /// Of all members.
    #[must_use]
    pub fn shared(rate: Rate, of: RateOf, name: RateName, sharing: RateSharing) -> Arc<Self> {
        let series = sharing.metrics.shared.rates(of);
        let shared = Shared {
            sharing,
            name,
            series,
        };
        Self::new(rate, Some(shared))
    }

    fn new(rate: Rate, shared: Option<Shared>) -> Arc<Self> {
        Arc::new(Self {
            rate,
            shared,
            state: Mutex::default(),
        })
    }

    /// Takes one, if that can be said without asking anybody: `Err` says how long until there is one. `None`:
    /// [`Self::take`] has to be asked.
    #[must_use]
    pub fn take_at_once(self: &Arc<Self>, now: Instant) -> Option<Result<(), Duration>> {
        let mut state = self.lock();
        let Some(shared) = &self.shared else {
            return Some(taken(state.grant(self.rate.pace(), Want::UpTo(1), now)));
        };
        if state.stock.take(now) {
            shared.series.decided(DecidedBy::Store);
            let next = state.stock.next(now, self.most());
            if state.stock.is_low() && next > 1 && !state.asking {
                self.ask_beside(&mut state, next);
            }
            return Some(Ok(()));
        }
        self.alone_for_now(&mut state, Want::UpTo(1), now)
            .map(taken)
    }

    /// Takes one.
    ///
    /// # Errors
    /// How long until there is one.
    pub async fn take(self: &Arc<Self>, budget: &StoreBudget) -> Result<(), Duration> {
        if let Some(said) = self.take_at_once(Instant::now()) {
            return said;
        }
        let Some(shared) = &self.shared else {
            return Ok(());
        };
        let (want, _asking) = self.begin_asking();
        match budget.spend(shared.ask(self.rate, Want::UpTo(want))).await {
            Ok(grant) => {
                shared.series.decided(DecidedBy::Store);
                let (mut state, now) = (self.lock(), Instant::now());
                state.told(grant, now);
                state.stock.add(grant.permits.saturating_sub(1), now);
                taken(grant)
            }
            Err(_) => taken(self.without_store(Want::UpTo(1))),
        }
    }

    /// Takes a place that may come so much later; how much later it comes.
    ///
    /// # Errors
    /// It would come later than that: when there is one without a wait.
    pub async fn reserve(
        self: &Arc<Self>,
        patience: Duration,
        budget: &StoreBudget,
    ) -> Result<Duration, Duration> {
        let want = Want::Within(patience);
        let (shared, alone) = {
            let (mut state, now) = (self.lock(), Instant::now());
            match &self.shared {
                None => (None, Some(state.grant(self.rate.pace(), want, now))),
                Some(shared) => (Some(shared), self.alone_for_now(&mut state, want, now)),
            }
        };
        let grant = match (alone, shared) {
            (Some(grant), _) => grant,
            (None, None) => return Ok(Duration::ZERO),
            (None, Some(shared)) => match budget.spend(shared.ask(self.rate, want)).await {
                Ok(grant) => {
                    shared.series.decided(DecidedBy::Store);
                    self.lock().told(grant, Instant::now());
                    grant
                }
                Err(_) => self.without_store(want),
            },
        };
        if grant.permits == 0 {
            Err(grant.wait)
        } else {
            Ok(grant.wait)
        }
    }

    /// Counts one that goes in any case, and waits for nobody.
    pub fn count(self: &Arc<Self>) {
        let (mut state, now) = (self.lock(), Instant::now());
        let Some(shared) = &self.shared else {
            state.grant(self.rate.pace(), Want::Forced, now);
            return;
        };
        if self.alone_for_now(&mut state, Want::Forced, now).is_some() {
            return;
        }
        drop(state);
        let this = self.clone();
        shared.spawn(async move {
            let Some(shared) = &this.shared else { return };
            let asked = StoreBudget::new(BESIDE);
            match asked.spend(shared.ask(this.rate, Want::Forced)).await {
                Ok(grant) => this.lock().told(grant, Instant::now()),
                Err(_) => drop(this.without_store(Want::Forced)),
            }
        });
    }

    /// While the store is away: what the own share has. `None`: the store is to be asked.
    fn alone_for_now(
        self: &Arc<Self>,
        state: &mut State,
        want: Want,
        now: Instant,
    ) -> Option<Grant> {
        let again = state.away?;
        let shared = self.shared.as_ref()?;
        if now >= again && !state.asking {
            // Nobody waits for it: a store that hangs would cost every request its time.
            self.ask_beside(state, 0);
        }
        shared.series.decided(DecidedBy::Member);
        Some(state.grant(self.share(), want, now))
    }

    /// The store did not answer: from now on the own share counts.
    fn without_store(&self, want: Want) -> Grant {
        let (mut state, now) = (self.lock(), Instant::now());
        state.away = Some(now + AGAIN);
        if let Some(shared) = &self.shared {
            shared.series.decided(DecidedBy::Member);
        }
        state.grant(self.share(), want, now)
    }

    fn share(&self) -> Pace {
        self.rate.share(self.members())
    }

    fn members(&self) -> u32 {
        let members = self
            .shared
            .as_ref()
            .map_or(1, |shared| shared.sharing.crowd.members());
        u32::try_from(members).unwrap_or(u32::MAX).max(1)
    }

    /// How many one member may take ahead.
    fn most(&self) -> u32 {
        let all = self.members().saturating_mul(AHEAD);
        (self.rate.requests / all).max(1)
    }

    /// How many to ask for, and the mark of whoever asks for more than one.
    fn begin_asking(self: &Arc<Self>) -> (u32, Option<Asking>) {
        let mut state = self.lock();
        if state.asking {
            return (1, None);
        }
        state.asking = true;
        let next = state.stock.next(Instant::now(), self.most());
        (next, Some(Asking(self.clone())))
    }

    /// Asks for a batch that nobody waits for; for none, it asks whether the store is there.
    fn ask_beside(self: &Arc<Self>, state: &mut State, permits: u32) {
        let Some(shared) = &self.shared else { return };
        state.asking = true;
        let asking = Asking(self.clone());
        shared.spawn(async move {
            let this = &asking.0;
            let Some(shared) = &this.shared else { return };
            let asked = StoreBudget::new(BESIDE);
            let granted = asked
                .spend(shared.ask(this.rate, Want::UpTo(permits)))
                .await;
            let (mut state, now) = (this.lock(), Instant::now());
            match granted {
                Ok(grant) => {
                    state.told(grant, now);
                    state.stock.add(grant.permits, now);
                }
                Err(_) => state.away = Some(now + AGAIN),
            }
            drop(state);
            drop(asking);
        });
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Each change of the state is whole before anything could panic.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shared {
    async fn ask(&self, rate: Rate, want: Want) -> Result<Grant, StoreError> {
        self.sharing.store.grant(&self.name, rate, want).await
    }

    fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        drop(self.sharing.runtime.spawn(work));
    }
}

impl State {
    /// What a bucket of this process gives.
    fn grant(&mut self, pace: Pace, want: Want, now: Instant) -> Grant {
        let ahead = self.full.map(|full| full.saturating_duration_since(now));
        let grant = pace.grant(ahead.unwrap_or_default(), want);
        if grant.permits > 0 {
            self.full = Some(now + grant.ahead);
        }
        grant
    }

    /// The store answered. A share of the rate is as empty as the whole of it.
    fn told(&mut self, grant: Grant, now: Instant) {
        self.full = Some(now + grant.ahead);
        self.away = None;
    }
}

/// Somebody asks; gone with whoever gives up.
struct Asking(Arc<Allowance>);

impl Drop for Asking {
    fn drop(&mut self) {
        self.0.lock().asking = false;
    }
}

fn taken(grant: Grant) -> Result<(), Duration> {
    if grant.permits == 0 {
        Err(grant.wait)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_bucket_empties_at_once_and_fills_with_time() {
        let alone = Allowance::alone(Rate::new(4, SECOND * 8));
        let take = |at| alone.take_at_once(at).expect("nobody is asked");
        let start = Instant::now();
        for _ in 0..4 {
            assert_eq!(take(start), Ok(()));
        }
        assert_eq!(take(start), Err(SECOND * 2));
        let refused = take(start + SECOND);
        assert_eq!(refused, Err(SECOND), "a refusal costs nothing");
        assert_eq!(take(start + SECOND * 2), Ok(()));
        assert_eq!(take(start + SECOND * 2), Err(SECOND * 2));
        for _ in 0..4 {
            assert_eq!(take(start + SECOND * 60), Ok(()), "and never holds more");
        }
        assert!(take(start + SECOND * 60).is_err());
    }
}
