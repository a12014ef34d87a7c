//! Keys that all replicas know of: taken from the store, and kept there.

use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep};

use super::ended::Ended;
use super::kept_answer;
use crate::metrics::{KeyResult, Metrics};
use crate::shared::{
    BootInstant, Clock, End, Fingerprint, Fleet, Holder, Kept, KeyEnd, KeyId, KeyTimes, Store,
    StoreBudget, StoreError, Take, Taken, Timing,
};
use crate::upstream::SendState;

/// How long an answer, or that the outcome is unknown, is kept.
const RETENTION: Duration = Duration::from_secs(24 * 60 * 60);
/// All ends that the store has not taken yet together, in bytes; what is more is left to the key's expiry.
const OWED: usize = 64 * 1024 * 1024;
/// An end without an answer counts as much.
const LEAST: usize = 1024;
/// What is told beside requests is given up after so long, and told again, less and less often.
const BESIDE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(4);

/// The keys of a process that shares them.
pub struct SharedKeys(Arc<Inner>);

struct Inner {
    store: Arc<dyn Store>,
    clock: Clock,
    runtime: Handle,
    metrics: Arc<Metrics>,
    /// Room for what is owed, in units of [`LEAST`].
    owed: Arc<Semaphore>,
}

/// What a request comes with.
pub struct Asked {
    pub id: KeyId,
    pub fingerprint: Fingerprint,
    /// The time that its vendor calls have.
    pub left: Duration,
    /// For how long a write of unknown outcome can be applied.
    pub hold: Duration,
}

/// A request with its key, held or not.
pub struct Held {
    keys: Arc<Inner>,
    id: KeyId,
    fingerprint: Fingerprint,
    holder: Holder,
    times: KeyTimes,
    hold: Duration,
    sent: SendState,
    /// It runs under the key, and its end is not told yet.
    runs: bool,
}

impl SharedKeys {
    #[must_use]
    pub fn new(fleet: &Fleet) -> Self {
        let options = fleet.options();
        Self(Arc::new(Inner {
            store: options.store.clone(),
            clock: options.clock,
            runtime: options.runtime.clone(),
            metrics: options.metrics.clone(),
            owed: Arc::new(Semaphore::new(OWED / LEAST)),
        }))
    }

    pub fn count(&self, result: KeyResult) {
        self.0.metrics.shared.key(result);
    }

    /// Takes a key. Whoever gets it must end it; dropped, it is unknown if a byte of the write may have left.
    ///
    /// # Errors
    /// Nobody knows what is known of it.
    pub async fn take(
        &self,
        asked: Asked,
        sent: SendState,
        budget: &StoreBudget,
    ) -> Result<(Taken, Held), StoreError> {
        let busy = asked.left + Timing::WAIT * 2;
        let open = busy.max(asked.left + asked.hold);
        let times = KeyTimes {
            busy,
            open,
            kept: RETENTION.max(open),
        };
        // From before the command: the key is held from then on at the earliest.
        let end: BootInstant = self.0.clock.now() + asked.left;
        sent.send_before(self.0.clock, end);
        let mut held = Held {
            keys: self.0.clone(),
            id: asked.id,
            fingerprint: asked.fingerprint,
            holder: Holder::random(),
            times,
            hold: asked.hold,
            sent,
            // Until the reply is there it may be.
            runs: true,
        };
        let take = Take {
            id: &held.id,
            fingerprint: held.fingerprint,
            me: &held.holder,
            times,
        };
        let taken = budget.spend(self.0.store.take(take)).await;
        held.runs = match &taken {
            Ok(taken) => matches!(taken, Taken::Fresh | Taken::Over),
            Err(StoreError::Away) => false,
            // Dropped, it gives back what it may have got.
            Err(_) => true,
        };
        Ok((taken?, held))
    }
}

impl Held {
    /// Keeps how the request ended. What the store does not take now is told it beside.
    pub async fn end(mut self, ended: Ended, budget: &StoreBudget) {
        self.runs = false;
        let owed = self.owed(ended);
        if budget.spend(owed.tell()).await.is_err() {
            owed.tell_beside();
        }
    }

    /// It was found out that the request of another was done, which no longer runs.
    pub async fn settle(self, holder: Holder, answer: Ended, budget: &StoreBudget) {
        let mut owed = self.owed(answer);
        owed.holder = holder;
        // Nothing is lost where it is not kept: whoever comes next finds it out, too.
        let _kept = budget.spend(owed.tell()).await;
    }

    fn owed(&self, ended: Ended) -> Owed {
        Owed {
            keys: self.keys.clone(),
            id: self.id,
            fingerprint: self.fingerprint,
            holder: self.holder.clone(),
            times: self.times,
            how: match ended {
                Ended::Answered(reply, code) => {
                    How::Answered(kept_answer::encode(&reply, code.as_deref()))
                }
                Ended::Unknown => How::Unknown(self.hold),
                Ended::Nothing => How::Nothing,
            },
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if self.runs {
            let ended = if self.sent.may_have_been_sent() {
                Ended::Unknown
            } else {
                Ended::Nothing
            };
            self.owed(ended).tell_beside();
        }
    }
}

/// An end that the store is to be told.
struct Owed {
    keys: Arc<Inner>,
    id: KeyId,
    fingerprint: Fingerprint,
    holder: Holder,
    times: KeyTimes,
    how: How,
}

enum How {
    Answered(Vec<u8>),
    Unknown(Duration),
    Nothing,
}

impl Owed {
    async fn tell(&self) -> Result<Kept, StoreError> {
        let end = End {
            id: &self.id,
            fingerprint: self.fingerprint,
            holder: &self.holder,
            how: match &self.how {
                How::Answered(answer) => KeyEnd::Answered(answer),
                How::Unknown(open) => KeyEnd::Unknown { open: *open },
                How::Nothing => KeyEnd::Nothing,
            },
            kept: self.times.kept,
        };
        self.keys.store.end(end).await
    }

    /// Tells it again and again, while it is of use: afterwards the key is settled by whoever comes with it.
    fn tell_beside(self) {
        let size = match &self.how {
            How::Answered(answer) => answer.len(),
            How::Unknown(_) | How::Nothing => 0,
        };
        let units = u32::try_from(size / LEAST + 1).unwrap_or(u32::MAX);
        let Ok(room) = self.keys.owed.clone().try_acquire_many_owned(units) else {
            return;
        };
        let runtime = self.keys.runtime.clone();
        let _beside = runtime.spawn(async move {
            let until = Instant::now() + self.times.open;
            let mut pause = BESIDE;
            while StoreBudget::new(BESIDE).spend(self.tell()).await.is_err() {
                if Instant::now() >= until {
                    break;
                }
                sleep(pause).await;
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
            drop(room);
        });
    }
}
