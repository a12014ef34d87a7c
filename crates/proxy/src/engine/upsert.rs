//! `create_if_absent`: an update that becomes a create where nothing is there.

use contract::OperationIndex;

use super::call::Answered;
use super::input::{Input, at};
use super::write::run as call;
use super::{Exchange, Refusal, Runtime};

/// Update; where it ends in one of `when` and the request can be a create, create; where that lost a
/// race, update once more.
pub async fn run(
    runtime: &Runtime,
    exchange: &mut Exchange,
    index: OperationIndex,
    input: &Input,
) -> Result<Answered, Refusal> {
    let refusal = match call(runtime, exchange, index, input).await {
        Ok(answered) => return Ok(answered),
        Err(refusal) => refusal,
    };
    let Some(create) = &runtime.operation(index).binding.create_if_absent else {
        return Err(refusal);
    };
    let can_create = input.body.as_ref().is_some_and(|body| {
        create
            .requires
            .iter()
            .all(|tokens| at(body, tokens).is_some())
    });
    if !can_create || !create.when.contains(&refusal.code) {
        return Err(refusal);
    }
    let mut new = Input {
        body: input.body.clone(),
        ..Input::default()
    };
    new.apply_set(runtime.operation(create.operation));
    match call(runtime, exchange, create.operation, &new).await {
        Err(refusal) if create.again_when.contains(&refusal.code) => {
            call(runtime, exchange, index, input).await
        }
        result => result,
    }
}
