//! `evidence`: what is kept of requests that a vendor or the gateway failed.

use std::time::Duration;

use super::key::{Need, Preset, Row, Section, Span, section, size, time};
use super::node::Node;

/// How much is kept in memory, and how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EvidenceSettings {
    /// Bytes, about, of all records; the oldest go first.
    pub budget: usize,
    pub keep: Duration,
}

/// A longer time is a mistake in the unit.
const LONGEST: Duration = Duration::from_secs(365 * 24 * 3600);

static BUDGET: Preset<usize> = size(
    "budget",
    8 << 20,
    "of all records in memory, about; the oldest go first. One record has at most 1 MiB of it",
);
static KEEP: Preset<Duration> = time(
    "keep",
    Span::ABOVE_ZERO.up_to(LONGEST),
    Duration::from_secs(24 * 3600),
    "how long a record is kept at most; a restart forgets all of them",
);

pub static EVIDENCE: Section = section(
    "evidence",
    Need::Optional("off"),
    ROWS,
    "keeps what was said to and by the vendor where a request failed; `evidence: {}` turns it on ([below](#evidence))",
);
static ROWS: &[&Row] = &[&BUDGET.row, &KEEP.row];

/// `None`: it is off.
pub fn read(root: &Node<'_>) -> Option<EvidenceSettings> {
    let node = root.optional(&EVIDENCE)?;
    Some(EvidenceSettings {
        budget: node.get(&BUDGET),
        keep: node.get(&KEEP),
    })
}

impl Default for EvidenceSettings {
    fn default() -> Self {
        Self {
            budget: BUDGET.default,
            keep: KEEP.default,
        }
    }
}
