//! `queue`, `rate` and `breaker`: what one vendor may cost, what it gets, and when it is left alone.

use std::time::Duration;

use crate::settings::key::{
    Key, Need, Preset, Row, Section, Span, count, duration, number, section, time,
};
use crate::settings::node::Node;
use crate::settings::rate::{self, MOST, RateSettings};

/// What one upstream may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueueSettings {
    /// Calls at once. A vendor that hangs holds at most so many.
    pub concurrency: usize,
    /// Calls that wait for a place. Reads fill at most half, and the youngest of them gives way to a
    /// write that finds no room.
    pub waiting: usize,
    /// The longest wait.
    pub wait: Duration,
}

static CONCURRENCY: Preset<usize> = count("concurrency", (1, 100_000), 64, "calls at once");
static WAITING: Preset<usize> = count(
    "waiting",
    (0, 1_000_000),
    512,
    "calls that wait for a place; reads fill at most half",
);
static PLACE_WAIT: Preset<Duration> = time(
    "wait",
    Span::ABOVE_ZERO,
    Duration::from_secs(1),
    "the longest wait for a place",
);

pub static QUEUE: Section = section(
    "queue",
    Need::Optional("the defaults"),
    &[&CONCURRENCY.row, &WAITING.row, &PLACE_WAIT.row],
    "calls at once, calls that wait, and how long they wait",
);

pub fn read_queue(node: &Node<'_>) -> QueueSettings {
    QueueSettings {
        concurrency: node.get(&CONCURRENCY),
        waiting: node.get(&WAITING),
        wait: node.get(&PLACE_WAIT),
    }
}

impl Default for QueueSettings {
    fn default() -> Self {
        Self {
            concurrency: CONCURRENCY.default,
            waiting: WAITING.default,
            wait: PLACE_WAIT.default,
        }
    }
}

static REQUESTS: Key<usize> = number(
    "requests",
    (1, MOST),
    Need::Required,
    "so many calls, which may go all at once after a quiet time",
);
static PER: Key<Duration> = duration(
    "per",
    Span::ABOVE_ZERO.up_to(LONGEST),
    Need::Required,
    "the time in which as many become free again, evenly: a vendor that counts in fixed windows can see twice as many in one",
);
/// A longer time is a mistake in the unit.
const LONGEST: Duration = Duration::from_secs(24 * 3600);

pub static RATE: Section = section(
    "rate",
    Need::Optional("none"),
    &[&REQUESTS.row, &PER.row],
    "how many calls the vendor gets, token fetches and look-ups among them. A call waits for its turn up to `queue.wait` (a read half of that), and is refused where it would not come. With `shared` all replicas of the account count together, else each for itself and anew after a reload",
);

/// `None`: there is none, or what is wrong with it was told.
pub fn read_rate(node: &Node<'_>) -> Option<RateSettings> {
    let rate = node.optional(&RATE)?;
    rate::read(&rate, (&REQUESTS, &PER))
}

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

static FAILURES: Preset<usize> = count(
    "failures",
    (1, 1_000_000),
    7,
    "failures in a row that open the circuit",
);
static FAILURE_PERCENT: Preset<usize> = count(
    "failure_percent",
    (1, 100),
    50,
    "share of failures within ten seconds that opens it",
);
static MINIMUM_CALLS: Preset<usize> = count(
    "minimum_calls",
    (1, 1_000),
    20,
    "with fewer calls the share says nothing",
);
static WAIT: Preset<Duration> = time(
    "wait",
    Span::ABOVE_ZERO,
    Duration::from_secs(1),
    "the first wait; each failed probe doubles it",
);
static MAX_WAIT: Preset<Duration> = time(
    "max_wait",
    Span::ABOVE_ZERO,
    Duration::from_secs(60),
    "the longest",
);

pub static BREAKER: Section = section(
    "breaker",
    Need::Optional("the defaults"),
    BREAKER_ROWS,
    "opens after `failures` in a row, or when `failure_percent` of at least `minimum_calls` in ten seconds fail",
);
static BREAKER_ROWS: &[&Row] = &[
    &FAILURES.row,
    &FAILURE_PERCENT.row,
    &MINIMUM_CALLS.row,
    &WAIT.row,
    &MAX_WAIT.row,
];

pub fn read_breaker(node: &Node<'_>) -> BreakerSettings {
    let settings = BreakerSettings {
        failures: node.get(&FAILURES),
        failure_percent: node.get(&FAILURE_PERCENT),
        minimum_calls: node.get(&MINIMUM_CALLS),
        wait: node.get(&WAIT),
        max_wait: node.get(&MAX_WAIT),
    };
    if settings.wait > settings.max_wait {
        node.refuse_pair(
            [&WAIT.row, &MAX_WAIT.row],
            "bad-wait",
            "`wait` is longer than `max_wait`",
            "The first wait doubles up to `max_wait`.",
        );
    }
    settings
}

impl Default for BreakerSettings {
    fn default() -> Self {
        Self {
            failures: FAILURES.default,
            failure_percent: FAILURE_PERCENT.default,
            minimum_calls: MINIMUM_CALLS.default,
            wait: WAIT.default,
            max_wait: MAX_WAIT.default,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::settings::Settings;

    fn read(rate: &str) -> Result<Option<RateSettings>, Vec<&'static str>> {
        let text = format!(
            "upstreams: {{v: {{base_url: 'https://v.example', auth: {{kind: none}}, rate: {rate}}}}}"
        );
        let settings = Settings::parse(&text, Path::new(""));
        let settings =
            settings.map_err(|errors| errors.iter().map(|error| error.code).collect::<Vec<_>>())?;
        Ok(settings.upstreams[0].rate)
    }

    #[test]
    fn a_rate_says_how_many_in_which_time_or_is_refused() {
        let good = read("{requests: 60, per: 1m}");
        let per = Duration::from_secs(60);
        assert_eq!(good, Ok(Some(RateSettings { requests: 60, per })));
        for bad in [
            "{}",
            "{requests: 60}",
            "{per: 1m}",
            "{requests: 0, per: 1m}",
            "{requests: 1000001, per: 1m}",
            "{requests: 60, per: 0s}",
            "{requests: 60, per: 60}",
            "{requests: 60, per: 48h}",
            "{requests: 60, per: 1m, burst: 5}",
            "60",
        ] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }
}
