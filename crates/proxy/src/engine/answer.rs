//! A vendor call that succeeded → the unified answer.

use http::StatusCode;
use serde_json::Value;

use super::call::Answered;
use super::prepare::segment;
use super::{Refusal, Reply, Runtime};

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
    if let (Some(target), Some(value)) = (target, &answered.value)
        && let Some(path) = location(&runtime.operation(target).path, value)
    {
        reply.locate(&path);
    }
    Ok(reply)
}

/// A path template filled from the members of a value; `None` if one is missing.
fn location(template: &str, value: &Value) -> Option<String> {
    let parts = template.split('/').map(|part| {
        match part
            .strip_prefix('{')
            .and_then(|part| part.strip_suffix('}'))
        {
            None => Some(part.to_owned()),
            Some(name) => match value.get(name)? {
                Value::String(text) => Some(segment(text)),
                Value::Number(number) => Some(number.to_string()),
                _ => None,
            },
        }
    });
    Some(parts.collect::<Option<Vec<_>>>()?.join("/"))
}
