//! The attempt after one of unknown outcome: what is there already is not made again.

use contract::Unclear;

use crate::engine::accept::invocation::Invocation;
use crate::engine::call::budget::CallBudget;
use crate::engine::call::result::{Evidence, OperationResult, UnclearWrite};
use crate::engine::refusal::Refusal;
use crate::engine::write::execute::SAFE_TO_REPEAT;
use crate::engine::write::look_up::{self, LookupResult};
use crate::engine::write::precondition::Conditional;

/// The attempt after one of unknown outcome: what is there already is not made again.
pub async fn second(
    request: Conditional<'_>,
    budget: &mut CallBudget<'_>,
) -> Result<OperationResult, Refusal> {
    match look_first(request.write, budget).await {
        Some(result) => result,
        None => {
            let result = request.run(budget).await;
            ours_after_all(request.write, budget, result).await
        }
    }
}

/// What a look-up says of the first attempt. `None`: nothing is there, so it may be sent.
pub async fn look_first(
    write: Invocation<'_>,
    budget: &mut CallBudget<'_>,
) -> Option<Result<OperationResult, Refusal>> {
    let vendor = &write.binding().upstream;
    let still = Refusal::outcome_unknown(format!(
        "What became of the first request with this key at {vendor} cannot be found out."
    ));
    let Some(rule) = rule(write) else {
        return Some(Err(still));
    };
    match look_up::check(write, budget, rule).await {
        LookupResult::Shown(there) => Some(look_up::assemble(write, there.as_ref())),
        LookupResult::Other => {
            let unclear = UnclearWrite {
                refusal: still,
                evidence: Evidence::None,
            };
            Some(Err(look_up::taken(rule, &unclear)))
        }
        LookupResult::NotShown => None,
        LookupResult::Unseen(_) => Some(Err(still)),
        LookupResult::CannotTell(why) => Some(Err(still.because(why))),
    }
}

/// The first attempt may still be on its way, so whatever the second ends in says nothing of it; a name
/// that the vendor then calls taken is ours, if what bears it is what was sent.
async fn ours_after_all(
    write: Invocation<'_>,
    budget: &mut CallBudget<'_>,
    result: Result<OperationResult, Refusal>,
) -> Result<OperationResult, Refusal> {
    let refusal = match result {
        Err(refusal) if !refusal.is_unknown() => refusal,
        result => return result,
    };
    let rule = rule(write);
    let found = match rule {
        Some(rule @ Unclear::LookUp { different, .. }) if refusal.code == *different => {
            look_up::check(write, budget, rule).await
        }
        _ => LookupResult::NotShown,
    };
    match found {
        LookupResult::Shown(there) => look_up::assemble(write, there.as_ref()),
        LookupResult::Other => Err(refusal),
        found => {
            // The look-up that let the second attempt go, or the one after it, showed nothing.
            let looks_up = matches!(rule, Some(Unclear::LookUp { .. }));
            let safe_to_repeat = found == LookupResult::NotShown && looks_up;
            Err(Refusal {
                safe_to_repeat,
                hint: safe_to_repeat.then(|| SAFE_TO_REPEAT.to_owned()),
                upstream: refusal.upstream,
                headers: refusal.headers,
                ..Refusal::outcome_unknown(format!(
                    "The second attempt with this key ended in {}, and the first may still come.",
                    refusal.code
                ))
                .because(refusal.detail)
            })
        }
    }
}

fn rule(write: Invocation<'_>) -> Option<&Unclear> {
    write.binding().unclear()
}
