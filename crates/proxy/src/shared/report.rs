//! What an operator is told of the store and of the fleet.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::store::health::StoreHealth;
use crate::metrics::{JoinReason, MemberGauges};

/// At this moment.
#[derive(Debug, Clone, PartialEq)]
pub struct FleetReport {
    pub store: StoreHealth,
    /// One for each account, in the order of the first upstream's name.
    pub members: Vec<MemberReport>,
}

/// This process as a member of the fleet of one account.
#[derive(Debug, Clone, PartialEq)]
pub struct MemberReport {
    /// Upstreams that are called under this account.
    pub upstreams: Vec<Arc<str>>,
    pub now: MemberGauges,
    /// For how long the store's data are unbroken; `None`: no beat was answered yet.
    pub epoch_age: Option<Duration>,
    /// When it last began anew, and why; `None`: it has not yet begun.
    pub joined: Option<(SystemTime, JoinReason)>,
}
