//! A success status whose body says that it is none.

use serde_json::Value;

use crate::answer::FailsIf;
use crate::decode::texts_at;
use crate::document::Document;
use crate::mismatch::Mismatch;
use crate::pointer;

/// Most entries that are named; a bulk call with thousands of failures must not become an answer
/// of megabytes.
const MAX_ITEMS: usize = 100;

/// Whether the place, in the answer's own names, says the value. A place that is not there says
/// nothing.
pub(super) fn holds(fails_if: &FailsIf, document: &Document) -> bool {
    texts_at(document, &fails_if.at)
        .iter()
        .any(|text| text.trim() == fails_if.equals)
}

pub(super) fn unclear(fails_if: &FailsIf) -> Mismatch {
    Mismatch::new(
        format!("anything but `{}`", fails_if.equals),
        "the value that means failure",
    )
    .at(pointer::of(&fails_if.at))
}

/// Pointers of the request's scalars that equal one of the named values, in the request's order.
pub(super) fn named_entries(
    fails_if: &FailsIf,
    document: &Document,
    request: Option<&Value>,
) -> Vec<String> {
    let mut found = Vec::new();
    if let (Some(items), Some(request)) = (&fails_if.items, request) {
        let named: Vec<String> = texts_at(document, items)
            .iter()
            .map(|text| text.trim().to_owned())
            .collect();
        search(request, &named, "", &mut found);
    }
    found
}

fn search(value: &Value, named: &[String], place: &str, found: &mut Vec<String>) {
    if found.len() >= MAX_ITEMS {
        return;
    }
    let is_named = |text: &str| named.iter().any(|name| name == text);
    match value {
        Value::String(text) if is_named(text.trim()) => found.push(place.to_owned()),
        Value::Number(number) if is_named(&number.to_string()) => found.push(place.to_owned()),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                search(
                    item,
                    named,
                    &pointer::child(place, &index.to_string()),
                    found,
                );
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                search(member, named, &pointer::child(place, name), found);
            }
        }
        _ => {}
    }
}
