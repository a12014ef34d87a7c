//! The fleets that a configuration's upstreams belong to.

use std::collections::BTreeMap;
use std::sync::Arc;

use contract::{OperationIndex, Plan};

use crate::cache::Fences;
use crate::settings::Settings;
use crate::shared::{Account, Fleet, Joining, Membership};
use crate::upstream::Upstream;

/// Of each upstream, and of each operation by its upstream.
pub struct Memberships {
    accounts: Vec<OfAccount>,
    /// Parallel to the plan's operations: where their account stands.
    by_operation: Vec<usize>,
}

/// One account, and the upstreams that are it.
pub struct OfAccount {
    pub membership: Arc<Membership>,
    pub upstreams: Vec<Arc<str>>,
}

impl Memberships {
    /// Joins the fleet of each account, or goes on in it; before the first request under the configuration.
    #[must_use]
    pub fn join(
        fleet: &Fleet,
        fences: &Fences,
        (plan, settings): (&Plan, &Settings),
        upstreams: &BTreeMap<String, Arc<dyn Upstream>>,
    ) -> Self {
        let mut by_account: BTreeMap<Account, Vec<Arc<str>>> = BTreeMap::new();
        for (name, upstream) in upstreams {
            let names = by_account.entry(upstream.account()).or_default();
            names.push(name.as_str().into());
        }
        fences.keep_accounts(by_account.keys());
        let accounts = by_account.into_iter().map(|(account, upstreams)| {
            let (fence, new) = fences.of_account(&account, &upstreams);
            let membership = fleet.join(Joining {
                account,
                upstreams: upstreams.clone(),
                digest: plan.digest.as_str().into(),
                keep: settings.deadline + settings.cache.unknown_hold,
                fence,
            });
            // The journal speaks to them from now on, and writes of this process reach them; of what was before they
            // know nothing.
            for fence in &new {
                fence.stamp_all();
                if let Some(until) = fences.held_until() {
                    fence.hold_all(until);
                }
            }
            OfAccount {
                membership,
                upstreams,
            }
        });
        let accounts: Vec<_> = accounts.collect();
        let by_operation = plan.operations.iter().map(|operation| {
            let upstream = &operation.binding.upstream;
            let found = accounts
                .iter()
                .position(|one| one.upstreams.contains(upstream));
            // Each upstream of the plan is one of the runtime's.
            found.unwrap_or(usize::MAX)
        });
        Self {
            by_operation: by_operation.collect(),
            accounts,
        }
    }

    #[must_use]
    pub fn of(&self, index: OperationIndex) -> Option<&OfAccount> {
        self.accounts.get(*self.by_operation.get(index.0)?)
    }

    /// Where an upstream's account stands.
    #[must_use]
    pub fn of_upstream(&self, name: &Arc<str>) -> Option<usize> {
        let mut accounts = self.accounts.iter();
        accounts.position(|one| one.upstreams.contains(name))
    }

    #[must_use]
    pub fn at(&self, place: usize) -> Option<&OfAccount> {
        self.accounts.get(place)
    }

    pub fn all(&self) -> impl Iterator<Item = &OfAccount> {
        self.accounts.iter()
    }
}
