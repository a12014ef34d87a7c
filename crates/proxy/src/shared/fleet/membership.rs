//! What a configuration has of the fleet of one account.

use std::sync::Arc;

use super::link::Link;
use crate::shared::lease::Lease;
use crate::shared::name::Account;

/// As long as one of these is kept, this process is a member of the account's fleet.
pub struct Membership {
    pub(super) link: Arc<Link>,
    lease: Arc<Lease>,
    _running: Arc<Running>,
}

/// The last of them takes the process out of the fleet.
pub(super) struct Running(pub(super) Arc<Link>);

impl Membership {
    pub(super) fn new(link: Arc<Link>, lease: Arc<Lease>, running: Arc<Running>) -> Self {
        Self {
            link,
            lease,
            _running: running,
        }
    }

    /// Whether the cache may be looked at by a request that is here already.
    #[must_use]
    pub fn has_lease(&self) -> bool {
        self.lease.is_valid()
    }

    #[must_use]
    pub fn account(&self) -> &Account {
        &self.link.account
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.retire();
    }
}
