//! A list in pages: `limit` and `cursor` in, `next_cursor` out.

use contract::{GatewayProblem, LAST_INDEX, Operation, OperationIndex, Paging};
use serde_json::{Map, Value, json};

use super::vendor_call::{Answered, read};
use crate::engine::accept::cursor::{self, Cursor, List};
use crate::engine::accept::input::Input;
use crate::engine::context::Exchange;
use crate::engine::refusal::Refusal;
use crate::engine::runtime::Runtime;
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
    let next = next(paging, operation, input, answered.value.as_ref())?;
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
fn next(
    paging: &Paging,
    operation: &Operation,
    input: &Input,
    value: Option<&Value>,
) -> Result<Option<String>, Refusal> {
    let limit = input.query.get(cursor::LIMIT).and_then(Value::as_u64);
    let items = value
        .and_then(|value| value.get(&paging.items))
        .and_then(Value::as_array);
    let (Some(limit), Some(items)) = (limit, items.filter(|items| !items.is_empty())) else {
        return Ok(None);
    };
    let start = input
        .query
        .get(cursor::PARAMETER)
        .and_then(Value::as_u64)
        .unwrap_or(paging.first);
    let start = start.saturating_add(items.len() as u64);
    if start > LAST_INDEX {
        // Only a cursor leads here, and a forged one at a vendor that does not mind its start: that is not
        // the vendor's fault.
        let detail =
            format!("The list goes on behind its item {LAST_INDEX}, where no page can start.");
        return Err(Refusal::new(GatewayProblem::InvalidCursor, detail));
    }
    let list = List {
        operation,
        path: &input.path,
    };
    Ok(Some(Cursor::of(start, limit, &input.query).write(list)))
}
