//! A list in pages: `limit` and `cursor` in, `next_cursor` out.

use std::sync::Arc;

use contract::{GatewayProblem, LAST_INDEX, Paging};
use serde_json::{Map, Value, json};
use translate::JsonText;

use super::budget::CallBudget;
use super::result::OperationResult;
use super::vendor_call;
use crate::engine::accept::cursor::{self, Cursor, List};
use crate::engine::accept::invocation::Invocation;
use crate::engine::refusal::Refusal;
use crate::upstream::CallKind;

const NEXT: &str = "next_cursor";

/// One page.
pub async fn read(
    read: Invocation<'_>,
    paging: &Paging,
    budget: &mut CallBudget<'_>,
) -> Result<OperationResult, Refusal> {
    let later = read.input.query.contains_key(cursor::PARAMETER);
    let mut result = match vendor_call::read(read, budget, CallKind::Read).await {
        Ok(result) => result,
        Err(refusal) if later && ended(paging, &refusal) => empty(read, paging),
        Err(refusal) => return Err(refusal),
    };
    let next = next(read, paging, result.value.as_ref())?;
    if let Some(value) = &mut result.value {
        value.set(NEXT, &next.map_or(Value::Null, Value::String));
    }
    Ok(result)
}

/// A vendor that says "no such index" after the last page says that the list is over.
fn ended(paging: &Paging, refusal: &Refusal) -> bool {
    refusal
        .vendor_status()
        .is_some_and(|status| paging.end.contains(&status))
}

fn empty(read: Invocation<'_>, paging: &Paging) -> OperationResult {
    let members = Map::from_iter([(paging.items.clone(), json!([]))]);
    OperationResult {
        index: read.index,
        entry: Arc::clone(&read.binding().answer.success.first),
        value: Some(JsonText::from(&Value::Object(members))),
        cause: None,
    }
}

/// A page with items always has a next one: a vendor that caps `count` must not cut a list short.
fn next(
    read: Invocation<'_>,
    paging: &Paging,
    value: Option<&JsonText>,
) -> Result<Option<String>, Refusal> {
    let input = read.input;
    let limit = input.query.get(cursor::LIMIT).and_then(Value::as_u64);
    let Some(limit) = limit else {
        return Ok(None);
    };
    let items = value.and_then(|value| value.items_of(&paging.items));
    let Some(items) = items.filter(|items| *items > 0) else {
        return Ok(None);
    };
    let start = input
        .query
        .get(cursor::PARAMETER)
        .and_then(Value::as_u64)
        .unwrap_or(paging.first);
    let start = start.saturating_add(items as u64);
    if start > LAST_INDEX {
        // Only a cursor leads here, and a forged one at a vendor that does not mind its start: that is not
        // the vendor's fault.
        let detail =
            format!("The list goes on behind its item {LAST_INDEX}, where no page can start.");
        return Err(Refusal::new(GatewayProblem::InvalidCursor, detail));
    }
    let list = List {
        operation: read.operation(),
        path: &input.path,
    };
    Ok(Some(Cursor::of(start, limit, &input.query).write(list)))
}
