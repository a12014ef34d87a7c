//! A write, and the create that an update becomes where nothing is there (`create_if_absent`).

use contract::CreateIfAbsent;

use super::execute::run as execute;
use crate::engine::accept::conditions::failed;
use crate::engine::accept::input::Input;
use crate::engine::accept::invocation::Invocation;
use crate::engine::call::budget::CallBudget;
use crate::engine::call::result::OperationResult;
use crate::engine::refusal::Refusal;

/// The write; where it ends in one of `when` and the request can be a create, the create; where that lost a
/// race, the write once more.
pub async fn run(
    write: Invocation<'_>,
    budget: &mut CallBudget<'_>,
) -> Result<OperationResult, Refusal> {
    let refusal = match execute(write, budget).await {
        Ok(result) => return Ok(result),
        Err(refusal) => refusal,
    };
    match write.binding().create_if_absent() {
        Some(create) if create.when.contains(&refusal.code) => {
            Box::pin(instead(write, budget, (create, refusal))).await
        }
        _ => Err(refusal),
    }
}

/// The create where the write showed that nothing is there, which `absent` says.
async fn instead(
    write: Invocation<'_>,
    budget: &mut CallBudget<'_>,
    (create, absent): (&CreateIfAbsent, Refusal),
) -> Result<OperationResult, Refusal> {
    let Some(input) = input(write, create) else {
        return Err(absent);
    };
    match execute(write.of(create.operation, &input), budget).await {
        Err(refusal) if create.again_when.contains(&refusal.code) => execute(write, budget).await,
        result => result,
    }
}

/// The update alone, of what was there a moment ago (`If-Match`): to create what has gone meanwhile
/// would be what the caller ruled out.
pub async fn update(
    write: Invocation<'_>,
    budget: &mut CallBudget<'_>,
) -> Result<OperationResult, Refusal> {
    let create = write.binding().create_if_absent();
    let says_absent =
        |refusal: &Refusal| create.is_some_and(|create| create.when.contains(&refusal.code));
    match execute(write, budget).await {
        Err(refusal) if says_absent(&refusal) && !refusal.is_unknown() => {
            let detail = "If-Match holds no longer: it has gone meanwhile.";
            Err(failed(detail))
        }
        result => result,
    }
}

/// The create alone, of what was not there a moment ago (`If-None-Match: *`): an update could only hit
/// what somebody else has made meanwhile. `absent` is what the read ended in.
pub async fn create(
    write: Invocation<'_>,
    budget: &mut CallBudget<'_>,
    absent: Refusal,
) -> Result<OperationResult, Refusal> {
    let Some(create) = write.binding().create_if_absent() else {
        return execute(write, budget).await;
    };
    let Some(input) = input(write, create) else {
        return Err(absent);
    };
    match execute(write.of(create.operation, &input), budget).await {
        Err(refusal) if create.again_when.contains(&refusal.code) && !refusal.is_unknown() => Err(
            failed("If-None-Match: * holds no longer: somebody else has made it meanwhile."),
        ),
        result => result,
    }
}

/// The request of the create; `None` where the body is not enough for one.
fn input(write: Invocation<'_>, create: &CreateIfAbsent) -> Option<Input> {
    let body = write.input.body.as_ref()?;
    let enough = create
        .requires
        .iter()
        .all(|place| write.input.find(place).is_some());
    let mut input = Input {
        body: Some(body.clone()),
        ..Input::default()
    };
    input.apply_set(write.runtime.operation(create.operation));
    enough.then_some(input)
}
