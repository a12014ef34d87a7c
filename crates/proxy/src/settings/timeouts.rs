//! `timeouts` and `drain`: how long a caller may take, and how long the end may.

use std::time::Duration;

use super::key::{Need, Preset, Row, Section, Span, section, time};
use super::node::Node;

/// How long a caller may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// The whole request head, from its first byte on. Without it one byte a minute holds a connection for ever.
    pub head: Duration,
    /// The whole request body.
    pub body: Duration,
    /// From an answer to the first byte of the next request.
    pub idle: Duration,
    /// Until the caller takes more of an answer.
    pub write: Duration,
}

static HEAD: Preset<Duration> = time(
    "head",
    Span::ABOVE_ZERO,
    Duration::from_secs(10),
    "a whole request head, from its first byte on; the first one of a connection, from the start of the connection. 408, or silence where not a byte came",
);
static BODY: Preset<Duration> = time(
    "body",
    Span::ABOVE_ZERO,
    Duration::from_secs(30),
    "a whole request body",
);
static IDLE: Preset<Duration> = time(
    "idle",
    Span::ABOVE_ZERO,
    Duration::from_secs(60),
    "from an answer to the first byte of the next request of its connection",
);
static WRITE: Preset<Duration> = time(
    "write",
    Span::ABOVE_ZERO,
    Duration::from_secs(30),
    "progress of an answer: who takes some 256 KiB of it in this time gets all of it, however long that takes; who takes less is cut",
);

pub static TIMEOUTS: Section = section(
    "timeouts",
    Need::Optional("the defaults"),
    TIMEOUTS_ROWS,
    "how long a caller may take",
);
static TIMEOUTS_ROWS: &[&Row] = &[&HEAD.row, &BODY.row, &IDLE.row, &WRITE.row];

pub fn read(node: &Node<'_>) -> Timeouts {
    Timeouts {
        head: node.get(&HEAD),
        body: node.get(&BODY),
        idle: node.get(&IDLE),
        write: node.get(&WRITE),
    }
}

/// What SIGTERM starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Drain {
    /// The listener stays open after readiness turned, so that balancers notice.
    pub delay: Duration,
    /// The longest wait for accepted requests afterwards.
    pub limit: Duration,
}

static DELAY: Preset<Duration> = time(
    "delay",
    Span::FROM_ZERO,
    Duration::from_secs(1),
    "after SIGTERM, how long the listeners stay open while readiness says no; `0s` is allowed",
);
static LIMIT: Preset<Duration> = time(
    "limit",
    Span::ABOVE_ZERO,
    Duration::from_secs(25),
    "the longest wait for accepted requests after that",
);

pub static DRAIN: Section = section(
    "drain",
    Need::Optional("the defaults"),
    DRAIN_ROWS,
    "what SIGTERM starts",
);
static DRAIN_ROWS: &[&Row] = &[&DELAY.row, &LIMIT.row];

pub fn read_drain(node: &Node<'_>) -> Drain {
    Drain {
        delay: node.get(&DELAY),
        limit: node.get(&LIMIT),
    }
}
