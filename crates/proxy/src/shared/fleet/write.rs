//! A write as the others are told of it: that it begins, how it ended, and until when its answer waits.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::link::Link;
use super::membership::Membership;
use super::waiting::wait;
use crate::metrics::WriteCoordination;
use crate::shared::acknowledgement::Awaited;
use crate::shared::budget::StoreBudget;
use crate::shared::clock::BootInstant;
use crate::shared::name::{Epoch, WriteId};
use crate::shared::record::{Event, Record, Scope};
use crate::shared::store::StoreError;
use crate::shared::store::journal::Appended;

/// What became of a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    Done,
    NotDone,
    Unknown,
}

/// What is the same of a write in all journals.
#[derive(Debug, Clone)]
pub struct WritePlan {
    /// Of the contract that it began under.
    pub digest: Arc<str>,
    /// For how long it can be applied from its begin on.
    pub keep: Duration,
    /// For how long it can be applied where its outcome is unknown.
    pub hold: Duration,
}

/// A write that began. Dropped without its end, the others are told in the background that nobody knows.
pub struct FleetWrite {
    plan: WritePlan,
    parts: Vec<Part>,
    ended: Ended,
}

/// An account that a write touches, and what it may change there.
pub struct Touched {
    pub membership: Arc<Membership>,
    pub scope: Scope,
}

/// The write in the journal of one account.
struct Part {
    membership: Arc<Membership>,
    write: WriteId,
    scope: Scope,
    begun: Begun,
    /// Its end is appended or owed.
    is_told: bool,
    wait: Wait,
}

enum Begun {
    Yes {
        epoch: Epoch,
        /// It was appended between these.
        sent: BootInstant,
        replied: BootInstant,
    },
    Perhaps,
    No,
}

/// How long the answer waits.
enum Wait {
    Acknowledged(Awaited),
    /// Until the write is held everywhere.
    Held(BootInstant),
    Nothing,
}

impl FleetWrite {
    /// One that nobody was told of yet.
    pub(super) fn new(
        touched: Vec<Touched>,
        plan: WritePlan,
        mut number: impl FnMut() -> u64,
    ) -> Self {
        let parts = touched.into_iter().map(|touched| Part {
            write: WriteId {
                member: touched.membership.link.me.clone(),
                number: number(),
            },
            membership: touched.membership,
            scope: touched.scope,
            begun: Begun::No,
            is_told: false,
            wait: Wait::Nothing,
        });
        let parts: Vec<Part> = parts.collect();
        for part in &parts {
            part.membership.link.writing.fetch_add(1, Ordering::SeqCst);
        }
        Self {
            plan,
            parts,
            ended: Ended::NotDone,
        }
    }

    /// Tells the members of each account that it begins. With `refuses` it ends where one cannot be told.
    pub(super) async fn begin(
        mut self,
        budget: &StoreBudget,
        refuses: bool,
    ) -> Result<Self, StoreError> {
        for part in &mut self.parts {
            if let Err(error) = part.begin(&self.plan, budget).await
                && refuses
            {
                self.each_series(WriteCoordination::Refused);
                return Err(error);
            }
        }
        self.ended = Ended::Unknown;
        Ok(self)
    }

    /// Tells its end, of which the own fence knows already; its answer leaves after [`Self::over`].
    pub async fn end(&mut self, ended: Ended, budget: &StoreBudget) {
        self.ended = ended;
        if ended == Ended::NotDone {
            // It is told in the background: nobody waits for it.
            self.each_series(WriteCoordination::NotDone);
            return;
        }
        let event = match ended {
            Ended::Unknown => Event::Unknown {
                hold: self.plan.hold,
            },
            _ => Event::Done,
        };
        for part in &mut self.parts {
            part.end(&self.plan, event, budget).await;
        }
    }

    /// Returns when its answer may leave.
    pub async fn over(mut self) {
        if self.ended == Ended::NotDone {
            return;
        }
        for part in &mut self.parts {
            let wait = std::mem::replace(&mut part.wait, Wait::Nothing);
            let link = &part.membership.link;
            let started = Instant::now();
            let coordination = wait.over(link).await;
            link.each_series(|series| {
                series.write(coordination);
                if coordination != WriteCoordination::Uncoordinated {
                    series.acknowledgement(started.elapsed());
                }
            });
        }
    }

    /// Nobody waits for its answer: its end is told in the background.
    pub fn abandon(mut self, ended: Ended) {
        self.ended = ended;
    }

    fn each_series(&self, coordination: WriteCoordination) {
        for part in &self.parts {
            part.membership
                .link
                .each_series(|series| series.write(coordination));
        }
    }
}

impl Drop for FleetWrite {
    fn drop(&mut self) {
        let event = match self.ended {
            Ended::Done => Event::Done,
            Ended::NotDone => Event::NotDone,
            Ended::Unknown => Event::Unknown {
                hold: self.plan.hold,
            },
        };
        for part in &self.parts {
            let says_nothing = self.ended == Ended::NotDone && matches!(part.begun, Begun::No);
            if !part.is_told && !says_nothing {
                part.membership.link.owe(part.record(&self.plan, event));
            }
            // What is owed is owed before.
            part.membership.link.writing.fetch_sub(1, Ordering::SeqCst);
        }
    }
}

impl Part {
    fn record(&self, plan: &WritePlan, event: Event) -> Record {
        Record {
            write: self.write.clone(),
            digest: plan.digest.clone(),
            scope: self.scope.clone(),
            event,
        }
    }

    async fn begin(&mut self, plan: &WritePlan, budget: &StoreBudget) -> Result<(), StoreError> {
        let record = self.record(plan, Event::Begin { keep: plan.keep });
        let link = &self.membership.link;
        // Whoever drops this meanwhile tells its end.
        self.begun = Begun::Perhaps;
        let sent = link.clock.now();
        let appended = budget.spend(link.append(&record)).await;
        self.begun = match &appended {
            Ok(appended) => Begun::Yes {
                epoch: appended.epoch.clone(),
                sent,
                replied: link.clock.now(),
            },
            Err(StoreError::Away) => Begun::No,
            Err(_) => Begun::Perhaps,
        };
        appended.map(drop)
    }

    async fn end(&mut self, plan: &WritePlan, event: Event, budget: &StoreBudget) {
        let record = self.record(plan, event);
        let link = &self.membership.link;
        let appended = budget.spend(link.append(&record)).await;
        self.is_told = true;
        let now = link.clock.now();
        self.wait = match (appended, &self.begun) {
            (Ok(appended), begun) => {
                let began = match begun {
                    Begun::Yes { epoch, .. } => Some(epoch),
                    _ => None,
                };
                Wait::Acknowledged(awaited(link, &appended, began))
            }
            (Err(_), begun) => {
                link.owe(record);
                match begun {
                    // Later than that the others may hold it no longer: they count from when they read it, which is
                    // not before it was sent but may be before its reply was here.
                    Begun::Yes { sent, replied, .. } if now < *sent + plan.keep => {
                        Wait::Held(*replied + link.timing().late_hold())
                    }
                    _ => Wait::Nothing,
                }
            }
        };
    }
}

/// Whom the answer of what was appended just now waits for.
pub(super) fn awaited(link: &Link, appended: &Appended, began: Option<&Epoch>) -> Awaited {
    let known_since = link.saw(&appended.epoch);
    let (now, timing) = (link.clock.now(), link.timing());
    Awaited::new(appended, &link.me, (began, known_since), now, &timing)
}

impl Wait {
    async fn over(self, link: &Arc<Link>) -> WriteCoordination {
        match self {
            Self::Acknowledged(awaited) => {
                if wait(link, awaited).await {
                    WriteCoordination::Acknowledged
                } else {
                    WriteCoordination::Waited
                }
            }
            Self::Held(until) => {
                sleep(until.saturating_duration_since(link.clock.now())).await;
                WriteCoordination::Held
            }
            Self::Nothing => WriteCoordination::Uncoordinated,
        }
    }
}
