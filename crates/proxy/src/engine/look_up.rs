//! Reads that find out: what became of a write, and what a 201 without a `Location` made. They
//! bypass the cache.

mod compare;

use contract::{Compare, OperationIndex, Source, Unclear};
use serde_json::{Map, Value};
use translate::Shape;
use translate::answer::{Produced, Success};

use super::call::{Answered, read};
use super::input::{Input, at};
use super::{Exchange, Outcome, Refusal, Runtime};
use crate::upstream::CallKind;
use compare::{compare, object_fields};

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

fn is_absent(runtime: &Runtime, refusal: &Refusal) -> bool {
    runtime
        .plan
        .problems
        .get(&refusal.code)
        .is_some_and(|row| row.status == 404)
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
pub fn assemble(
    runtime: &Runtime,
    index: OperationIndex,
    input: &Input,
    there: Option<&Value>,
) -> Answered {
    let success = runtime.operation(index).binding.answer.success.first();
    let value =
        success.and_then(|success| Some(answer(success, success.shape.as_ref()?, input, there)));
    Answered {
        index,
        entry: 0,
        value,
    }
}

fn answer(success: &Success, shape: &Shape, input: &Input, there: Option<&Value>) -> Value {
    let mut members = Map::new();
    for producer in &success.producers {
        let value = match &producer.from {
            Produced::Request(tokens) => input
                .body
                .as_ref()
                .and_then(|body| at(body, tokens))
                .cloned(),
            Produced::Path(name) => input.path.get(name).cloned().map(Value::String),
            Produced::Body | Produced::Header(_) | Produced::Location { .. } => {
                there.and_then(|there| at(there, &producer.to)).cloned()
            }
            Produced::Empty => None,
        };
        match (producer.to.as_slice(), value) {
            ([], Some(Value::Object(whole))) => {
                for (name, value) in whole {
                    members.entry(name).or_insert(value);
                }
            }
            ([name], Some(value)) => {
                members.entry(name.clone()).or_insert(value);
            }
            _ => {}
        }
    }
    let known = object_fields(shape).unwrap_or_default();
    known
        .iter()
        .filter_map(|field| Some((field.name.clone(), members.remove(&field.name)?)))
        .collect()
}

/// A create whose name belongs to something that is not what was sent.
pub fn taken(unclear: &Unclear, refusal: &Refusal) -> Refusal {
    let code = match unclear {
        Unclear::LookUp { different, .. } => different.clone(),
        Unclear::ReadBack { .. } => refusal.code.clone(),
    };
    Refusal {
        outcome: Some(Outcome::NotDone),
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
    let write = runtime.operation(answered.index).binding.write.as_ref();
    let Some(Unclear::LookUp {
        operation, with, ..
    }) = write.and_then(|write| write.unclear.as_ref())
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
        if let ([name], Some(part)) = (tokens.as_slice(), at(&found, tokens)) {
            // An id leads its object.
            members.shift_insert(0, name.clone(), part.clone());
        }
    }
}
