//! A vendor that plays its steps in their order and remembers when it was asked what.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use http::{HeaderName, HeaderValue, Method};
use proxy::phases::{Phase, Phases};
use proxy::upstream::{
    Attempt, CallCredential, CallKind, Failure, FailureKind, SendState, Upstream, VendorAnswer,
    VendorRequest,
};
use tokio::time::{Instant, sleep_until};
use url::Url;

const ROOMS: &str = "/admin/rest/administration/api/physicalrooms";

/// How one call ends.
pub struct Step {
    /// What the call does before it can leave, with milliseconds.
    before: Vec<(Phase, u64)>,
    after: Duration,
    end: End,
}

enum End {
    Of(Box<Attempt>),
    Panic { sent: bool },
}

/// A whole answer; its body is JSON.
pub fn answer(status: u16, body: &str) -> Step {
    Step::of(Attempt::Answered(VendorAnswer {
        status,
        headers: Default::default(),
        body: body.to_owned().into(),
        cut: None,
        credential: CallCredential::default(),
    }))
    .header("content-type", "application/json")
}

/// An answer whose head came whole and whose body did not.
pub fn cut(status: u16, body: &str) -> Step {
    let mut step = answer(status, body);
    if let Some(answer) = step.answer() {
        answer.cut = Some(failure(FailureKind::Cut));
    }
    step
}

/// The request left, and no answer came back.
pub fn lost() -> Step {
    Step::of(Attempt::ResponseLost(failure(FailureKind::Closed)))
}

/// Nothing is heard until the call's deadline.
pub fn silent() -> Step {
    Step::of(Attempt::ResponseLost(failure(FailureKind::Timeout))).after(u64::from(u32::MAX))
}

/// Not one byte left.
pub fn not_sent(kind: FailureKind) -> Step {
    Step::of(Attempt::NotSent(failure(kind)))
}

/// A bug of ours, before or after a byte could leave.
pub fn panics(sent: bool) -> Step {
    Step {
        before: Vec::new(),
        after: Duration::ZERO,
        end: End::Panic { sent },
    }
}

fn failure(kind: FailureKind) -> Failure {
    Failure::new(kind, "as the script says")
}

impl Step {
    fn of(attempt: Attempt) -> Self {
        Self {
            before: Vec::new(),
            after: Duration::ZERO,
            end: End::Of(Box::new(attempt)),
        }
    }

    fn answer(&mut self) -> Option<&mut VendorAnswer> {
        match &mut self.end {
            End::Of(attempt) => match &mut **attempt {
                Attempt::Answered(answer) => Some(answer),
                _ => None,
            },
            End::Panic { .. } => None,
        }
    }

    /// So many milliseconds after the call began.
    pub fn after(mut self, ms: u64) -> Self {
        self.after = Duration::from_millis(ms);
        self
    }

    /// So many milliseconds in a phase before the call can leave; `after` counts from there.
    pub fn first(mut self, phase: Phase, ms: u64) -> Self {
        self.before.push((phase, ms));
        self
    }

    pub fn header(mut self, name: &'static str, value: &'static str) -> Self {
        if let Some(answer) = self.answer() {
            let value = HeaderValue::from_static(value);
            answer.headers.insert(HeaderName::from_static(name), value);
        }
        self
    }
}

/// One call as the vendor saw it. Milliseconds count from the beginning of the test.
#[derive(Clone)]
pub struct Call {
    pub at: u64,
    pub until: u64,
    kind: CallKind,
    method: Method,
    path: String,
}

/// `120 FollowUp GET id/2145`
impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.strip_prefix(ROOMS).unwrap_or(&self.path);
        let path = path.trim_start_matches('/');
        let words = [&self.kind as &dyn fmt::Debug, &self.method];
        write!(f, "{}", self.at)?;
        words.iter().try_for_each(|word| write!(f, " {word:?}"))?;
        if path.is_empty() {
            return Ok(());
        }
        write!(f, " {path}")
    }
}

pub struct Scripted {
    start: Instant,
    base_url: Url,
    steps: Mutex<VecDeque<Step>>,
    calls: Mutex<Vec<Call>>,
}

impl Scripted {
    pub fn new(start: Instant, steps: impl IntoIterator<Item = Step>) -> Self {
        Self {
            start,
            base_url: Url::parse("https://vendor.example/").unwrap(),
            steps: Mutex::new(steps.into_iter().collect()),
            calls: Mutex::default(),
        }
    }

    pub fn calls(&self) -> Vec<Call> {
        self.calls.lock().unwrap().clone()
    }

    /// How many steps nobody asked for.
    pub fn left(&self) -> usize {
        self.steps.lock().unwrap().len()
    }

    fn next(&self, request: &VendorRequest, deadline: Instant) -> Option<Step> {
        let since = |at: Instant| u64::try_from((at - self.start).as_millis()).unwrap();
        let call = Call {
            at: since(Instant::now()),
            until: since(deadline),
            kind: request.kind,
            method: request.method.clone(),
            path: request.path_and_query.clone(),
        };
        let lock = |poison: PoisonError<_>| poison.into_inner();
        self.calls.lock().unwrap_or_else(lock).push(call);
        self.steps.lock().unwrap().pop_front()
    }
}

#[async_trait]
impl Upstream for Scripted {
    async fn call(&self, request: &VendorRequest, deadline: Instant, phases: &Phases) -> Attempt {
        let Some(step) = self.next(request, deadline) else {
            // The call stands in the record, which the test compares.
            return Attempt::NotSent(Failure::new(FailureKind::Connect, "no step is left"));
        };
        for (phase, ms) in step.before {
            phases.enter_now(phase);
            sleep_until(deadline.min(Instant::now() + Duration::from_millis(ms))).await;
        }
        let sent = match &step.end {
            End::Of(attempt) => !matches!(**attempt, Attempt::NotSent(_)),
            End::Panic { sent } => *sent,
        };
        if request.sent.as_ref().is_some_and(SendState::is_late) {
            return Attempt::NotSent(failure(FailureKind::Timeout));
        }
        if sent {
            phases.enter_now(Phase::Vendor);
            request.sent.iter().for_each(SendState::begin_send);
        }
        let end = Instant::now() + step.after;
        sleep_until(end.min(deadline)).await;
        match step.end {
            End::Of(_) if sent && end > deadline => {
                Attempt::ResponseLost(failure(FailureKind::Timeout))
            }
            End::Of(attempt) => *attempt,
            End::Panic { .. } => panic!("as the script says"),
        }
    }

    fn base_url(&self) -> &Url {
        &self.base_url
    }

    fn identity(&self) -> [u8; 32] {
        [0; 32]
    }

    fn fixed_headers(&self) -> &[(HeaderName, HeaderValue)] {
        &[]
    }

    fn sends_traceparent(&self) -> bool {
        false
    }
}
