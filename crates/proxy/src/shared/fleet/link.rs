//! This process and one account's journal: what both the task that beats and the writes need of each other.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use tokio::runtime::Handle;
use tokio::sync::Notify;

use super::acknowledgements::Acknowledgements;
use super::options::{FleetOptions, Joining};
use super::owed::Owed;
use super::watch::Watch;
use crate::metrics::{JoinReason, MemberSeries};
use crate::shared::clock::{BootInstant, Clock};
use crate::shared::lease::Lease;
use crate::shared::member::{FleetFence, Member, Progress};
use crate::shared::name::{Account, Epoch, MemberId};
use crate::shared::record::Record;
use crate::shared::store::journal::{Appended, Beaten, Members, Position};
use crate::shared::store::{Store, StoreError};
use crate::shared::timing::Timing;

type AnyFence = Box<dyn FleetFence + Send + Sync>;

pub(super) struct Link {
    pub(super) account: Account,
    pub(super) me: MemberId,
    pub(super) store: Arc<dyn Store>,
    pub(super) clock: Clock,
    pub(super) replicas: u32,
    pub(super) runtime: Handle,
    pub(super) owed: Owed,
    /// Something is owed, or the membership is over.
    pub(super) wake: Notify,
    pub(super) acknowledgements: Acknowledgements,
    state: Mutex<State>,
    /// The epoch that the last reply named, and since when all named this one.
    epoch: Mutex<Option<(Epoch, BootInstant)>>,
    members: AtomicU64,
    /// Writes of this process that are under way; their ends may be owed afterwards.
    pub(super) writing: AtomicU64,
}

pub(super) struct State {
    pub(super) member: Member,
    pub(super) timing: Timing,
    fence: AnyFence,
    pub(super) lease: Arc<Lease>,
    /// Its leases are given up for good.
    pub(super) is_over: bool,
    pub(super) watch: Watch,
    pub(super) upstreams: Vec<Arc<str>>,
    pub(super) series: Vec<MemberSeries>,
}

impl Link {
    pub(super) fn new<F>(
        options: &FleetOptions,
        me: MemberId,
        joining: Joining<F>,
    ) -> (Self, Arc<Lease>)
    where
        F: FleetFence + Send + Sync + 'static,
    {
        let timing = Timing::new(joining.keep);
        let lease = Arc::new(Lease::new(options.clock));
        let shared = &options.metrics.shared;
        let series = joining.upstreams.iter().map(|name| shared.member(name));
        let state = State {
            member: Member::new(me.clone(), joining.digest, timing, options.replicas > 0),
            timing,
            fence: Box::new(joining.fence),
            lease: lease.clone(),
            is_over: false,
            watch: Watch::starting(options.clock.now()),
            series: series.collect(),
            upstreams: joining.upstreams,
        };
        let link = Self {
            account: joining.account,
            me,
            store: options.store.clone(),
            clock: options.clock,
            replicas: options.replicas,
            runtime: options.runtime.clone(),
            owed: Owed::default(),
            wake: Notify::new(),
            acknowledgements: Acknowledgements::default(),
            state: Mutex::new(state),
            epoch: Mutex::default(),
            members: AtomicU64::new(1),
            writing: AtomicU64::new(0),
        };
        (link, lease)
    }

    /// Goes on under another configuration; gives the lease of it.
    pub(super) fn change<F>(&self, joining: Joining<F>) -> Arc<Lease>
    where
        F: FleetFence + Send + Sync + 'static,
    {
        let mut state = self.state();
        let state = &mut *state;
        // Whoever came before reads by names and fences that the journal speaks to no longer.
        let until = state.lease.until();
        state.lease.give_up();
        state.lease = Arc::new(Lease::new(self.clock));
        let fence: AnyFence = Box::new(joining.fence);
        state.member.change_contract(joining.digest, &fence);
        state.member.show_holds(&fence);
        // With the former one its holds go.
        state.fence = fence;
        if joining.keep > state.timing.keep {
            state.timing = Timing::new(joining.keep);
            state.member.lengthen(joining.keep);
        }
        state.upstreams = joining.upstreams;
        if !state.is_over {
            state.lease.grant(until);
        }
        state.lease.clone()
    }

    /// Applies what a beat brought that was sent then; whether the next one is due at once.
    pub(super) fn apply(&self, beaten: &Beaten, sent: BootInstant) -> bool {
        let now = self.clock.now();
        self.saw(&beaten.epoch);
        let mut state = self.state();
        let state = &mut *state;
        let joins = joins(state.member.position(), beaten);
        let progress = state.member.apply(beaten, (sent, now), &state.fence);
        let lapsed = state.watch.beaten(beaten, &state.member, now);
        if let Some(reason) = joins {
            state.watch.joined = Some((SystemTime::now(), reason));
            state.series.iter().for_each(|series| series.joined(reason));
        }
        if let Progress::Lease(until) = progress {
            if state.watch.granted(sent, until, now) && lapsed {
                state.series.iter().for_each(MemberSeries::lapsed);
            }
            if !state.is_over {
                state.lease.grant(until);
            }
        }
        // What was applied is acknowledged by the next beat, which somebody waits for.
        progress == Progress::More || !beaten.entries.is_empty()
    }

    /// Does what time alone brings; says when there is something to do again.
    pub(super) fn tick(&self) -> Option<BootInstant> {
        let now = self.clock.now();
        let mut state = self.state();
        let state = &mut *state;
        state.member.tick(now, &state.fence)
    }

    /// The membership is over: no lease any more, whatever a beat under way brings.
    pub(super) fn retire(&self) {
        let mut state = self.state();
        state.is_over = true;
        state.lease.give_up();
        drop(state);
        self.wake.notify_one();
    }

    pub(super) fn is_over(&self) -> bool {
        self.state().is_over
    }

    pub(super) fn timing(&self) -> Timing {
        self.state().timing
    }

    /// The last entry, if all that is known of is applied, and nothing is under way, held or owed.
    pub(super) fn place(&self) -> Option<(Epoch, u64)> {
        let is_writing = || self.writing.load(Ordering::SeqCst) > 0 || self.owed.len() > 0;
        // Before and after: a write that ends in between has told its number, or began after it was read.
        if is_writing() {
            return None;
        }
        let place = {
            let state = self.state();
            let position = state.member.position()?;
            let is_there = position.number == state.watch.known && state.member.open() == (0, 0);
            is_there.then(|| (position.epoch.clone(), position.number))
        };
        place.filter(|_| !is_writing())
    }

    pub(super) fn position(&self) -> Option<Position> {
        self.state().member.position().cloned()
    }

    /// Tells the others, when the store takes it; before the next beat.
    pub(super) fn owe(&self, record: Record) {
        self.owed.push(record);
        self.wake.notify_one();
    }

    /// # Errors
    /// It may have been appended, but for [`StoreError::Away`].
    pub(super) async fn append(&self, record: &Record) -> Result<Appended, StoreError> {
        let retention = self.timing().retention();
        let encoded = record.encode();
        let appended = self
            .store
            .append(&self.account, &encoded, retention)
            .await?;
        self.saw(&appended.epoch);
        self.count(&appended.members);
        self.state().watch.knows(appended.number, self.clock.now());
        Ok(appended)
    }

    /// A reply named this epoch; since when each one did.
    pub(super) fn saw(&self, epoch: &Epoch) -> BootInstant {
        let now = self.clock.now();
        let mut known = self.epoch.lock().unwrap_or_else(PoisonError::into_inner);
        match &*known {
            Some((same, since)) if same == epoch => *since,
            _ => {
                *known = Some((epoch.clone(), now));
                now
            }
        }
    }

    pub(super) fn count(&self, members: &Members) {
        let count = members.len().max(1) as u64;
        self.members.store(count, Ordering::Relaxed);
    }

    pub(super) fn members(&self) -> u64 {
        self.members.load(Ordering::Relaxed)
    }

    /// Does something with each series of its upstreams.
    pub(super) fn each_series(&self, work: impl Fn(&MemberSeries)) {
        self.state().series.iter().for_each(work);
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        // Nothing panics under it half way.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Why a member begins anew with this reply.
fn joins(position: Option<&Position>, beaten: &Beaten) -> Option<JoinReason> {
    let Some(position) = position else {
        return Some(JoinReason::Start);
    };
    if position.epoch != beaten.epoch {
        return Some(JoinReason::Epoch);
    }
    let numbers = beaten.entries.iter().map(|entry| entry.number);
    let without_gap = numbers
        .clone()
        .eq(position.number + 1..=position.number + numbers.len() as u64);
    let all_there = !beaten.entries.is_empty() || beaten.last == position.number;
    (!without_gap || !all_there).then_some(JoinReason::Gap)
}
