//! The circuit breaker of one upstream: fails fast while a vendor is down, asks again with growing
//! waits. Synchronous; time comes in as an argument.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

use crate::settings::BreakerSettings;
use crate::upstream::call::state::Circuit;

const WINDOW: Duration = Duration::from_secs(10);
/// The window holds at most this many calls; older ones leave first.
const WINDOW_CALLS: usize = 1024;

#[derive(Debug)]
pub struct Breaker {
    settings: BreakerSettings,
    state: State,
    /// Grows with each change of the state.
    generation: u64,
    consecutive: usize,
    recent: VecDeque<(Instant, bool)>,
}

/// Under what a call was let through. Its end counts only as long as that lasts: while one probe is under
/// way, what older calls come to says nothing that the circuit does not know.
#[derive(Debug, PartialEq, Eq)]
pub struct Permit {
    generation: u64,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum State {
    Closed,
    Open {
        until: Instant,
        wait: Duration,
    },
    /// One probe is under way.
    HalfOpen {
        since: Instant,
        wait: Duration,
    },
}

/// A probe whose caller never reported is given up after this; another may go.
const PROBE_LIMIT: Duration = Duration::from_secs(30);

impl Breaker {
    pub fn new(settings: BreakerSettings) -> Self {
        Self {
            settings,
            state: State::Closed,
            generation: 0,
            consecutive: 0,
            recent: VecDeque::new(),
        }
    }

    /// Whether a call may go; otherwise how long to wait.
    pub fn admit(&mut self, now: Instant) -> Result<Permit, Duration> {
        match self.state {
            State::Closed => {}
            State::Open { until, .. } if now < until => return Err(until - now),
            State::HalfOpen { since, wait } if now.duration_since(since) < PROBE_LIMIT => {
                return Err(wait);
            }
            State::Open { wait, .. } | State::HalfOpen { wait, .. } => {
                self.change(State::HalfOpen { since: now, wait });
            }
        }
        Ok(self.permit())
    }

    /// The permit of a call that goes in any case. `None`: the circuit is not closed, and the probe
    /// alone settles it.
    #[must_use]
    pub fn pass(&self) -> Option<Permit> {
        (self.state == State::Closed).then(|| self.permit())
    }

    fn permit(&self) -> Permit {
        Permit {
            generation: self.generation,
        }
    }

    fn change(&mut self, state: State) {
        self.state = state;
        self.generation += 1;
    }

    /// Whether a call would be refused now, without taking the probe.
    #[must_use]
    pub fn refuses(&self, now: Instant) -> Option<Duration> {
        match self.state {
            State::Open { until, .. } if now < until => Some(until - now),
            State::HalfOpen { since, wait } if now.duration_since(since) < PROBE_LIMIT => {
                Some(wait)
            }
            _ => None,
        }
    }

    /// For operators.
    #[must_use]
    pub fn circuit(&self, now: Instant) -> Circuit {
        match self.state {
            State::Closed => Circuit::Closed,
            State::Open { until, .. } => Circuit::Open {
                wait: until.saturating_duration_since(now),
            },
            State::HalfOpen { since, .. } if now.duration_since(since) < PROBE_LIMIT => {
                Circuit::Probing
            }
            State::HalfOpen { .. } => Circuit::Open {
                wait: Duration::ZERO,
            },
        }
    }

    /// A call that was let through says nothing of the vendor. If it was the probe, the next one is.
    pub fn abandon(&mut self, permit: Permit, now: Instant) {
        if let State::HalfOpen { wait, .. } = self.state
            && permit == self.permit()
        {
            self.change(State::Open { until: now, wait });
        }
    }

    /// What became of a call that was let through.
    pub fn record(&mut self, permit: Permit, succeeded: bool, now: Instant) {
        if permit != self.permit() {
            return;
        }
        match self.state {
            State::HalfOpen { .. } if succeeded => {
                self.change(State::Closed);
                self.consecutive = 0;
                self.recent.clear();
            }
            State::HalfOpen { wait, .. } => self.open((wait * 2).min(self.settings.max_wait), now),
            // Nobody has a permit of an open circuit.
            State::Open { .. } => {}
            State::Closed => {
                self.count(succeeded, now);
                if self.consecutive >= self.settings.failures || !succeeded && self.is_failing() {
                    self.open(self.settings.wait, now);
                }
            }
        }
    }

    fn count(&mut self, succeeded: bool, now: Instant) {
        self.consecutive = if succeeded { 0 } else { self.consecutive + 1 };
        self.recent.push_back((now, succeeded));
        while self.recent.len() > WINDOW_CALLS
            || self
                .recent
                .front()
                .is_some_and(|(at, _)| now.duration_since(*at) > WINDOW)
        {
            self.recent.pop_front();
        }
    }

    fn open(&mut self, wait: Duration, now: Instant) {
        self.change(State::Open {
            until: now + wait,
            wait,
        });
    }

    fn is_failing(&self) -> bool {
        let calls = self.recent.len();
        let failed = self
            .recent
            .iter()
            .filter(|(_, succeeded)| !succeeded)
            .count();
        calls >= self.settings.minimum_calls
            && failed * 100 >= calls * self.settings.failure_percent
    }
}

#[cfg(test)]
mod tests;
