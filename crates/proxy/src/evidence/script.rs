//! The vendors of a record: each call gets what was answered then, and is held against what was asked then.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{HeaderName, HeaderValue};
use tokio::time::Instant;
use url::Url;

use super::record::{self, Body, Call, Difference, Record};
use crate::phases::Phases;
use crate::upstream::{
    AnswerFields, Attempt, CallCredential, Failure, FailureKind, Upstream, VendorAnswer,
    VendorRequest,
};

/// The calls of a record, in their order.
pub struct Script {
    calls: Vec<Call>,
    /// The request's time was over, so that a further call says nothing.
    is_late: bool,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    next: usize,
    differences: Vec<Difference>,
}

/// One vendor of a record.
pub struct Scripted {
    pub base_url: Url,
    pub script: Arc<Script>,
}

/// With less left than this the next look-up does not begin.
pub const LATE: Duration = Duration::from_millis(50);

impl Script {
    #[must_use]
    pub fn of(record: &Record) -> Self {
        Self {
            is_late: record.calls.is_empty() || time_left(record) <= LATE,
            calls: record.calls.clone(),
            state: Mutex::default(),
        }
    }

    /// What differed, calls that were not made included.
    #[must_use]
    pub fn differences(&self) -> Vec<Difference> {
        let state = self.state();
        let mut all = state.differences.clone();
        let left = self.calls.iter().enumerate().skip(state.next);
        all.extend(left.map(|(index, call)| Difference {
            at: format!("/calls/{index}"),
            recorded: format!("{} {}", call.step, call.operation),
            replayed: "no such call".to_owned(),
        }));
        all
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answer(&self, request: &VendorRequest) -> Attempt {
        let mut state = self.state();
        let index = state.next;
        let Some(call) = self.calls.get(index) else {
            if !self.is_late {
                state.differences.push(Difference {
                    at: format!("/calls/{index}"),
                    recorded: "no such call".to_owned(),
                    replayed: format!("{} for {}", request.method, request.operation),
                });
            }
            let why = "the record has no further call";
            return Attempt::ResponseLost(Failure::new(FailureKind::Timeout, why));
        };
        state.next += 1;
        let found = compare(index, call, request);
        state.differences.extend(found);
        attempt(call)
    }
}

/// What was left to a request when its last call had ended.
#[must_use]
pub fn time_left(record: &Record) -> Duration {
    let took = record.calls.iter().map(|call| call.took_ms.max(0.0));
    let took = Duration::try_from_secs_f64(took.sum::<f64>() / 1e3).unwrap_or_default();
    Duration::from_millis(record.request.time_limit_ms).saturating_sub(took)
}

fn compare(index: usize, call: &Call, request: &VendorRequest) -> Vec<Difference> {
    let then = &call.request;
    let content_type = |fields: &[(String, String)]| {
        let found = fields.iter().find(|(name, _)| name == "content-type");
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    };
    let now = request.headers.get("content-type");
    let now = now
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let mut pairs = vec![
        (
            "operation",
            call.operation.clone(),
            request.operation.to_string(),
        ),
        (
            "request/method",
            then.method.clone(),
            request.method.to_string(),
        ),
        (
            "request/path",
            then.path.clone(),
            request.path_and_query.clone(),
        ),
        (
            "request/fields/content-type",
            content_type(&then.fields),
            now.to_owned(),
        ),
    ];
    match bytes(&then.body) {
        Some(body) => pairs.push((
            "request/body",
            String::from_utf8_lossy(&body).into_owned(),
            String::from_utf8_lossy(&request.body).into_owned(),
        )),
        None => pairs.push((
            "request/body",
            "not whole in the record".to_owned(),
            format!("{} bytes", request.body.len()),
        )),
    }
    if call
        .answer
        .as_ref()
        .is_some_and(|answer| answer.body.cut.is_some())
    {
        pairs.push((
            "answer/body",
            "not whole in the record".to_owned(),
            "read as far as it goes".to_owned(),
        ));
    }
    let differ = pairs.into_iter().filter(|(_, then, now)| then != now);
    differ
        .map(|(member, recorded, replayed)| Difference {
            at: format!("/calls/{index}/{member}"),
            recorded,
            replayed,
        })
        .collect()
}

/// `None`: it is not whole.
fn bytes(body: &Body) -> Option<Vec<u8>> {
    if body.cut.is_some() {
        return None;
    }
    Some(partial(body))
}

fn partial(body: &Body) -> Vec<u8> {
    match (&body.text, &body.base64) {
        (Some(text), _) => text.clone().into_bytes(),
        (None, Some(coded)) => STANDARD.decode(coded).unwrap_or_default(),
        (None, None) => Vec::new(),
    }
}

fn attempt(call: &Call) -> Attempt {
    let failure = call.failure.as_ref().map(failure);
    let lost = || Failure::new(FailureKind::Closed, "the record does not say why");
    match (&call.answer, call.end.as_str()) {
        (Some(answer), _) => {
            let fields = answer.fields.iter().filter_map(|(name, value)| {
                let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
                Some((name, HeaderValue::from_str(value).ok()?))
            });
            Attempt::Answered(VendorAnswer {
                status: answer.status,
                headers: AnswerFields::from_iter(fields),
                body: Bytes::from(partial(&answer.body)),
                cut: failure,
                credential: CallCredential::default(),
            })
        }
        (None, "not-sent") => Attempt::NotSent(failure.unwrap_or_else(lost)),
        (None, _) => Attempt::ResponseLost(failure.unwrap_or_else(lost)),
    }
}

fn failure(failure: &record::Failure) -> Failure {
    Failure {
        kind: FailureKind::of_label(&failure.kind).unwrap_or(FailureKind::Closed),
        detail: failure.detail.clone(),
        retry_after: failure.retry_after_ms.map(Duration::from_millis),
    }
}

#[async_trait]
impl Upstream for Scripted {
    async fn call(&self, request: &VendorRequest, _deadline: Instant, _phases: &Phases) -> Attempt {
        self.script.answer(request)
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
