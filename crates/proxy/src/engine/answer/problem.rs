//! RFC 9457: the one place that turns an error into a response.

mod hint;

use bytes::Bytes;
use contract::GatewayProblem;
use http::header::{CONNECTION, CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderValue, Response, StatusCode};
use serde_json::{Map, Value, json};
use translate::judge::VendorError;
use validate::{At, Violation};

use crate::engine::context::RequestContext;
use crate::engine::outcome::Outcome;
use crate::engine::refusal::Refusal;

/// After these nobody can say where the next request of the connection would begin, or the caller
/// has shown that more of the same is coming, or there will be nobody to take it.
const CLOSING: [GatewayProblem; 5] = [
    GatewayProblem::ShuttingDown,
    GatewayProblem::MalformedRequest,
    GatewayProblem::RequestTimeout,
    GatewayProblem::HeadersTooLarge,
    GatewayProblem::UriTooLong,
];

/// Writes the problem of a request.
#[must_use]
pub fn respond(context: &RequestContext, refusal: &Refusal) -> Response<Bytes> {
    let row = context.runtime().plan.problems.get(&refusal.code);
    let status = row.map_or(500, |row| row.status);
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut body = Map::new();
    body.insert("type".into(), json!(format!("/problems/{}", refusal.code)));
    body.insert(
        "title".into(),
        json!(row.map_or("Internal error", |row| row.title.as_str())),
    );
    body.insert("status".into(), json!(status.as_u16()));
    body.insert("detail".into(), json!(refusal.detail));
    body.insert("instance".into(), json!(context.path));
    body.insert("code".into(), json!(&*refusal.code));
    if !refusal.errors.listed.is_empty() {
        let listed: Vec<Value> = refusal.errors.listed.iter().map(violation).collect();
        body.insert("errors".into(), Value::Array(listed));
        if refusal.errors.more > 0 {
            body.insert("more_errors".into(), json!(refusal.errors.more));
        }
    }
    if let Some((name, vendor)) = &refusal.upstream {
        body.insert("upstream".into(), upstream(name, vendor));
    }
    if context.is_write() {
        let outcome = refusal.outcome.unwrap_or(Outcome::NotDone);
        body.insert("outcome".into(), json!(outcome.word()));
        if refusal.safe_to_repeat {
            body.insert("safe_to_repeat".into(), json!(true));
        }
    }
    body.insert("trace_id".into(), json!(context.trace.id.as_str()));
    if let Some(hint) = hint::of(refusal, context.is_write(), row) {
        body.insert("hint".into(), json!(hint));
    }
    let closes = CLOSING.iter().any(|problem| refusal.is(*problem));
    let bytes = Bytes::from(Value::Object(body).to_string());
    let mut response = Response::new(bytes);
    *response.status_mut() = status;
    let length = HeaderValue::from(response.body().len());
    let headers = response.headers_mut();
    headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static("application/problem+json"),
    );
    headers.insert(CONTENT_LENGTH, length);
    if closes {
        headers.insert(CONNECTION, HeaderValue::from_static("close"));
    }
    for (name, value) in &refusal.headers {
        headers.insert(name, value.clone());
    }
    response
}

fn violation(violation: &Violation) -> Value {
    let (key, place) = match &violation.at {
        At::Pointer(pointer) => ("pointer", pointer),
        At::Parameter(name) => ("parameter", name),
    };
    json!({key: place, "code": violation.code, "detail": violation.detail})
}

fn upstream(name: &str, vendor: &VendorError) -> Value {
    let mut report = Map::new();
    report.insert("name".into(), json!(name));
    report.insert("status".into(), json!(vendor.status));
    if let Some(code) = &vendor.code {
        report.insert("code".into(), json!(code));
    }
    if let Some(message) = &vendor.message {
        report.insert("message".into(), json!(message));
    }
    Value::Object(report)
}

/// A problem of a request of which nothing else could be written.
#[must_use]
pub fn bare() -> Response<Bytes> {
    const BODY: &str = r#"{"type":"/problems/internal-error","title":"Error in the gateway","status":500,"detail":"The gateway failed at this request.","code":"internal-error"}"#;
    let mut response = Response::new(Bytes::from_static(BODY.as_bytes()));
    *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    let headers = response.headers_mut();
    headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static("application/problem+json"),
    );
    headers.insert(CONTENT_LENGTH, HeaderValue::from(BODY.len()));
    headers.insert(CONNECTION, HeaderValue::from_static("close"));
    response
}
