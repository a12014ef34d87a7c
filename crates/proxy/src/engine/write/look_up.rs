//! Reads that find out: what became of a write, and what a 201 without a `Location` made. They
//! bypass the cache.

mod compare;

use contract::{Compare, OperationIndex, Source, Unclear};
use serde_json::Value;
use translate::judge::{self, Context};

use crate::engine::accept::input::Input;
use crate::engine::call::vendor_call::{Answered, read};
use crate::engine::call::verdict::{Evidence, unknown};
use crate::engine::context::Exchange;
use crate::engine::outcome::Outcome;
use crate::engine::refusal::Refusal;
use crate::engine::runtime::Runtime;
use crate::upstream::CallKind;
use compare::compare;

/// What a look-up saw.
#[derive(Debug, Clone, PartialEq)]
pub enum Found {
    /// The write is there (for a delete: the thing is gone). With what the read shows.
    Shown(Option<Value>),
    /// A create's name belongs to something else.
    Other,
    NotShown,
    /// All that can be read back is as sent; these sent fields cannot.
    Unseen(Vec<String>),
    CannotTell(String),
}

/// One look-up for an unclear write.
pub async fn check(
    runtime: &Runtime,
    exchange: &mut Exchange,
    index: OperationIndex,
    input: &Input,
    unclear: &Unclear,
) -> Found {
    let (operation, with) = match unclear {
        Unclear::LookUp {
            operation, with, ..
        }
        | Unclear::ReadBack {
            operation, with, ..
        } => (*operation, with),
    };
    let Some(read_input) = read_input(with, input) else {
        return Found::CannotTell("the request lacks what the look-up needs".to_owned());
    };
    let result = read(
        runtime,
        exchange,
        operation,
        &read_input,
        CallKind::FollowUp,
    )
    .await;
    let there = match result {
        Ok(answered) => answered.value,
        Err(refusal) if is_absent(runtime, &refusal) => {
            return if delete(unclear) {
                Found::Shown(None)
            } else {
                Found::NotShown
            };
        }
        Err(refusal) => return Found::CannotTell(refusal.detail),
    };
    let Some(there) = there else {
        return Found::CannotTell("the look-up gave nothing".to_owned());
    };
    let found = compare(runtime, index, operation, input, unclear, there);
    match (&found, old_name(with, input)) {
        (Found::Shown(_) | Found::Unseen(_), Some(old)) => {
            still_there(runtime, exchange, operation, &old)
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
async fn still_there(
    runtime: &Runtime,
    exchange: &mut Exchange,
    operation: OperationIndex,
    old: &Input,
) -> Option<Found> {
    match read(runtime, exchange, operation, old, CallKind::FollowUp).await {
        Ok(_) => Some(Found::NotShown),
        Err(refusal) if is_absent(runtime, &refusal) => None,
        Err(refusal) => Some(Found::CannotTell(refusal.detail)),
    }
}

fn delete(unclear: &Unclear) -> bool {
    matches!(
        unclear,
        Unclear::ReadBack {
            compare: Compare::Absent,
            ..
        }
    )
}

/// A vendor that fails proves nothing, whatever code its words hold.
pub fn is_absent(runtime: &Runtime, refusal: &Refusal) -> bool {
    let row = runtime.plan.problems.get(&refusal.code);
    let vendor = refusal.upstream.as_ref();
    row.is_some_and(|row| row.status == 404) && vendor.is_none_or(|(_, vendor)| vendor.status < 500)
}

/// The read's path parameters from the write's request.
fn read_input(with: &[(String, Source)], input: &Input) -> Option<Input> {
    let mut read = Input::default();
    for (name, source) in with {
        read.path.insert(name.clone(), input.resolve_text(source)?);
    }
    Some(read)
}

/// The answer of a write that a look-up showed: as its first success would have been, with what only
/// the vendor knows taken from the read.
///
/// # Errors
/// The contract promises a field that neither the request nor the read gives.
pub fn assemble(
    runtime: &Runtime,
    index: OperationIndex,
    input: &Input,
    there: Option<&Value>,
) -> Result<Answered, Refusal> {
    let operation = runtime.operation(index);
    let context = Context {
        request: input.body.as_ref(),
        path: &input.path,
        base_url: "",
        usable_segment: &|_| false,
    };
    let success = operation.binding.answer.success.first();
    let value = match success.map(|success| judge::assemble(success, &context, there)) {
        Some(Ok(value)) => value,
        Some(Err(mismatch)) => {
            let detail = format!(
                "A look-up shows that it was done, but does not give the answer: {} is missing.",
                mismatch.at
            );
            return Err(unknown(detail));
        }
        None => None,
    };
    Ok(Answered {
        index,
        entry: 0,
        value,
    })
}

/// A create whose name belongs to something that is not what was sent. It could still be ours, as the
/// vendor wrote it; only a vendor that has ended in an error proves that it is not.
pub fn taken(unclear: &Unclear, refusal: &Refusal, evidence: Evidence) -> Refusal {
    let code = match unclear {
        Unclear::LookUp { different, .. } => different.clone(),
        Unclear::ReadBack { .. } => refusal.code.clone(),
    };
    Refusal {
        outcome: Some(match evidence {
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
    runtime: &Runtime,
    exchange: &mut Exchange,
    answered: &mut Answered,
    input: &Input,
    missing: &[Vec<String>],
) {
    let binding = &runtime.operation(answered.index).binding;
    let success = binding.answer.success.get(answered.entry);
    let unclear = binding
        .write
        .as_ref()
        .and_then(|write| write.unclear.as_ref());
    let Some(Unclear::LookUp {
        operation, with, ..
    }) = unclear
    else {
        return;
    };
    let Some(read_input) = read_input(with, input) else {
        return;
    };
    let found = match read(
        runtime,
        exchange,
        *operation,
        &read_input,
        CallKind::FollowUp,
    )
    .await
    {
        Ok(found) => found.value,
        Err(refusal) => {
            exchange.cause = Some(format!(
                "look-up after a missing Location: {}",
                refusal.detail
            ));
            None
        }
    };
    let (Some(found), Some(Value::Object(members))) = (found, answered.value.as_mut()) else {
        return;
    };
    for tokens in missing {
        let part = success.and_then(|success| judge::part(success, tokens, &found));
        if let ([name], Some(part)) = (tokens.as_slice(), part) {
            // An id leads its object.
            members.shift_insert(0, name.clone(), part);
        }
    }
}
