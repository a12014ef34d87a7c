//! Which way an operation goes, by what the contract says of it.

use contract::OperationIndex;

use super::page;
use super::vendor_call::{Answered, read};
use crate::engine::accept::input::Input;
use crate::engine::context::Exchange;
use crate::engine::refusal::Refusal;
use crate::engine::runtime::Runtime;
use crate::engine::write::{execute, upsert};
use crate::upstream::CallKind;

/// Runs an operation with all that may follow its call.
pub async fn run(
    runtime: &Runtime,
    exchange: &mut Exchange,
    index: OperationIndex,
    input: &Input,
) -> Result<Answered, Refusal> {
    let binding = &runtime.operation(index).binding;
    if binding.create_if_absent.is_some() {
        upsert::run(runtime, exchange, index, input).await
    } else if binding.write.is_some() {
        execute::run(runtime, exchange, index, input).await
    } else if binding.paging.is_some() {
        page::run(runtime, exchange, index, input).await
    } else {
        read(runtime, exchange, index, input, CallKind::Read).await
    }
}
