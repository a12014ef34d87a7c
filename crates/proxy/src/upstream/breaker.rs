//! The circuit breaker of one upstream: fails fast while a vendor is down, asks again with growing
//! waits. Synchronous; time comes in as an argument.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

/// When the circuit opens and how long it stays so.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BreakerSettings {
    /// Consecutive failures that open it.
    pub failures: usize,
    /// Share of failures among the calls of the last ten seconds that opens it, in percent.
    pub failure_percent: usize,
    /// With fewer calls than this the share says nothing.
    pub minimum_calls: usize,
    /// The first wait; each failed probe doubles it.
    pub wait: Duration,
    pub max_wait: Duration,
}

impl Default for BreakerSettings {
    fn default() -> Self {
        Self {
            failures: 7,
            failure_percent: 50,
            minimum_calls: 20,
            wait: Duration::from_secs(1),
            max_wait: Duration::from_secs(60),
        }
    }
}

const WINDOW: Duration = Duration::from_secs(10);
/// The window holds at most this many calls; older ones leave first.
const WINDOW_CALLS: usize = 1024;

#[derive(Debug)]
pub struct Breaker {
    settings: BreakerSettings,
    state: State,
    consecutive: usize,
    recent: VecDeque<(Instant, bool)>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum State {
    Closed,
    Open {
        until: Instant,
        wait: Duration,
    },
    /// One probe is under way.
    Probing {
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
            consecutive: 0,
            recent: VecDeque::new(),
        }
    }

    /// Whether a call may go; otherwise how long to wait.
    pub fn admit(&mut self, now: Instant) -> Result<(), Duration> {
        match self.state {
            State::Closed => Ok(()),
            State::Open { until, .. } if now < until => Err(until - now),
            State::Open { wait, .. } => {
                self.state = State::Probing { since: now, wait };
                Ok(())
            }
            State::Probing { since, wait } if now.duration_since(since) >= PROBE_LIMIT => {
                self.state = State::Probing { since: now, wait };
                Ok(())
            }
            State::Probing { wait, .. } => Err(wait),
        }
    }

    /// Whether a call would be refused now, without taking the probe.
    #[must_use]
    pub fn refuses(&self, now: Instant) -> Option<Duration> {
        match self.state {
            State::Open { until, .. } if now < until => Some(until - now),
            State::Probing { since, wait } if now.duration_since(since) < PROBE_LIMIT => Some(wait),
            _ => None,
        }
    }

    /// A call that was let through and says nothing of the vendor: the next one is the probe.
    pub fn abandon(&mut self, now: Instant) {
        if let State::Probing { wait, .. } = self.state {
            self.state = State::Open { until: now, wait };
        }
    }

    /// What became of a call that was let through.
    pub fn record(&mut self, succeeded: bool, now: Instant) {
        if succeeded {
            self.consecutive = 0;
            // While it is open only stragglers report; at a vendor that fails half of the time one of
            // them is always a success.
            if matches!(self.state, State::Probing { .. }) {
                self.state = State::Closed;
                self.recent.clear();
            }
        } else {
            self.consecutive += 1;
        }
        self.recent.push_back((now, succeeded));
        while self.recent.len() > WINDOW_CALLS
            || self
                .recent
                .front()
                .is_some_and(|(at, _)| now.duration_since(*at) > WINDOW)
        {
            self.recent.pop_front();
        }
        if succeeded {
            return;
        }
        match self.state {
            State::Closed if self.consecutive >= self.settings.failures || self.is_failing() => {
                self.open(self.settings.wait, now)
            }
            State::Probing { wait, .. } => self.open((wait * 2).min(self.settings.max_wait), now),
            State::Closed | State::Open { .. } => {}
        }
    }

    fn open(&mut self, wait: Duration, now: Instant) {
        self.state = State::Open {
            until: now + wait,
            wait,
        };
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

    #[must_use]
    pub fn is_open(&self) -> bool {
        self.state != State::Closed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opened(now: Instant) -> Breaker {
        let mut breaker = Breaker::new(BreakerSettings::default());
        for _ in 0..7 {
            assert_eq!(breaker.admit(now), Ok(()));
            breaker.record(false, now);
        }
        breaker
    }

    #[test]
    fn seven_failures_in_a_row_open_it_for_a_second() {
        let now = Instant::now();
        let mut breaker = opened(now);
        assert_eq!(breaker.admit(now), Err(Duration::from_secs(1)));
        assert_eq!(
            breaker.admit(now + Duration::from_millis(400)),
            Err(Duration::from_millis(600))
        );
    }

    #[test]
    fn a_success_in_between_keeps_it_closed() {
        let now = Instant::now();
        let mut breaker = Breaker::new(BreakerSettings::default());
        for call in 0..19 {
            breaker.record(call % 7 == 6, now);
        }
        assert!(!breaker.is_open());
    }

    #[test]
    fn half_of_twenty_calls_failing_opens_it() {
        let now = Instant::now();
        let mut breaker = Breaker::new(BreakerSettings::default());
        for call in 0..20 {
            assert!(!breaker.is_open(), "opened after {call}");
            breaker.record(call % 2 == 0, now);
        }
        assert!(breaker.is_open());
    }

    #[test]
    fn failures_of_long_ago_do_not_count() {
        let now = Instant::now();
        let mut fresh = Breaker::new(BreakerSettings::default());
        for second in 0..60 {
            fresh.record(second % 2 == 0, now + Duration::from_secs(second));
        }
        assert!(
            !fresh.is_open(),
            "ten calls in the window are too few to judge"
        );
    }

    #[test]
    fn a_straggler_does_not_close_it() {
        let now = Instant::now();
        let mut breaker = opened(now);
        breaker.record(true, now);
        assert!(breaker.is_open());
    }

    #[test]
    fn one_probe_goes_and_each_failure_doubles_the_wait_up_to_a_minute() {
        let mut now = Instant::now();
        let mut breaker = opened(now);
        let mut waits = Vec::new();
        for _ in 0..8 {
            let wait = breaker.admit(now).expect_err("it is open");
            waits.push(wait.as_secs());
            now += wait;
            assert_eq!(breaker.admit(now), Ok(()), "the probe");
            assert!(breaker.admit(now).is_err(), "only one");
            breaker.record(false, now);
        }
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 60, 60]);
        now += Duration::from_secs(60);
        assert_eq!(breaker.admit(now), Ok(()));
        breaker.record(true, now);
        assert!(!breaker.is_open());
        assert_eq!(breaker.admit(now), Ok(()));
    }

    #[test]
    fn a_probe_that_never_reports_blocks_nobody_for_ever() {
        let now = Instant::now();
        let mut breaker = opened(now);
        let later = now + Duration::from_secs(1);
        assert_eq!(breaker.admit(later), Ok(()));
        assert_eq!(breaker.admit(later + PROBE_LIMIT), Ok(()));
    }
}
