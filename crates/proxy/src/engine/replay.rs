//! A record run again: the stages behind the check, with the vendors' answers of then.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use contract::{Operation, OperationIndex};
use grammar::PathSegment;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use http::request::Parts;
use http::{Method, Request, Response};
use serde_json::Value;
use validate::FlatJson;

use super::accept::input::Input;
use super::accept::invocation::OwnedInvocation;
use super::call::path::segment;
use super::runtime::Runtime;
use crate::evidence::{Difference, LATE, Record, time_left};

/// What a record came to this time.
#[derive(Debug)]
pub struct Replayed {
    pub status: u16,
    /// The body that a caller would get.
    pub body: Value,
    /// Where the answer is another one; what differs in the calls the vendors know.
    pub differences: Vec<Difference>,
}

/// Why a record cannot be run.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReplayError {
    #[error("the contract has no operation `{0}`")]
    Operation(String),
    #[error(
        "the record has no usable value of the path parameter `{0}`, which the contract's operation has"
    )]
    Parameter(String),
    #[error("the request's body is not in the record: it was too long")]
    Body,
    #[error("the record has no request that can be made again: {0}")]
    Request(String),
}

/// A request as it stands behind the check.
pub struct Again {
    pub head: Parts,
    pub invocation: OwnedInvocation,
    /// What its vendor calls may take. They take no time now; so it gets what was left, and no more look-ups fit
    /// than then.
    pub limit: Duration,
}

/// The request of a record, under a contract of today.
///
/// # Errors
/// The record is not enough for it, or the contract is another one.
pub fn prepare(runtime: &Arc<Runtime>, record: &Record) -> Result<Again, ReplayError> {
    let (index, operation) = find(runtime, &record.request.operation)?;
    if record.request.body_cut.is_some() {
        return Err(ReplayError::Body);
    }
    let input = input(operation, record)?;
    Ok(Again {
        head: head(operation, record, &input)?,
        invocation: OwnedInvocation {
            runtime: runtime.clone(),
            index,
            input,
        },
        limit: time_left(record) + LATE,
    })
}

/// What a caller would be told now, beside what was told then.
#[must_use]
pub fn compare(record: &Record, response: &Response<Bytes>) -> Replayed {
    let status = response.status().as_u16();
    let body = serde_json::from_slice(response.body()).unwrap_or(Value::Null);
    Replayed {
        differences: differences(record, status, &body),
        status,
        body,
    }
}

fn find<'r>(
    runtime: &'r Arc<Runtime>,
    id: &str,
) -> Result<(OperationIndex, &'r Operation), ReplayError> {
    let mut all = runtime.plan.operations.iter().enumerate();
    let found = all.find(|(_, operation)| &*operation.id == id);
    let (index, operation) = found.ok_or_else(|| ReplayError::Operation(id.to_owned()))?;
    Ok((OperationIndex(index), operation))
}

/// As it was checked: what is blanked would not always pass again.
fn input(operation: &Operation, record: &Record) -> Result<Input, ReplayError> {
    let mut path = BTreeMap::new();
    for name in operation.placeholders() {
        let text = record.request.path.get(name).and_then(Value::as_str);
        let segment = text.and_then(|text| PathSegment::new(text.to_owned()).ok());
        let segment = segment.ok_or_else(|| ReplayError::Parameter(name.to_owned()))?;
        path.insert(name.to_owned(), segment);
    }
    Ok(Input {
        path,
        query: record.request.query.clone().into_iter().collect(),
        body: record.request.body.as_ref().map(FlatJson::from),
    })
}

/// The head that it would have come with, as far as the stages behind the check read it.
fn head(operation: &Operation, record: &Record, input: &Input) -> Result<Parts, ReplayError> {
    let mut target = String::new();
    for part in operation.path.split('/').skip(1) {
        let name = part
            .strip_prefix('{')
            .and_then(|rest| rest.strip_suffix('}'));
        let value = name.and_then(|name| input.path.get(name));
        let text = value.map_or_else(|| part.to_owned(), |value| segment(value));
        let _ = write!(target, "/{text}");
    }
    for (index, (name, value)) in input.query.iter().enumerate() {
        let joint = if index == 0 { '?' } else { '&' };
        let text = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        let _ = write!(target, "{joint}{}={}", segment(name), segment(&text));
    }
    let bad = |error: http::Error| ReplayError::Request(error.to_string());
    let method = Method::from_bytes(record.request.method.as_bytes());
    let mut request = Request::builder()
        .method(method.map_err(|error| bad(error.into()))?)
        .uri(target)
        .header(CONTENT_TYPE, "application/json")
        .header(
            "traceparent",
            format!("00-{}-00000000000000a1-00", record.trace_id),
        )
        .body(())
        .map_err(bad)?;
    for (name, value) in &record.request.conditions {
        let name = HeaderName::from_bytes(name.as_bytes());
        let value = HeaderValue::from_str(value);
        if let (Ok(name), Ok(value)) = (name, value) {
            request.headers_mut().append(name, value);
        }
    }
    Ok(request.into_parts().0)
}

/// Of the answer. `instance` is the path as its caller spelt it.
fn differences(record: &Record, status: u16, body: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    let mut differ = |at: String, recorded: String, replayed: String| {
        if recorded != replayed {
            found.push(Difference {
                at,
                recorded,
                replayed,
            });
        }
    };
    differ(
        "/status".to_owned(),
        record.status.to_string(),
        status.to_string(),
    );
    let members = |value: &Value| value.as_object().cloned().unwrap_or_default();
    let (then, now) = (members(&record.problem), members(body));
    let mut names: Vec<&String> = then.keys().chain(now.keys()).collect();
    names.sort();
    names.dedup();
    let own = ["instance", "trace_id"];
    for name in names
        .into_iter()
        .filter(|name| !own.contains(&name.as_str()))
    {
        let text =
            |value: Option<&Value>| value.map_or_else(|| "nothing".to_owned(), Value::to_string);
        differ(
            format!("/problem/{}", grammar::pointer::escape(name)),
            text(then.get(name)),
            text(now.get(name)),
        );
    }
    found
}
