//! What a vendor call passes first: the pause that the vendor asked for, the breaker, the rate, the queue.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::time::Instant;

use super::breaker::{Breaker, Permit};
use super::queue::{Queue, Shed, Slot, Waiting};
use super::retry_after::wait_of;
use crate::settings::{BreakerSettings, QueueSettings};
use crate::shared::{Allowance, StoreBudget};
use crate::upstream::call::attempt::Attempt;
use crate::upstream::call::failure::{Failure, FailureKind};
use crate::upstream::call::report::{Pause, QueueReport};
use crate::upstream::call::request::CallKind;
use crate::upstream::call::state::Circuit;

pub struct Gate {
    queue: Queue,
    /// How many calls the vendor gets. `None`: as many as come.
    rate: Option<Arc<Allowance>>,
    state: Mutex<State>,
}

struct State {
    breaker: Breaker,
    /// A 429 or 503 asked for silence until then.
    paused_until: Option<Instant>,
    /// It was a 503: the vendor fails; it is not we who ask too much.
    paused_by_error: bool,
}

impl State {
    fn refuses(&self, now: Instant) -> Result<(), Failure> {
        if let Some(until) = self.paused_until.filter(|until| now < *until) {
            let kind = if self.paused_by_error {
                FailureKind::PausedByError
            } else {
                FailureKind::Paused
            };
            let failure = Failure::new(kind, "the vendor asked for fewer requests");
            return Err(failure.after(until - now));
        }
        self.breaker
            .refuses(now)
            .map_or(Ok(()), |wait| Err(circuit_open(wait)))
    }

    fn permit(&mut self, kind: CallKind, now: Instant) -> Result<Option<Permit>, Failure> {
        if kind == CallKind::FollowUp {
            return Ok(self.breaker.pass());
        }
        self.refuses(now)?;
        self.breaker.admit(now).map(Some).map_err(circuit_open)
    }
}

fn circuit_open(wait: Duration) -> Failure {
    Failure::new(
        FailureKind::CircuitOpen,
        "the vendor failed too often just now",
    )
    .after(wait)
}

fn shed(shed: Shed) -> Failure {
    match shed {
        Shed::Full => Failure::shed("too many calls wait for this vendor"),
        Shed::WaitedTooLong => Failure::shed("no call of this vendor ended in time"),
    }
}

impl Gate {
    pub fn new(queue: QueueSettings, breaker: BreakerSettings) -> Self {
        Self {
            queue: Queue::new(queue),
            rate: None,
            state: Mutex::new(State {
                breaker: Breaker::new(breaker),
                paused_until: None,
                paused_by_error: false,
            }),
        }
    }

    /// The same with a rate.
    #[must_use]
    pub fn paced(self, rate: Option<Arc<Allowance>>) -> Self {
        Self { rate, ..self }
    }

    /// Whether calls have to wait for their turn ([`Self::turn`]).
    #[must_use]
    pub const fn is_paced(&self) -> bool {
        self.rate.is_some()
    }

    /// Waits for a call's turn in the rate, as long as one may wait for a place in the queue; reads half of that, so
    /// that there is room for writes. It takes no place among the calls meanwhile. A follow-up counts and goes.
    ///
    /// # Errors
    /// Its turn would not come in time, or nothing is sent now anyway.
    pub async fn turn(
        &self,
        kind: CallKind,
        deadline: Instant,
        store: &StoreBudget,
    ) -> Result<(), Failure> {
        let Some(rate) = &self.rate else {
            return Ok(());
        };
        if kind == CallKind::FollowUp {
            rate.count();
            return Ok(());
        }
        let now = Instant::now();
        // What is refused anyway takes nobody's turn.
        self.lock().refuses(now)?;
        let write = kind != CallKind::Read;
        let longest = self.queue.patience(write);
        let patience = longest.min(deadline.saturating_duration_since(now));
        let wait = rate.reserve(patience, store).await.map_err(|wait| {
            Failure::shed("more calls than this vendor's rate lets through").after(wait)
        })?;
        if wait.is_zero() {
            return Ok(());
        }
        let _waiting = self.queue.wait(write).map_err(shed)?;
        tokio::time::sleep(wait).await;
        Ok(())
    }

    /// A place among those who wait, for who needs something else before a call, or why there is none.
    pub fn wait(&self, kind: CallKind) -> Result<Waiting<'_>, Failure> {
        if kind != CallKind::FollowUp {
            self.lock().refuses(Instant::now())?;
        }
        self.queue.wait(kind != CallKind::Read).map_err(shed)
    }

    /// Lets a call through, or says why nothing is sent. A follow-up always goes: it finds out what
    /// became of a write that was sent, and there are few of them.
    pub async fn enter(&self, kind: CallKind, deadline: Instant) -> Result<Admitted<'_>, Failure> {
        let now = Instant::now();
        {
            let mut state = self.lock();
            // Before the queue: a vendor that hangs fills it, and its open circuit must fail fast.
            if kind != CallKind::FollowUp {
                state.refuses(now)?;
            }
            if let Some(slot) = self.queue.free() {
                let permit = state.permit(kind, now)?;
                return Ok(self.admitted(permit, slot, now));
            }
        }
        let write = kind != CallKind::Read;
        // Boxed: few calls wait, and all would carry the room for it.
        let waiting = Box::pin(self.queue.enter(write, deadline));
        let slot = waiting.await.map_err(shed)?;
        let now = Instant::now();
        let permit = self.lock().permit(kind, now)?;
        Ok(self.admitted(permit, slot, now))
    }

    const fn admitted(&self, permit: Option<Permit>, slot: Slot, since: Instant) -> Admitted<'_> {
        Admitted {
            report: Report { gate: self, permit },
            since,
            _slot: slot,
        }
    }

    /// Waits for what must come before calls. However many wait for it, its failure is one; its success
    /// says nothing yet. In a circuit whose wait is over it is the probe.
    ///
    /// # Errors
    /// Those of `fetch`.
    pub async fn fetching<T>(
        &self,
        fetch: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Failure> {
        self.count();
        let report = Report {
            gate: self,
            permit: self.lock().breaker.admit(Instant::now()).ok(),
        };
        let fetched = fetch.await;
        if let Err(failure) = &fetched {
            report.settle(verdict(&Attempt::NotSent(failure.clone())));
        }
        fetched
    }

    /// A call that no other can do without, such as the fetch of a token, goes in any case, and counts.
    pub fn count(&self) {
        self.rate.iter().for_each(Allowance::count);
    }

    /// A call would be refused because the vendor failed too often.
    pub fn is_circuit_open(&self) -> bool {
        self.lock().breaker.refuses(Instant::now()).is_some()
    }

    /// Calls under way.
    pub fn in_flight(&self) -> usize {
        self.queue.in_flight()
    }

    /// What is true at this moment.
    pub fn report(&self) -> (Circuit, Option<Pause>, QueueReport) {
        let now = Instant::now();
        let state = self.lock();
        let until = state.paused_until.filter(|until| now < *until);
        let pause = until.map(|until| Pause {
            left: until - now,
            by_error: state.paused_by_error,
        });
        (state.breaker.circuit(now), pause, self.queue.report())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state
            .lock()
            .unwrap_or_else(|poison| poison.into_inner())
    }
}

/// A call that was let through. It reports once, at its end; dropped before, it says nothing of the vendor.
pub struct Admitted<'g> {
    report: Report<'g>,
    /// When it was let through.
    pub since: Instant,
    _slot: Slot,
}

impl Admitted<'_> {
    /// What became of the call, which had so much time.
    pub fn settle(self, attempt: &Attempt, given: Duration) {
        if let Attempt::Answered(answer) = attempt
            && let Some(wait) = wait_of(answer)
        {
            let until = Some(Instant::now() + wait);
            let mut state = self.report.gate.lock();
            if until >= state.paused_until {
                state.paused_until = until;
                state.paused_by_error = answer.status >= 500;
            }
        }
        let outcome = verdict(attempt).filter(|_| !is_hasty(attempt, given));
        self.report.settle(outcome);
    }
}

/// What the breaker learns, at most once.
struct Report<'g> {
    gate: &'g Gate,
    permit: Option<Permit>,
}

impl Report<'_> {
    fn settle(mut self, succeeded: Option<bool>) {
        // Without a verdict the drop gives the permit back.
        if let Some(succeeded) = succeeded
            && let Some(permit) = self.permit.take()
        {
            let mut state = self.gate.lock();
            state.breaker.record(permit, succeeded, Instant::now());
        }
    }
}

impl Drop for Report<'_> {
    fn drop(&mut self) {
        if let Some(permit) = self.permit.take() {
            self.gate.lock().breaker.abandon(permit, Instant::now());
        }
    }
}

/// Whether the vendor works. A 4xx is an answer; a credential says nothing of the vendor.
fn verdict(attempt: &Attempt) -> Option<bool> {
    match attempt {
        // What is too large for us is an answer all the same.
        Attempt::Answered(answer) => {
            let cut = answer.cut.as_ref();
            let came = cut.is_none_or(|failure| failure.kind == FailureKind::TooLarge);
            Some(answer.status < 500 && came)
        }
        Attempt::ResponseLost(_) => Some(false),
        Attempt::NotSent(failure) => match failure.kind {
            FailureKind::CredentialsRejected
            | FailureKind::Paused
            | FailureKind::PausedByError
            | FailureKind::CircuitOpen
            | FailureKind::Shed => None,
            _ => Some(false),
        },
    }
}

/// Callers who leave the vendor no time must not open its circuit for everybody.
const FAIR_TIME: Duration = Duration::from_millis(500);

/// Whether a call failed for want of the time that its caller gave.
pub fn is_hasty(attempt: &Attempt, given: Duration) -> bool {
    let failure = match attempt {
        Attempt::NotSent(failure) | Attempt::ResponseLost(failure) => Some(failure),
        Attempt::Answered(answer) => answer.cut.as_ref(),
    };
    given < FAIR_TIME && failure.is_some_and(|failure| failure.kind == FailureKind::Timeout)
}

#[cfg(test)]
mod tests;
