//! `create_if_absent`: an update that becomes a create where nothing is there.

use contract::{CreateIfAbsent, OperationIndex};

use super::execute::run as call;
use super::precondition::failed;
use crate::engine::accept::input::{Input, at};
use crate::engine::call::vendor_call::Answered;
use crate::engine::context::Exchange;
use crate::engine::outcome::Outcome;
use crate::engine::refusal::Refusal;
use crate::engine::runtime::Runtime;

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
    if !create.when.contains(&refusal.code) {
        return Err(refusal);
    }
    let Some(new) = new(runtime, create, input) else {
        return Err(refusal);
    };
    match call(runtime, exchange, create.operation, &new).await {
        Err(refusal) if create.again_when.contains(&refusal.code) => {
            call(runtime, exchange, index, input).await
        }
        result => result,
    }
}

/// The update alone, of what was there a moment ago (`If-Match`): to create what has gone meanwhile
/// would be what the caller ruled out.
pub async fn update(
    runtime: &Runtime,
    exchange: &mut Exchange,
    index: OperationIndex,
    input: &Input,
) -> Result<Answered, Refusal> {
    let refusal = match call(runtime, exchange, index, input).await {
        Ok(answered) => return Ok(answered),
        Err(refusal) => refusal,
    };
    let create = runtime.operation(index).binding.create_if_absent.as_ref();
    if create.is_some_and(|create| create.when.contains(&refusal.code)) && is_not_done(&refusal) {
        return Err(failed("If-Match holds no longer: it has gone meanwhile."));
    }
    Err(refusal)
}

/// The create alone, of what was not there a moment ago (`If-None-Match: *`): an update could only hit
/// what somebody else has made meanwhile. `absent` is what the read ended in.
pub async fn create(
    runtime: &Runtime,
    exchange: &mut Exchange,
    index: OperationIndex,
    input: &Input,
    absent: Refusal,
) -> Result<Answered, Refusal> {
    let binding = &runtime.operation(index).binding;
    let Some(create) = binding.create_if_absent.as_ref() else {
        return call(runtime, exchange, index, input).await;
    };
    let Some(new) = new(runtime, create, input) else {
        return Err(absent);
    };
    match call(runtime, exchange, create.operation, &new).await {
        Err(refusal) if create.again_when.contains(&refusal.code) && is_not_done(&refusal) => Err(
            failed("If-None-Match: * holds no longer: somebody else has made it meanwhile."),
        ),
        result => result,
    }
}

/// The request of the create; `None` where the body is not enough for one.
fn new(runtime: &Runtime, create: &CreateIfAbsent, input: &Input) -> Option<Input> {
    let body = input.body.as_ref()?;
    let enough = create
        .requires
        .iter()
        .all(|tokens| at(body, tokens).is_some());
    let mut new = Input {
        body: Some(body.clone()),
        ..Input::default()
    };
    new.apply_set(runtime.operation(create.operation));
    enough.then_some(new)
}

fn is_not_done(refusal: &Refusal) -> bool {
    refusal.outcome != Some(Outcome::Unknown)
}
