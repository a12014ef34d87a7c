//! What stands before a vendor call: the pause that the vendor asked for, the breaker, the queue.

use std::sync::Mutex;
use std::time::{Duration, SystemTime};

use tokio::time::Instant;

use super::breaker::{Breaker, BreakerSettings};
use super::queue::{Place, Queue, QueueSettings, Shed, Waiting};
use super::retry_after;
use super::{Attempt, CallKind, Failure, FailureKind, VendorAnswer};

pub struct Gate {
    queue: Queue,
    state: Mutex<State>,
}

struct State {
    breaker: Breaker,
    /// A 429 or 503 asked for silence until then.
    paused_until: Option<Instant>,
    /// It was a 503: the vendor is in trouble, and not we who ask too much.
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
            state: Mutex::new(State {
                breaker: Breaker::new(breaker),
                paused_until: None,
                paused_by_error: false,
            }),
        }
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
    pub async fn enter(&self, kind: CallKind, deadline: Instant) -> Result<Place, Failure> {
        // Before the queue: a vendor that hangs fills it, and its open circuit must fail fast.
        if kind != CallKind::FollowUp {
            self.lock().refuses(Instant::now())?;
        }
        let write = kind != CallKind::Read;
        let place = self.queue.enter(write, deadline).await.map_err(shed)?;
        if kind == CallKind::FollowUp {
            return Ok(place);
        }
        let now = Instant::now();
        let mut state = self.lock();
        state.refuses(now)?;
        match state.breaker.admit(now) {
            Ok(()) => Ok(place),
            Err(wait) => Err(circuit_open(wait)),
        }
    }

    /// Learns from what became of a call that had so much time.
    pub fn record(&self, attempt: &Attempt, given: Duration) {
        let now = Instant::now();
        let mut state = self.lock();
        match verdict(attempt).filter(|_| !is_hasty(attempt, given)) {
            Some(succeeded) => state.breaker.record(succeeded, now),
            None => state.breaker.abandon(now),
        }
        if let Attempt::Answered(answer) = attempt
            && let Some(wait) = wait_of(answer)
        {
            let until = Some(now + wait);
            if until >= state.paused_until {
                state.paused_until = until;
                state.paused_by_error = answer.status >= 500;
            }
        }
    }

    pub fn is_open(&self) -> bool {
        self.lock().breaker.is_open()
    }

    pub fn in_flight(&self) -> usize {
        self.queue.in_flight()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state
            .lock()
            .unwrap_or_else(|poison| poison.into_inner())
    }
}

/// Whether the vendor works. A 4xx is an answer; a credential says nothing of the vendor.
fn verdict(attempt: &Attempt) -> Option<bool> {
    match attempt {
        Attempt::Answered(answer) => Some(answer.status < 500 && answer.cut.is_none()),
        Attempt::Sent(_) => Some(false),
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

fn is_hasty(attempt: &Attempt, given: Duration) -> bool {
    let failure = match attempt {
        Attempt::NotSent(failure) | Attempt::Sent(failure) => Some(failure),
        Attempt::Answered(answer) => answer.cut.as_ref(),
    };
    given < FAIR_TIME && failure.is_some_and(|failure| failure.kind == FailureKind::Timeout)
}

/// The silence that a 429, or a 503 with the field, asks for.
pub fn wait_of(answer: &VendorAnswer) -> Option<Duration> {
    let given = answer
        .header("retry-after")
        .and_then(|text| retry_after::parse(text, SystemTime::now()));
    match answer.status {
        429 => Some(given.unwrap_or(retry_after::SHORTEST)),
        503 => given,
        _ => None,
    }
}
