//! The closed list of what may come after a vendor call. Follow-ups bypass the cache.

use contract::{Operation, OperationIndex, Source, Unclear};
use serde_json::Value;

use super::call::{Answered, once};
use super::input::{Input, at};
use super::{Exchange, Runtime};

/// A 201 without a usable `Location`: the look-up of the write finds what it named. Finding nothing
/// leaves the fields out; it is never an error, since the write is done.
pub async fn fill_missing(
    runtime: &Runtime,
    exchange: &mut Exchange,
    answered: &mut Answered,
    input: &Input,
    missing: &[Vec<String>],
) {
    let Some((read, with)) = look_up(runtime.operation(answered.index)) else {
        return;
    };
    let Some(read_input) = read_input(with, input) else {
        return;
    };
    let found = match once(runtime, exchange, read, &read_input).await {
        Ok((found, _)) => found.value,
        Err(refusal) => {
            exchange.cause = Some(format!(
                "look-up after a missing Location: {}",
                refusal.detail
            ));
            None
        }
    };
    let (Some(found), Some(value)) = (found, answered.value.as_mut()) else {
        return;
    };
    for tokens in missing {
        if let Some(part) = at(&found, tokens) {
            put_first(value, tokens, part.clone());
        }
    }
}

fn look_up(operation: &Operation) -> Option<(OperationIndex, &[(String, Source)])> {
    match operation.binding.write.as_ref()?.unclear.as_ref()? {
        Unclear::LookUp {
            operation, with, ..
        } => Some((*operation, with)),
        Unclear::ReadBack { .. } => None,
    }
}

/// The read's path parameters from the write's request.
fn read_input(with: &[(String, Source)], input: &Input) -> Option<Input> {
    let mut read = Input::default();
    for (name, source) in with {
        read.path.insert(name.clone(), input.resolve_text(source)?);
    }
    Some(read)
}

/// Puts a top-level member before the others: an id leads its object.
fn put_first(target: &mut Value, tokens: &[String], part: Value) {
    let (Value::Object(members), [name]) = (target, tokens) else {
        return;
    };
    members.shift_insert(0, name.clone(), part);
}
