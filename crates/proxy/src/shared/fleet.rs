//! This process in the fleets of its accounts: for each account a task that beats, the lease it is granted, and what
//! it tells the others of its writes.

mod acknowledgements;
mod beats;
mod gauges;
mod link;
mod membership;
mod options;
mod owed;
mod purge;
mod waiting;
mod watch;
mod write;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::budget::StoreBudget;
use super::member::FleetFence;
use super::name::{Account, MemberId};
use super::report::FleetReport;
use super::store::StoreError;
use crate::metrics::MemberGauged;
use link::Link;
use membership::Running;
pub use membership::{Membership, Place};
pub use options::{FleetOptions, Joining};
pub use write::{Ended, FleetWrite, Touched, WritePlan};

/// The process's handle; lives as long as it.
pub struct Fleet {
    options: FleetOptions,
    me: MemberId,
    /// The last number that a write was given, or a membership.
    numbers: AtomicU64,
    leaving: AtomicBool,
    accounts: Mutex<BTreeMap<Account, Known>>,
}

struct Known {
    link: Arc<Link>,
    running: std::sync::Weak<Running>,
    task: JoinHandle<()>,
}

impl Known {
    /// A configuration, or a request of one, has it still.
    fn is_used(&self) -> bool {
        self.running.strong_count() > 0
    }
}

impl Fleet {
    #[must_use]
    pub fn new(options: FleetOptions) -> Self {
        Self {
            options,
            me: MemberId::random(),
            numbers: AtomicU64::new(0),
            leaving: AtomicBool::new(false),
            accounts: Mutex::default(),
        }
    }

    /// What it stands on.
    #[must_use]
    pub const fn options(&self) -> &FleetOptions {
        &self.options
    }

    /// Gets or starts the account's task. Call it before the first request under the contract: what was held goes
    /// on under its names, and whoever reads by an earlier membership has no lease any more.
    pub fn join<F>(&self, joining: Joining<F>) -> Arc<Membership>
    where
        F: FleetFence + Send + Sync + 'static,
    {
        let mut accounts = self.lock();
        accounts.retain(|_, known| known.is_used());
        let known = accounts.get(&joining.account);
        let known = known.and_then(|known| Some((known.running.upgrade()?, known.link.clone())));
        if let Some((running, link)) = known {
            self.watch(&joining.upstreams, &link);
            let lease = link.change(joining);
            return Arc::new(Membership::new(link, lease, running));
        }
        let account = joining.account.clone();
        let number = self.number();
        // One that is leaving is not this one, and its end must not take this one off the list.
        let me = MemberId::named(&format!("{}-{number}", self.me.as_str()));
        let upstreams = joining.upstreams.clone();
        let (link, lease) = Link::new(&self.options, me, joining);
        let link = Arc::new(link);
        self.watch(&upstreams, &link);
        let running = Arc::new(Running(link.clone()));
        if self.leaving.load(Ordering::SeqCst) {
            link.retire();
        }
        let task = self.options.runtime.spawn(beats::run(link.clone()));
        let known = Known {
            link: link.clone(),
            running: Arc::downgrade(&running),
            task,
        };
        // The task of one that is leaving ends by itself.
        let _leaving = accounts.insert(account, known);
        Arc::new(Membership::new(link, lease, running))
    }

    /// Tells the members of each account that a write begins.
    ///
    /// # Errors
    /// One of them cannot be told, and so it must not be sent (`writes_without_store: refuse`).
    pub async fn begin(
        &self,
        touched: Vec<Touched>,
        plan: WritePlan,
        budget: &StoreBudget,
    ) -> Result<FleetWrite, StoreError> {
        let write = FleetWrite::new(touched, plan, || self.number());
        write.begin(budget, self.options.refuses_alone).await
    }

    /// Makes void at all members of these accounts; whether all of them have done so, or serve nothing meanwhile.
    /// Where it cannot be told now it is told later.
    pub async fn purge(&self, touched: Vec<Touched>, digest: Arc<str>) -> bool {
        let mut all = true;
        for one in touched {
            all &= purge::purge(one, &digest, self.number()).await;
        }
        all
    }

    /// Gives up all leases for good, tells the ends that are still owed and takes this process off the lists; it
    /// takes at most `limit`.
    pub async fn leave(&self, limit: Duration) {
        self.leaving.store(true, Ordering::SeqCst);
        let known = std::mem::take(&mut *self.lock());
        for known in known.values() {
            known.link.retire();
        }
        let all = async {
            for known in known.into_values() {
                let _ended = known.task.await;
            }
        };
        let _in_time = timeout(limit, all).await;
    }

    /// How many members the fleets have, of the largest; at least this one.
    #[must_use]
    pub fn members(&self) -> u64 {
        let accounts = self.lock();
        let used = accounts.values().filter(|known| known.is_used());
        let counts = used.map(|known| known.link.members());
        counts.max().unwrap_or(1).max(1)
    }

    /// For an operator.
    #[must_use]
    pub fn report(&self) -> FleetReport {
        let accounts = self.lock();
        let used = accounts.values().filter(|known| known.is_used());
        let mut members: Vec<_> = used.map(|known| known.link.report()).collect();
        members.sort_by(|one, other| one.upstreams.cmp(&other.upstreams));
        FleetReport {
            store: self.options.store.health(),
            members,
        }
    }

    /// Whoever scrapes asks it about these upstreams from now on.
    fn watch(&self, upstreams: &[Arc<str>], link: &Arc<Link>) {
        let gauged: Arc<dyn MemberGauged> = link.clone();
        for upstream in upstreams {
            self.options.metrics.shared.watch_member(upstream, &gauged);
        }
    }

    /// A number that nothing of this process had before.
    fn number(&self) -> u64 {
        self.numbers.fetch_add(1, Ordering::Relaxed) + 1
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Account, Known>> {
        // Nothing panics under it half way.
        self.accounts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Fleet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fleet").field("me", &self.me).finish()
    }
}
