//! What a fleet stands on, and what an account is joined with.

use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Handle;

use crate::metrics::Metrics;
use crate::shared::clock::Clock;
use crate::shared::name::Account;
use crate::shared::store::Store;

/// What the process's fleet stands on.
pub struct FleetOptions {
    pub store: Arc<dyn Store>,
    pub clock: Clock,
    /// How many replicas can be promoted; 0 where nobody says.
    pub replicas: u32,
    /// A write that the others cannot be told of is not sent (`writes_without_store: refuse`).
    pub refuses_alone: bool,
    pub metrics: Arc<Metrics>,
    /// Where the tasks run.
    pub runtime: Handle,
}

/// How an account is joined, or goes on.
pub struct Joining<F> {
    pub account: Account,
    /// The upstreams that are this account, for metrics and reports.
    pub upstreams: Vec<Arc<str>>,
    /// Of the contract from now on.
    pub digest: Arc<str>,
    /// For how long a write can be applied after it began.
    pub keep: Duration,
    pub fence: F,
}
