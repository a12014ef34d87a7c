//! What a configuration has of the fleet of one account.

use std::sync::Arc;

use super::link::Link;
use crate::shared::lease::Lease;
use crate::shared::name::{Account, Epoch};
use crate::shared::store::Store;

/// As long as one of these is kept, this process is a member of the account's fleet.
pub struct Membership {
    pub(super) link: Arc<Link>,
    lease: Arc<Lease>,
    _running: Arc<Running>,
}

/// A place in the account's journal: all that was answered before is at or before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub epoch: Epoch,
    /// Of the last entry.
    pub number: u64,
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
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.link.store
    }

    /// Where this member is, if it is nowhere in between: it has a lease, has applied all that it knows of, and knows
    /// of no write that is under way, held, or still to be told.
    #[must_use]
    pub fn place(&self) -> Option<Place> {
        if !self.has_lease() {
            return None;
        }
        let (epoch, number) = self.link.place()?;
        Some(Place { epoch, number })
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
