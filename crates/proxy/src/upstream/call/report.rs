//! How a vendor does, for who looks at `/status`.

use std::time::Duration;

use tokio::time::Instant;

use super::state::Circuit;
use crate::upstream::recent::{Calls, Trouble};

/// So many failures in a row, and nobody should wait for the circuit to say that a vendor is down.
const DOWN_AFTER: usize = 3;
/// A share of failures that is no accident, in per cent, with at least [`LEAST_FAILURES`] of them.
const DEGRADED_PERCENT: usize = 10;
const LEAST_FAILURES: usize = 2;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Health {
    Up,
    /// Calls go through, and some fail or wait.
    Degraded,
    /// No call goes through, or the last ones all failed.
    Down,
}

/// A pause that the vendor asked for by `Retry-After`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pause {
    pub left: Duration,
    /// With a server error.
    pub by_error: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueueReport {
    pub in_use: usize,
    pub places: usize,
    pub waiting: usize,
    pub room: usize,
}

/// What is true of a vendor at this moment. Holds no text of the vendor's and no secret.
#[derive(Debug, Clone, PartialEq)]
pub struct UpstreamReport {
    pub circuit: Circuit,
    pub pause: Option<Pause>,
    pub queue: QueueReport,
    pub calls: Calls,
    pub trouble: Trouble,
    /// Since when it is looked at: the start, or the last reload that was accepted.
    pub opened: Instant,
    /// Of an OAuth token: how long it is still valid, zero where there is none. `None`: none is used.
    pub token: Option<Duration>,
}

/// Up, degraded or down, why, and since when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    pub health: Health,
    pub reason: String,
    pub since: Instant,
}

impl UpstreamReport {
    /// The first rule that fits, from the worst on.
    #[must_use]
    pub fn judge(&self) -> Judgement {
        let judgement = |health, reason: String, since: Option<Instant>| Judgement {
            health,
            reason,
            since: since.unwrap_or_else(Instant::now),
        };
        let trouble = &self.trouble;
        let last = trouble.last.as_ref();
        let why = last.map_or("too many failures", |(_, why)| why);
        let begun = trouble.since.or(last.map(|(at, _)| *at));
        match self.circuit {
            Circuit::Closed => {}
            Circuit::Open { wait } if wait.is_zero() => {
                let reason = format!("circuit open ({why}); the next call is the probe");
                return judgement(Health::Down, reason, begun);
            }
            Circuit::Open { wait } => {
                let reason = format!("circuit open ({why}); asked again in {} s", seconds(wait));
                return judgement(Health::Down, reason, begun);
            }
            Circuit::Probing => {
                let reason = format!("circuit open ({why}); the probe is under way");
                return judgement(Health::Down, reason, begun);
            }
        }
        if let Some(pause) = self.pause.filter(|pause| pause.by_error) {
            let left = seconds(pause.left);
            let reason = format!("the vendor fails and asks not to be called for {left} s");
            return judgement(Health::Down, reason, begun);
        }
        if trouble.in_a_row >= DOWN_AFTER {
            let reason = format!("the last {} calls failed ({why})", trouble.in_a_row);
            return judgement(Health::Down, reason, begun);
        }
        let Calls { count, failed, .. } = self.calls;
        if trouble.in_a_row > 0 {
            let reason = format!("the last call failed ({why})");
            return judgement(Health::Degraded, reason, begun);
        }
        if let Some(pause) = self.pause {
            let left = seconds(pause.left);
            let reason = format!("the vendor asks for fewer calls, none for {left} s");
            return judgement(Health::Degraded, reason, None);
        }
        if failed >= LEAST_FAILURES && failed * 100 >= count * DEGRADED_PERCENT {
            let reason = format!("{failed} of the last {count} calls failed (last: {why})");
            return judgement(Health::Degraded, reason, self.calls.first_failure);
        }
        let QueueReport { waiting, room, .. } = self.queue;
        if waiting > 0 && waiting * 2 >= room {
            let reason = format!("{waiting} calls wait for a place");
            return judgement(Health::Degraded, reason, None);
        }
        let reason = match count {
            0 => "no call in the last five minutes".to_owned(),
            _ => format!("{} of the last {count} calls were answered", count - failed),
        };
        judgement(Health::Up, reason, trouble.recovered.or(Some(self.opened)))
    }
}

/// Whole seconds, and none that would be zero while there is something left.
fn seconds(time: Duration) -> u64 {
    time.as_secs() + u64::from(time.subsec_nanos() > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quiet() -> UpstreamReport {
        UpstreamReport {
            circuit: Circuit::Closed,
            pause: None,
            queue: QueueReport {
                in_use: 0,
                places: 4,
                waiting: 0,
                room: 8,
            },
            calls: Calls {
                count: 0,
                failed: 0,
                first_failure: None,
                p50: None,
                p95: None,
            },
            trouble: Trouble::default(),
            opened: Instant::now(),
            token: None,
        }
    }

    fn judged(change: impl FnOnce(&mut UpstreamReport)) -> (Health, String) {
        let mut report = quiet();
        change(&mut report);
        let judgement = report.judge();
        (judgement.health, judgement.reason)
    }

    fn failing(report: &mut UpstreamReport, in_a_row: usize) {
        report.trouble.in_a_row = in_a_row;
        report.trouble.since = Some(Instant::now());
        report.trouble.last = Some((Instant::now(), "timeout".to_owned()));
    }

    #[tokio::test(start_paused = true)]
    async fn the_worst_that_fits_is_told() {
        let of = |health, reason: &str| (health, reason.to_owned());
        assert_eq!(
            judged(|_| {}),
            of(Health::Up, "no call in the last five minutes")
        );
        assert_eq!(
            judged(|report| report.calls.count = 30),
            of(Health::Up, "30 of the last 30 calls were answered")
        );
        // One failure of an hour is no degradation, two of ten are.
        for (count, failed, health) in [
            (1, 1, Health::Up),
            (100, 2, Health::Up),
            (10, 2, Health::Degraded),
        ] {
            let (found, _) = judged(|report| {
                report.calls.count = count;
                report.calls.failed = failed;
            });
            assert_eq!(found, health, "{failed} of {count}");
        }
        assert_eq!(
            judged(|report| failing(report, 1)),
            of(Health::Degraded, "the last call failed (timeout)")
        );
        assert_eq!(
            judged(|report| failing(report, 3)),
            of(Health::Down, "the last 3 calls failed (timeout)")
        );
        assert_eq!(
            judged(|report| report.queue.waiting = 4),
            of(Health::Degraded, "4 calls wait for a place")
        );
        let pause = |by_error| Pause {
            left: Duration::from_millis(1500),
            by_error,
        };
        assert_eq!(
            judged(|report| report.pause = Some(pause(false))).0,
            Health::Degraded
        );
        assert_eq!(
            judged(|report| report.pause = Some(pause(true))),
            of(
                Health::Down,
                "the vendor fails and asks not to be called for 2 s"
            )
        );
        for circuit in [
            Circuit::Open {
                wait: Duration::from_secs(3),
            },
            Circuit::Open {
                wait: Duration::ZERO,
            },
            Circuit::Probing,
        ] {
            let (health, reason) = judged(|report| {
                failing(report, 7);
                report.circuit = circuit;
            });
            assert_eq!(health, Health::Down);
            assert!(reason.starts_with("circuit open (timeout); "), "{reason}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn it_is_down_since_the_first_failure_of_the_row_and_up_since_the_recovery() {
        let mut report = quiet();
        failing(&mut report, 3);
        let begun = report.trouble.since;
        tokio::time::advance(Duration::from_secs(60)).await;
        assert_eq!(Some(report.judge().since), begun);
        report.trouble = Trouble {
            recovered: Some(Instant::now()),
            ..Trouble::default()
        };
        tokio::time::advance(Duration::from_secs(60)).await;
        assert_eq!(Some(report.judge().since), report.trouble.recovered);
    }
}
