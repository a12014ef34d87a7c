//! A draft becomes a record.

use std::collections::BTreeSet;

use bytes::Bytes;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use validate::FlatJson;

use super::blank::{Blanker, form, value};
use super::body;
use super::draft::{Asked, Draft, DraftCall};
use super::record::{
    Call, Cut, FORMAT, Failure, Record, Request, VendorAnswer, VendorRequest, Verdict,
};
use super::store::Summary;
use crate::access_log::Clock;
use crate::upstream::{self, Attempt, CallCredential};

/// The longest record in bytes. With the default budget eight of them fit.
const LONGEST: usize = 1 << 20;
/// What a body may take, until the record is short enough.
const BODIES: [usize; 4] = [128 << 10, 16 << 10, 1 << 10, 0];

/// Stands for a value that is not shown.
const STRUCK: &str = "***";

/// The record as JSON, and what the list says of it.
pub fn render(draft: Draft) -> (Summary, Bytes) {
    let mut json = Bytes::new();
    let mut record = None;
    for limit in BODIES {
        let written = written(&draft, limit);
        json = serde_json::to_vec(&written).unwrap_or_default().into();
        record = Some(written);
        if json.len() <= LONGEST {
            break;
        }
    }
    let code = |record: &Record| {
        let code = record.problem.get("code").and_then(Value::as_str);
        code.unwrap_or_default().to_owned()
    };
    let time = record.as_ref().map(|one| one.time.clone());
    let summary = Summary {
        time: time.unwrap_or_default(),
        code: record.as_ref().map(code).unwrap_or_default(),
        trace_id: draft.trace_id,
        operation: draft.operation,
        status: draft.status,
        because: draft.because.to_owned(),
        calls: draft.calls.len(),
        bytes: json.len(),
    };
    (summary, json)
}

fn written(draft: &Draft, limit: usize) -> Record {
    let mut blanker = Blanker::new(draft.personal.clone());
    // First the caller's values: what repeats them is swept.
    let request = request(&mut blanker, draft, limit);
    let segments = personal_segments(draft);
    let calls: Vec<Call> = draft
        .calls
        .iter()
        .map(|one| call(&mut blanker, one, &segments, limit))
        .collect();
    let mut problem = serde_json::from_slice(&draft.problem).unwrap_or(Value::Null);
    sweep(&blanker, &mut problem);
    let instance = problem.get("instance").and_then(Value::as_str);
    if let Some(instance) = instance.map(|path| blanker.path(path, &segments)) {
        problem["instance"] = json!(instance);
    }
    let words = |text: &String| blanker.sweep_words(text);
    let phases = draft.phases.iter();
    Record {
        format: FORMAT.to_owned(),
        gateway: env!("CARGO_PKG_VERSION").to_owned(),
        contract: draft.contract.clone(),
        time: Clock::default().text(draft.time).to_owned(),
        trace_id: draft.trace_id.clone(),
        because: draft.because.to_owned(),
        request,
        verdict: Verdict {
            outcome: draft.outcome.map(str::to_owned),
            why: draft.why.as_ref().map(words),
        },
        calls,
        phases: phases
            .map(|(name, time)| ((*name).to_owned(), json!(milliseconds(*time))))
            .collect(),
        status: draft.status,
        problem,
        blanked: blanker.names().cloned().collect(),
    }
}

fn personal_segments(draft: &Draft) -> BTreeSet<String> {
    let path = draft.asked.iter().flat_map(|asked| &asked.path);
    let personal = path.filter(|(name, _)| draft.personal.contains(*name));
    personal.map(|(_, value)| value.clone()).collect()
}

fn request(blanker: &mut Blanker, draft: &Draft, limit: usize) -> Request {
    let empty = Asked {
        path: Default::default(),
        query: Default::default(),
        body: None,
        conditions: Vec::new(),
        limit: Default::default(),
    };
    let asked = draft.asked.as_deref().unwrap_or(&empty);
    let mut body = asked.body.as_ref().map(FlatJson::to_value);
    let mut path = Map::new();
    for (name, text) in &asked.path {
        path.insert(name.clone(), json!(text));
    }
    let mut parts = [
        Value::Object(path),
        Value::Object(asked.query.clone().into_iter().collect()),
    ];
    for part in parts.iter_mut().chain(&mut body) {
        value::blank(blanker, part, false);
    }
    // Once more: what stands before a personal value may repeat it.
    for part in parts.iter_mut().chain(&mut body) {
        value::sweep(blanker, part);
    }
    blanker.seal();
    let [path, query] = parts.map(|part| match part {
        Value::Object(members) => members,
        _ => Map::new(),
    });
    let text = body.as_ref().map(Value::to_string).unwrap_or_default();
    let body_cut = (text.len() > limit).then(|| Cut {
        bytes: text.len(),
        sha256: body::hex(&Sha256::digest(&text)),
    });
    Request {
        method: draft.method.clone(),
        route: draft.route.clone(),
        operation: draft.operation.clone(),
        path,
        query,
        conditions: asked.conditions.clone(),
        body: body.filter(|_| body_cut.is_none()),
        body_cut,
        time_limit_ms: u64::try_from(asked.limit.as_millis()).unwrap_or(u64::MAX),
        after_unknown: draft.after_unknown,
    }
}

/// Blanks what a value repeats of personal ones.
fn sweep(blanker: &Blanker, value: &mut Value) {
    match value {
        Value::String(text) => *text = blanker.sweep_words(text),
        Value::Array(items) => items.iter_mut().for_each(|item| sweep(blanker, item)),
        Value::Object(members) => members.values_mut().for_each(|one| sweep(blanker, one)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn call(
    blanker: &mut Blanker,
    call: &DraftCall,
    segments: &BTreeSet<String>,
    limit: usize,
) -> Call {
    let none = CallCredential::default();
    let credential = match &call.attempt {
        Attempt::Answered(answer) => &answer.credential,
        Attempt::NotSent(_) | Attempt::ResponseLost(_) => &none,
    };
    let (end, failure) = match &call.attempt {
        Attempt::NotSent(failure) => ("not-sent", Some(failure)),
        Attempt::ResponseLost(failure) => ("lost", Some(failure)),
        Attempt::Answered(answer) => ("answered", answer.cut.as_ref()),
    };
    let request = vendor_request(blanker, call, segments, limit);
    let answer = match &call.attempt {
        Attempt::Answered(answer) => Some(vendor_answer(blanker, call, answer, limit)),
        Attempt::NotSent(_) | Attempt::ResponseLost(_) => None,
    };
    Call {
        step: call.step.to_owned(),
        operation: call.operation.to_string(),
        upstream: call.upstream.to_string(),
        base_url: call.base_url.clone(),
        request,
        took_ms: milliseconds(call.took),
        end: end.to_owned(),
        failure: failure.map(|failure| {
            let mut detail = blanker.sweep_words(&failure.detail);
            credential.redact(&mut detail);
            Failure {
                kind: failure.kind.label().to_owned(),
                detail,
                retry_after_ms: failure
                    .retry_after
                    .map(|wait| u64::try_from(wait.as_millis()).unwrap_or(u64::MAX)),
            }
        }),
        answer,
    }
}

fn vendor_request(
    blanker: &mut Blanker,
    call: &DraftCall,
    segments: &BTreeSet<String>,
    limit: usize,
) -> VendorRequest {
    let request = &call.request;
    let (path, query) = match request.path_and_query.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (request.path_and_query.as_str(), None),
    };
    let mut path = blanker.path(path, segments);
    if let Some(query) = query {
        path.push('?');
        path.push_str(&String::from_utf8_lossy(&form::blank(
            blanker,
            query.as_bytes(),
        )));
    }
    // Another one at each call, and it says where this one stands in a trace that is told already.
    let of_trace = ["traceparent", "tracestate"];
    let fields = request.headers.iter();
    let fields = fields.filter(|(name, _)| !of_trace.contains(&name.as_str()));
    let fields = fields.map(|(name, value)| {
        let text = value.to_str().unwrap_or(STRUCK);
        (name.to_string(), field(name.as_str(), text))
    });
    let masked = &call.masked;
    let credential = masked.headers.iter();
    let credential = credential.map(|(name, value)| format!("{name}: {value}"));
    let credential = credential
        .chain(masked.query.clone())
        .chain(masked.form.clone());
    let strike = |_: &mut String| {};
    VendorRequest {
        method: request.method.to_string(),
        path,
        fields: fields.collect(),
        credential: credential.collect(),
        body: body::kept(
            blanker,
            &request.body,
            call.request_encoding,
            (limit, &strike),
        ),
    }
}

fn vendor_answer(
    blanker: &mut Blanker,
    call: &DraftCall,
    answer: &upstream::VendorAnswer,
    limit: usize,
) -> VendorAnswer {
    let credential = &answer.credential;
    let strike = |text: &mut String| credential.redact(text);
    let body = body::kept(
        blanker,
        &answer.body,
        Some(call.answer_encoding),
        (limit, &strike),
    );
    let mut fields = Vec::new();
    for (name, value) in answer.headers.iter() {
        let name = String::from_utf8_lossy(name).to_ascii_lowercase();
        let text = String::from_utf8_lossy(value);
        let personal = call.personal_fields.contains(&name);
        let mut text = match personal {
            true => blanker.blank(&text),
            false => field(&name, &blanker.sweep_words(&text)),
        };
        credential.redact(&mut text);
        fields.push((name, text));
    }
    VendorAnswer {
        status: answer.status,
        fields,
        body,
    }
}

/// The value of a field, struck where it may be a credential that somebody put there.
fn field(name: &str, value: &str) -> String {
    const SECRET: [&str; 8] = [
        "authorization",
        "proxy-authorization",
        "cookie",
        "set-cookie",
        "x-auth-token",
        "x-auth-password",
        "x-api-key",
        "www-authenticate",
    ];
    match SECRET.contains(&name) {
        true => STRUCK.to_owned(),
        false => value.to_owned(),
    }
}

fn milliseconds(time: std::time::Duration) -> f64 {
    (time.as_secs_f64() * 1e6).round() / 1e3
}
