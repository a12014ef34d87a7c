//! What the vendor calls of one request may take, and what they came to.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::capture::Capture;
use crate::engine::context::RequestContext;
use crate::engine::outcome::Outcome;
use crate::engine::trace::Trace;
use crate::phases::{Phase, Phases};
use crate::shared::StoreBudget;
use crate::spans::{CallSpans, CallTrace};
use crate::upstream::{Attempt, FailureKind, SendState};

/// What the vendor calls of one request came to. It outlives the stages, so that it is known also of a request
/// that panics or ends with the process.
#[derive(Debug, Default)]
pub struct CallTally {
    pub calls: usize,
    pub vendor_time: Duration,
    pub last: LastCall,
    /// Of a write that has begun: whether a byte of it may have left.
    sent: Option<SendState>,
    /// Of calls that are recorded, or whose vendor is told of the trace.
    pub trace: Option<Arc<CallTrace>>,
    /// In a box, since nearly no request has one.
    capture: Option<Box<Capture>>,
}

/// How the last vendor call ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LastCall {
    /// The vendor's status, if the head of its answer arrived.
    pub status: Option<u16>,
    /// Why there is no answer, or no whole one.
    pub failure: Option<FailureKind>,
    /// Whose credential an answered call bore.
    pub identity: [u8; 32],
}

impl LastCall {
    fn of(attempt: &Attempt) -> Self {
        match attempt {
            Attempt::NotSent(failure) | Attempt::ResponseLost(failure) => Self {
                status: None,
                failure: Some(failure.kind),
                identity: [0; 32],
            },
            Attempt::Answered(answer) => Self {
                status: Some(answer.status),
                failure: answer.cut.as_ref().map(|failure| failure.kind),
                identity: answer.credential.identity(),
            },
        }
    }
}

impl CallTally {
    /// A call begins: it counts, also if nobody sees its end.
    pub fn begin(&mut self) {
        self.calls += 1;
    }

    /// The call that began last took `time`.
    pub fn end(&mut self, attempt: &Attempt, time: Duration) {
        self.vendor_time += time;
        self.last = LastCall::of(attempt);
    }

    /// The spans of the calls so far, where they are recorded.
    #[must_use]
    pub fn spans(&self) -> CallSpans {
        let trace = self.trace.as_ref();
        trace.map_or_else(CallSpans::new, |trace| trace.take())
    }

    /// Counts what a shared call came to that this request began.
    pub fn add(&mut self, other: &Self) {
        self.calls += other.calls;
        self.vendor_time += other.vendor_time;
    }

    /// What is captured, from now on at the latest.
    pub fn capture(&mut self) -> &mut Capture {
        self.capture.get_or_insert_default()
    }

    /// What was captured; nothing is afterwards.
    #[must_use]
    pub fn take_capture(&mut self) -> Capture {
        self.capture
            .take()
            .map_or_else(Capture::default, |one| *one)
    }

    /// Adds what another captured, if it did.
    pub fn join_capture(&mut self, other: &Self) {
        if let Some(other) = &other.capture {
            self.capture().join(other);
        }
    }

    /// Whether a vendor's code or status without a row was captured.
    #[must_use]
    pub fn met_unmapped(&self) -> bool {
        self.capture.as_ref().is_some_and(|one| one.unmapped)
    }

    /// What can be said of a write that ends here: nothing left, or nobody knows.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        match &self.sent {
            Some(sent) if sent.may_have_been_sent() => Outcome::Unknown,
            _ => Outcome::NotDone,
        }
    }
}

/// What the vendor calls of one request may take. Smaller ones can be made of it, for a part of the calls; all
/// count into one tally.
pub struct CallBudget<'c> {
    /// Continued by each call.
    pub trace: &'c Trace,
    /// No vendor call goes on after it.
    pub deadline: Instant,
    pub tally: &'c mut CallTally,
    /// Where their time goes.
    pub phases: &'c Phases,
    /// What may be waited for the store, of the time of the whole request.
    pub store: Option<&'c Arc<StoreBudget>>,
}

impl<'c> CallBudget<'c> {
    /// For calls of a request that may take `limit` from now on.
    #[must_use]
    pub fn starting_now(
        context: &'c RequestContext,
        limit: Duration,
        tally: &'c mut CallTally,
    ) -> Self {
        let now = Instant::now();
        context.phases.enter(Phase::Other, now);
        Self {
            trace: &context.trace,
            deadline: now + limit,
            tally,
            phases: &context.phases,
            store: context.store.as_ref(),
        }
    }

    /// A part of the time that is left, from now on.
    #[must_use]
    pub fn share(&mut self, share: f64) -> CallBudget<'_> {
        let now = Instant::now();
        let left = self.deadline.saturating_duration_since(now);
        CallBudget {
            trace: self.trace,
            deadline: now + left.mul_f64(share),
            tally: self.tally,
            phases: self.phases,
            store: self.store,
        }
    }

    /// Keeps some of the time back for what comes after the calls; of less than twice as much, half.
    pub fn keep_back(&mut self, time: Duration) {
        let now = Instant::now();
        let left = self.deadline.saturating_duration_since(now);
        self.deadline = now + left - time.min(left / 2);
    }

    /// The time that is left.
    #[must_use]
    pub fn left(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }

    /// Waits because of what the vendor said or did, and says whether there is still time for a call then;
    /// where there is not it does not wait.
    pub async fn wait(&self, wait: Duration) -> bool {
        if Instant::now() + wait >= self.deadline {
            return false;
        }
        self.phases.enter_now(Phase::Vendor);
        tokio::time::sleep(wait).await;
        true
    }

    /// Begins the part of a write in which a byte of it can leave.
    pub fn begin_write(&mut self) -> SendState {
        self.tally.sent.get_or_insert_default().clone()
    }

    /// Of a write that has begun.
    #[must_use]
    pub fn sent(&self) -> Option<&SendState> {
        self.tally.sent.as_ref()
    }
}
