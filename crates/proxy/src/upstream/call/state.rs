//! How an upstream is at this moment, for operators.

use std::time::{Duration, SystemTime};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Circuit {
    /// Calls go.
    Closed,
    /// The vendor failed too often: calls are refused. Once the wait is over (0) the next one is let through.
    Open { wait: Duration },
    /// One call is under way that finds out; all others are refused.
    Probing,
}

/// The token that calls bear.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenState {
    /// The credential is fixed.
    NotUsed,
    /// Nobody has called yet, or none was to be had.
    None,
    Until(SystemTime),
}
