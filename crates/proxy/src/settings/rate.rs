//! So many in such a time: the quota of a caller, the rate towards a vendor.

use std::time::Duration;

use super::key::Key;
use super::node::Node;

/// A bucket of so many requests that fills up in such a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateSettings {
    pub requests: usize,
    pub per: Duration,
}

/// Above it the time of one request could not be told from none.
pub const MOST: usize = 1_000_000;

/// `None`: one of them is missing or wrong, and that was told.
pub fn read(
    node: &Node<'_>,
    (requests, per): (&'static Key<usize>, &'static Key<Duration>),
) -> Option<RateSettings> {
    let (requests, per) = (node.ask(requests), node.ask(per));
    Some(RateSettings {
        requests: requests?,
        per: per?,
    })
}
