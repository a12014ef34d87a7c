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
        ..Served::from(reply(runtime, result))
    }
}

/// The status that `emit` says, the value as JSON, and `Location`.
#[must_use]
pub fn reply(runtime: &Runtime, result: OperationResult) -> Reply {
    let operation = runtime.operation(result.index);
    let emit = result.entry.emit;
    let status = emit.status;
    let Some(value) = result.value else {
        return Reply::empty(status);
    };
    let location = emit
        .location
        .map(|target| location::of(runtime.operation(target), &value));
    let body = value.into_string();
    let mut reply = Reply::content(status, "application/json", body.into());
    match location {
        Some(Ok(path)) => reply.locate(&path),
        None | Some(Err(NoLocation::Unknown)) => {}
        Some(Err(NoLocation::Refused)) => runtime
            .upstream(operation)
            .notice(&operation.id, Notice::DeadLocation),
    }
    reply
}
