//! Reads that find out: what became of a write, and what a 201 without a `Location` made. They
//! bypass the cache.

mod compare;
mod result;

use std::sync::Arc;

use contract::{Compare, Source, Unclear};
use grammar::Pointer;
use serde_json::Value;
use translate::JsonText;
use translate::judge::{self, Context};
use validate::FlatJson;

use crate::engine::accept::input::Input;
use crate::engine::accept::invocation::Invocation;
use crate::engine::call::budget::CallBudget;
use crate::engine::call::result::{Evidence, OperationResult, UnclearWrite};
use crate::engine::call::vendor_call::read;
use crate::engine::outcome::Outcome;
use crate::engine::refusal::Refusal;
use crate::engine::runtime::Runtime;
use crate::upstream::CallKind;
use compare::compare;
pub use result::LookupResult;

/// One look-up for an unclear write, by the rule of its contract.
pub async fn check(
    write: Invocation<'_>,
    budget: &mut CallBudget<'_>,
    rule: &Unclear,
) -> LookupResult {
    let (Unclear::LookUp {
        operation, with, ..
    }
    | Unclear::ReadBack {
        operation, with, ..
    }) = rule;
    let Some(input) = read_input(with, write.input) else {
        let why = "the request lacks what the look-up needs";
        return LookupResult::CannotTell(why.to_owned());
    };
    let look_up = write.of(*operation, &input);
    let _look_up = budget.phases.look_up();
    let there = match read(look_up, budget, CallKind::FollowUp).await {
        Ok(result) => result.value.map(|text| text.value()),
        Err(refusal) if is_absent(write.runtime, &refusal) => {
            return if deletes(rule) {
                LookupResult::Shown(None)
            } else {
                LookupResult::NotShown
            };
        }
        Err(refusal) => return LookupResult::CannotTell(refusal.detail),
    };
    let Some(there) = there else {
        return LookupResult::CannotTell("the look-up gave nothing".to_owned());
    };
    let found = compare(write, look_up.operation(), rule, there);
    match (&found, old_name(with, write.input)) {
        (LookupResult::Shown(_) | LookupResult::Unseen(_), Some(old)) => {
            still_there(write.of(*operation, &old), budget)
                .await
                .unwrap_or(found)
        }
        _ => found,
    }
}

/// The read's parameters by the name in the write's path, where the write gives another one.
fn old_name(with: &[(String, Source)], input: &Input) -> Option<Input> {
    let new = read_input(with, input)?;
    let mut old = new.clone();
    for (name, value) in &mut old.path {
        if let Some(named) = input.path.get(name) {
            value.clone_from(named);
        }
    }
    (old != new).then_some(old)
}

/// After a rename the old name is gone. While it is there, what the new one shows is another's: the
/// vendor would have refused the rename. `None`: it is gone.
async fn still_there(look_up: Invocation<'_>, budget: &mut CallBudget<'_>) -> Option<LookupResult> {
    match read(look_up, budget, CallKind::FollowUp).await {
        Ok(_) => Some(LookupResult::NotShown),
        Err(refusal) if is_absent(look_up.runtime, &refusal) => None,
        Err(refusal) => Some(LookupResult::CannotTell(refusal.detail)),
    }
}

fn deletes(rule: &Unclear) -> bool {
    matches!(
        rule,
        Unclear::ReadBack {
            compare: Compare::Absent,
            ..
        }
    )
}

/// A vendor that fails proves nothing, whatever code its words hold.
pub fn is_absent(runtime: &Runtime, refusal: &Refusal) -> bool {
    let row = runtime.plan.problems.get(&refusal.code);
    row.is_some_and(|row| row.status == 404)
        && refusal.vendor_status().is_none_or(|status| status < 500)
}

/// The read's path parameters from the write's request.
fn read_input(with: &[(String, Source)], input: &Input) -> Option<Input> {
    let mut read = Input::default();
    for (name, source) in with {
        read.path
            .insert(name.clone(), input.resolve_segment(source)?);
    }
    Some(read)
}

/// The answer of a write that a look-up showed: as its first success would have been, with what only
/// the vendor knows taken from the read.
///
/// # Errors
/// The contract promises a field that neither the request nor the read gives.
pub fn assemble(write: Invocation<'_>, there: Option<&Value>) -> Result<OperationResult, Refusal> {
    let context = Context {
        request: write.input.body.as_ref().map(FlatJson::root),
        path: &write.input.path,
        called: None,
        usable_segment: &|_| false,
    };
    let entry = Arc::clone(&write.binding().answer.success.first);
    let value = judge::assemble(&entry, &context, there).map_err(|mismatch| {
        Refusal::outcome_unknown(format!(
            "A look-up shows that it was done, but does not give the answer: {} is missing.",
            mismatch.at
        ))
    })?;
    Ok(OperationResult {
        index: write.index,
        entry,
        value,
        cause: None,
    })
}

/// A create whose name belongs to something that is not what was sent. It could still be ours, as the
/// vendor wrote it; only a vendor that has ended in an error proves that it is not.
pub fn taken(rule: &Unclear, unclear: &UnclearWrite) -> Refusal {
    let refusal = &unclear.refusal;
    let code = match rule {
        Unclear::LookUp { different, .. } => different.clone(),
        Unclear::ReadBack { .. } => refusal.code.clone(),
    };
    Refusal {
        outcome: Some(match unclear.evidence {
            Evidence::ServerError { .. } => Outcome::NotDone,
            Evidence::None => Outcome::Unknown,
        }),
        upstream: refusal.upstream.clone(),
        cause: refusal.cause.clone(),
        ..Refusal::of(code, "A look-up shows something else under this name.")
    }
}

/// A 201 without a usable `Location`: the look-up of the write finds what it named. Finding nothing
/// leaves the fields out; it is never an error, since the write is done.
pub async fn fill_missing(
    write: Invocation<'_>,
    budget: &mut CallBudget<'_>,
    result: &mut OperationResult,
    missing: &[Pointer],
) {
    let Some(Unclear::LookUp {
        operation, with, ..
    }) = write.binding().unclear()
    else {
        return;
    };
    let Some(input) = read_input(with, write.input) else {
        return;
    };
    let look_up = write.of(*operation, &input);
    let _look_up = budget.phases.look_up();
    let found = match read(look_up, budget, CallKind::FollowUp).await {
        Ok(found) => found.value.map(|text| text.value()),
        Err(refusal) => {
            let why = format!("look-up after a missing Location: {}", refusal.detail);
            result.cause = Some(why);
            None
        }
    };
    let (Some(found), Some(text)) = (found, result.value.as_mut()) else {
        return;
    };
    let mut value = text.value();
    let Value::Object(members) = &mut value else {
        return;
    };
    for place in missing {
        let part = judge::part(&result.entry, place, &found);
        if let ([name], Some(part)) = (place.tokens(), part) {
            // An id leads its object.
            members.shift_insert(0, name.clone(), part);
        }
    }
    *text = JsonText::from(&value);
}
