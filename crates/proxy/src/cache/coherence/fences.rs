//! The fences of all upstreams, and the generation of the configuration.
//!
//! A fence speaks in the names of upstreams and tags that one contract gives. Where a reload changes
//! what callers see, a new **generation** begins: nothing that was kept or is read for an older one is
//! found, a write of an older one that ends now voids everything, and a hold that lasts holds
//! everything. So it does not matter what the names mean in the other contract, nor how often and
//! whereto the configuration is changed meanwhile.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use arc_swap::ArcSwap;

use super::fleet_fence::AccountFences;
use super::shared_fence::SharedFence;
use crate::shared::Account;

/// They live as long as the process: a write that began before a reload is still seen by reads after it.
#[derive(Debug, Default)]
pub struct Fences {
    /// By upstream: a handful, read without a lock.
    list: ArcSwap<Vec<(Arc<str>, SharedFence)>>,
    generation: AtomicU64,
    /// Which of them each account's journal speaks to.
    accounts: Mutex<BTreeMap<Account, Vec<SharedFence>>>,
}

impl Fences {
    /// The fence of an upstream. A gateway has one account at each upstream, so this is one for each
    /// upstream and credential; a credential that is rotated keeps it, since a write under the old
    /// one may end after reads under the new one began.
    #[must_use]
    pub fn of(&self, upstream: &Arc<str>) -> SharedFence {
        let find = |fences: &[(Arc<str>, SharedFence)]| {
            let found = fences.iter().find(|(name, _)| name == upstream);
            found.map(|(_, fence)| fence.clone())
        };
        if let Some(fence) = find(&self.list.load()) {
            return fence;
        }
        let mut fence = SharedFence::default();
        self.list.rcu(|fences| {
            let mut fences = Vec::clone(fences);
            // Somebody else may have added one meanwhile: there must be one for all.
            match find(&fences) {
                Some(known) => fence = known,
                None => fences.push((upstream.clone(), fence.clone())),
            }
            fences
        });
        fence
    }

    /// Does something with every fence.
    pub fn each(&self, work: impl Fn(&SharedFence)) {
        self.list.load().iter().for_each(|(_, fence)| work(fence));
    }

    /// The fences of the upstreams that are an account, for its journal; and those of them that it did not speak to
    /// before.
    #[must_use]
    pub fn of_account(
        &self,
        account: &Account,
        upstreams: &[Arc<str>],
    ) -> (AccountFences, Vec<SharedFence>) {
        let fences: Vec<_> = upstreams.iter().map(|name| self.of(name)).collect();
        let before = self.accounts().insert(account.clone(), fences.clone());
        let known = |fence: &SharedFence| before.iter().flatten().any(|one| one.is(fence));
        let new = fences.iter().filter(|fence| !known(fence)).cloned();
        (AccountFences::new(fences.clone()), new.collect())
    }

    /// Those that an account's journal speaks to now.
    #[must_use]
    pub fn spoken_to_by(&self, account: &Account) -> Vec<SharedFence> {
        let accounts = self.accounts();
        accounts.get(account).cloned().unwrap_or_default()
    }

    /// When the last hold of all ends; it may be over.
    #[must_use]
    pub fn held_until(&self) -> Option<Instant> {
        let list = self.list.load();
        let ends = list.iter().map(|(_, fence)| fence.held_until());
        ends.max().flatten()
    }

    /// These accounts alone are there from now on.
    pub fn keep_accounts<'a>(&self, accounts: impl Iterator<Item = &'a Account> + Clone) {
        self.accounts()
            .retain(|account, _| accounts.clone().any(|one| one == account));
    }

    fn accounts(&self) -> MutexGuard<'_, BTreeMap<Account, Vec<SharedFence>>> {
        self.accounts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The generation that new requests belong to.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.generation.load(Ordering::SeqCst)
    }

    /// Begins a generation with these upstreams, before its first request, and says which.
    ///
    /// The order matters. The fences are there before a write can see the new number, and void or hold
    /// all of them. A write that still saw the old number has told its own fence before: then a hold of
    /// it is found here.
    pub fn begin<'u>(&self, upstreams: impl IntoIterator<Item = &'u str>) -> u64 {
        for upstream in upstreams {
            let _ = self.of(&upstream.into());
        }
        let generation = self.generation.fetch_add(1, Ordering::SeqCst) + 1;
        if let Some(until) = self.held_until() {
            self.each(|fence| fence.hold_all(until));
        }
        generation
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::cache::coherence::pending_write::{End, PendingWrite};
    use crate::cache::coherence::tag::Tag;

    const HOLD: Duration = Duration::from_secs(60);

    fn tags(text: &str) -> Vec<Tag> {
        vec![Tag::parse(text).unwrap()]
    }

    fn write(fences: &Arc<Fences>, generation: u64) -> PendingWrite {
        PendingWrite::begin(
            fences,
            generation,
            [(&"netex".into(), tags("room.list"))],
            HOLD,
        )
    }

    #[test]
    fn an_upstream_has_one_fence() {
        let fences = Fences::default();
        let before = fences.of(&"netex".into());
        let ticket = before.start();
        fences.of(&"netex".into()).stamp(&tags("room.list"));
        assert!(!before.admits(ticket, &tags("room.list")));
    }

    /// Each pair of a way to end and what it does to a read of another name at another upstream.
    #[tokio::test(start_paused = true)]
    async fn a_write_that_ends_in_a_later_generation_concerns_everything() {
        for (end, admitted, held) in [
            (End::NotDone, true, false),
            (End::Done, false, false),
            (End::Unknown, false, true),
        ] {
            let fences = Arc::new(Fences::default());
            let pending = write(&fences, 0);
            assert_eq!(fences.begin(["halls"]), 1);
            let halls = fences.of(&"halls".into());
            let ticket = halls.start();
            pending.end(end);
            let hall = tags("hall.id=1");
            assert_eq!(halls.admits(ticket, &hall), admitted, "{end:?}");
            assert_eq!(halls.holds(&hall), held, "{end:?}");
            tokio::time::advance(HOLD).await;
            assert!(!halls.holds(&hall));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_write_of_its_own_generation_concerns_its_tags() {
        for end in [End::Done, End::Unknown] {
            let fences = Arc::new(Fences::default());
            let netex = fences.of(&"netex".into());
            let ticket = netex.start();
            write(&fences, 0).end(end);
            assert!(netex.admits(ticket, &tags("day.list")), "{end:?}");
            assert!(!netex.admits(ticket, &tags("room.list")), "{end:?}");
        }
    }

    #[test]
    fn a_fence_is_new_to_an_account_that_did_not_speak_to_it_before() {
        let fences = Fences::default();
        let [one, other] = ["1", "2"].map(|name| Account::new("https://vendor.example", name));
        let names = ["netex", "halls"].map(Arc::from);
        let new = |account, names: &[Arc<str>]| fences.of_account(account, names).1.len();
        assert_eq!(new(&one, &names[..1]), 1);
        assert_eq!(new(&one, &names), 1);
        assert_eq!(new(&one, &names), 0);
        assert_eq!(new(&other, &names[..1]), 1);
        assert_eq!(new(&one, &names[1..]), 0);
        assert_eq!(new(&one, &names), 1, "it was another's meanwhile");
        fences.keep_accounts([&other].into_iter());
        assert_eq!(new(&one, &names), 2);
        assert_eq!(new(&other, &names[..1]), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn a_hold_goes_on_under_every_name() {
        let fences = Arc::new(Fences::default());
        write(&fences, 0).end(End::Unknown);
        tokio::time::advance(HOLD / 2).await;
        fences.begin(["halls"]);
        let halls = fences.of(&"halls".into());
        assert!(halls.holds(&tags("hall.list")));
        tokio::time::advance(HOLD / 2).await;
        assert!(!halls.holds(&tags("hall.list")));
        fences.begin(["halls"]);
        assert!(
            !halls.holds(&tags("hall.list")),
            "a hold that is over stays so"
        );
    }
}
