//! What was sent against what a read shows.

use contract::{Compare, Operation, OperationIndex, Unclear};
use serde_json::{Map, Value};
use translate::{Kind, Shape};

use super::Found;
use crate::engine::Runtime;
use crate::engine::input::{Input, at, remove};

/// What the read shows of a write, by the rule of its contract.
pub(super) fn compare(
    runtime: &Runtime,
    index: OperationIndex,
    looked: OperationIndex,
    input: &Input,
    unclear: &Unclear,
    there: Value,
) -> Found {
    let sent = sent(runtime.operation(index), input);
    let same = |tokens: &[String]| equal(at(&sent, tokens), at(&there, tokens));
    match unclear {
        Unclear::ReadBack {
            compare: Compare::Absent,
            ..
        } => Found::NotShown,
        Unclear::ReadBack {
            compare: Compare::Pointers(pointers),
            ..
        } => {
            if pointers.iter().all(|tokens| same(tokens)) {
                Found::Shown(Some(there))
            } else {
                Found::NotShown
            }
        }
        Unclear::LookUp { .. }
        | Unclear::ReadBack {
            compare: Compare::Returned,
            ..
        } => {
            let (seen, unseen): (Vec<_>, Vec<_>) = fields(&sent)
                .into_iter()
                .partition(|name| shows(runtime.operation(looked), name));
            let equal = seen.iter().all(|name| same(std::slice::from_ref(name)));
            match (unclear, equal) {
                (Unclear::LookUp { .. }, true) => Found::Shown(Some(there)),
                (Unclear::LookUp { .. }, false) => Found::Other,
                (_, false) => Found::NotShown,
                (_, true) if unseen.is_empty() => Found::Shown(Some(there)),
                (_, true) => Found::Unseen(unseen),
            }
        }
    }
}

/// The request as it left: after `set` and `omit`.
fn sent(operation: &Operation, input: &Input) -> Value {
    let mut sent = input
        .body
        .clone()
        .unwrap_or_else(|| Value::Object(Map::new()));
    for tokens in operation
        .binding
        .request
        .iter()
        .flat_map(|request| &request.omit)
    {
        remove(&mut sent, tokens);
    }
    sent
}

fn fields(value: &Value) -> Vec<String> {
    value
        .as_object()
        .map(|members| members.keys().cloned().collect())
        .unwrap_or_default()
}

/// Whether a read's answer has a field.
fn shows(read: &Operation, name: &str) -> bool {
    let shapes = read
        .binding
        .answer
        .success
        .iter()
        .filter_map(|success| success.shape.as_ref());
    shapes
        .filter_map(object_fields)
        .flatten()
        .any(|field| field.name == name)
}

pub(super) fn object_fields(shape: &Shape) -> Option<&[translate::Field]> {
    match &shape.kind {
        Kind::Object(object) => Some(&object.fields),
        _ => None,
    }
}

/// `""`, null and absence are one: no vendor tells them apart.
fn equal(sent: Option<&Value>, there: Option<&Value>) -> bool {
    let plain = |value: Option<&Value>| {
        value
            .filter(|value| !value.is_null() && value.as_str() != Some(""))
            .cloned()
    };
    plain(sent) == plain(there)
}
