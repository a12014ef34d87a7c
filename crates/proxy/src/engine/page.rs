//! A list in pages: `limit` and `cursor` in, `next_cursor` out.

use contract::{OperationIndex, Paging};
use serde_json::{Map, Value, json};

use super::call::{Answered, read};
use super::cursor::{self, Cursor};
use super::input::Input;
use super::{Exchange, Refusal, Runtime};
use crate::upstream::CallKind;

const NEXT: &str = "next_cursor";

pub async fn run(
    runtime: &Runtime,
    exchange: &mut Exchange,
    index: OperationIndex,
    input: &Input,
) -> Result<Answered, Refusal> {
    let operation = runtime.operation(index);
    let Some(paging) = &operation.binding.paging else {
        return read(runtime, exchange, index, input, CallKind::Read).await;
    };
    let later = input.query.contains_key(cursor::PARAMETER);
    let mut answered = match read(runtime, exchange, index, input, CallKind::Read).await {
        Ok(answered) => answered,
        Err(refusal) if later && ended(paging, &refusal) => empty(index, paging),
        Err(refusal) => return Err(refusal),
    };
    let next = next(paging, &operation.id, input, answered.value.as_ref());
    if let Some(Value::Object(members)) = &mut answered.value {
        members.insert(NEXT.to_owned(), next.map_or(Value::Null, Value::String));
    }
    Ok(answered)
}

/// A vendor that says "no such index" after the last page says that the list is over.
fn ended(paging: &Paging, refusal: &Refusal) -> bool {
    refusal
        .upstream
        .as_ref()
        .is_some_and(|(_, vendor)| paging.end.contains(&vendor.status))
}

fn empty(index: OperationIndex, paging: &Paging) -> Answered {
    let members = Map::from_iter([(paging.items.clone(), json!([]))]);
    Answered {
        index,
        entry: 0,
        value: Some(Value::Object(members)),
    }
}

/// A page with items always has a next one: a vendor that caps `count` must not cut a list short.
fn next(paging: &Paging, operation: &str, input: &Input, value: Option<&Value>) -> Option<String> {
    let limit = input.query.get(cursor::LIMIT)?.as_u64()?;
    let start = input
        .query
        .get(cursor::PARAMETER)
        .and_then(Value::as_u64)
        .unwrap_or(paging.first);
    let received = value?.get(&paging.items)?.as_array()?.len();
    if received == 0 {
        return None;
    }
    let start = start.checked_add(u64::try_from(received).ok()?)?;
    Some(Cursor { start, limit }.write(operation))
}
