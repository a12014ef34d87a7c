//! Whether the store does what it is asked.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::error::StoreError;

/// How the store is, as far as this process sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreHealth {
    /// Host and port, or the path of a socket; of a sentinel the master it named last. Never who we are there.
    pub address: Arc<str>,
    /// Why commands come to nothing; `None`: they are executed.
    pub away: Option<StoreError>,
    /// Since when it is as it is.
    pub since: SystemTime,
    /// The last error of all, and when it was.
    pub last_error: Option<(SystemTime, StoreError)>,
    /// How long it was away since the start, all times together.
    pub away_in_all: Duration,
}

/// A store that is asked how it is. That asks no server: it says what commands came to.
pub trait Health: fmt::Debug + Send + Sync {
    fn health(&self) -> StoreHealth;
}
