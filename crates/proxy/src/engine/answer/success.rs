//! A vendor call that succeeded → the unified answer.

use contract::{Operation, ParameterPlace};
use grammar::segment::is_segment;
use http::StatusCode;
use serde_json::Value;

use super::reply::Reply;
use crate::engine::call::prepare::segment;
use crate::engine::call::vendor_call::Answered;
use crate::engine::refusal::Refusal;
use crate::engine::runtime::Runtime;
use crate::upstream::Notice;

pub fn reply(runtime: &Runtime, answered: Answered) -> Result<Reply, Refusal> {
    let operation = runtime.operation(answered.index);
    let emit = operation.binding.emits.get(answered.entry);
    let status = emit
        .and_then(|emit| StatusCode::from_u16(emit.status).ok())
        .unwrap_or(StatusCode::OK);
    let mut reply = match &answered.value {
        Some(value) => Reply::content(status, "application/json", value.to_string().into()),
        None => Reply::empty(status),
    };
    let target = emit.and_then(|emit| emit.location);
    if let (Some(target), Some(value)) = (target, &answered.value) {
        match location(runtime.operation(target), value) {
            Ok(path) => reply.locate(&path),
            Err(NoLocation::Unknown) => {}
            Err(NoLocation::Refused) => runtime
                .upstream(operation)
                .notice(&operation.id, Notice::DeadLocation),
        }
    }
    Ok(reply)
}

/// Why there is no `Location`.
enum NoLocation {
    /// The answer does not have the member.
    Unknown,
    /// The route itself would refuse its value: a dead link.
    Refused,
}

/// The path of an operation, filled from the members of a value.
fn location(target: &Operation, value: &Value) -> Result<String, NoLocation> {
    let parts = target.path.split('/').map(|part| {
        let name = part
            .strip_prefix('{')
            .and_then(|part| part.strip_suffix('}'));
        let Some(name) = name else {
            return Ok(part.to_owned());
        };
        let text = match value.get(name) {
            Some(Value::String(text)) => text.clone(),
            Some(scalar @ (Value::Number(_) | Value::Bool(_))) => scalar.to_string(),
            _ => return Err(NoLocation::Unknown),
        };
        if takes(target, name, &text) {
            Ok(segment(&text))
        } else {
            Err(NoLocation::Refused)
        }
    });
    Ok(parts.collect::<Result<Vec<_>, _>>()?.join("/"))
}

/// Whether an operation's route takes a text as its path parameter.
#[must_use]
pub fn takes(target: &Operation, name: &str, text: &str) -> bool {
    let mut parameters = target
        .parameters
        .iter()
        .filter(|parameter| parameter.place == ParameterPlace::Path && parameter.name == name);
    is_segment(text)
        && parameters.all(|parameter| parameter.validator.check_parameter(name, text).is_ok())
}
