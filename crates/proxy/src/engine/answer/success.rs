//! A vendor call that succeeded → the unified answer.

use super::location::{self, NoLocation};
use super::reply::Reply;
use super::served::Served;
use crate::engine::call::result::OperationResult;
use crate::engine::runtime::Runtime;
use crate::upstream::Notice;

/// The answer, with what the log says of it.
#[must_use]
pub fn served(runtime: &Runtime, mut result: OperationResult) -> Served {
    let cause = result.cause.take();
    Served {
        cause,
        ..Served::from(reply(runtime, &result))
    }
}

/// The status that `emit` says, the value as JSON, and `Location`.
#[must_use]
pub fn reply(runtime: &Runtime, result: &OperationResult) -> Reply {
    let operation = runtime.operation(result.index);
    let emit = result.entry.emit;
    let status = emit.status;
    let mut reply = match &result.value {
        Some(value) => Reply::content(status, "application/json", value.to_string().into()),
        None => Reply::empty(status),
    };
    if let (Some(target), Some(value)) = (emit.location, &result.value) {
        match location::of(runtime.operation(target), value) {
            Ok(path) => reply.locate(&path),
            Err(NoLocation::Unknown) => {}
            Err(NoLocation::Refused) => runtime
                .upstream(operation)
                .notice(&operation.id, Notice::DeadLocation),
        }
    }
    reply
}
