//! The settings against the contract: what either alone cannot know to be wrong. Whatever else is wrong with
//! the settings, so that one run shows all.

mod credentials;

use contract::{Diagnostic, Place, Plan};
use grammar::pointer;
use serde_json::Value;

use super::source::{Mistake, Source};

/// Every name of the settings that the contract must have, and every vendor of the contract that the settings
/// must have.
#[must_use]
pub fn mistakes(source: &Source, plan: &Plan) -> Vec<Mistake> {
    let found = missing_upstreams(source, plan)
        .into_iter()
        .chain(cache_operations(source, plan))
        .chain(caller_operations(source, plan))
        .chain(credentials::check(source, plan));
    found.map(|one| source.mistake(one)).collect()
}

/// Things that work and are probably not meant.
#[must_use]
pub fn warnings(source: &Source, plan: &Plan) -> Vec<String> {
    let upstreams = source.value().get("upstreams").and_then(Value::as_object);
    let names = upstreams.into_iter().flat_map(|upstreams| upstreams.keys());
    names
        .filter(|name| !plan.upstreams.contains(*name))
        .map(|name| format!("`upstreams.{name}` is used by no operation of the contract"))
        .collect()
}

fn missing_upstreams(source: &Source, plan: &Plan) -> Vec<Diagnostic> {
    // Without the key the settings have said so themselves.
    let Some(upstreams) = source.value().get("upstreams").and_then(Value::as_object) else {
        return Vec::new();
    };
    let missing = plan
        .upstreams
        .iter()
        .filter(|name| !upstreams.contains_key(*name));
    missing
        .map(|name| Diagnostic {
            code: "missing-upstream",
            message: format!(
                "the contract uses the upstream `{name}`, and `upstreams` does not have it"
            ),
            pointer: "/upstreams".to_owned(),
            place: source.key_place("/upstreams"),
            help: format!("Add `upstreams.{name}` with its `base_url` and `auth`."),
            related: Vec::new(),
        })
        .collect()
}

/// `cache.operations` against the contract's operations: an override of nothing would be ignored.
fn cache_operations(source: &Source, plan: &Plan) -> Vec<Diagnostic> {
    let overrides = source.value().pointer("/cache/operations");
    let Some(overrides) = overrides.and_then(Value::as_object) else {
        return Vec::new();
    };
    let cached: Vec<&str> = plan
        .operations
        .iter()
        .filter(|operation| operation.binding.cache().is_some())
        .map(|operation| &*operation.id)
        .collect();
    let unknown = overrides.keys().filter(|id| !cached.contains(&id.as_str()));
    let unknown = unknown.map(|id| {
        let pointer = pointer::child("/cache/operations", id);
        Diagnostic {
            message: format!("the contract has no cached operation `{id}`"),
            place: source.key_place(&pointer),
            ..unknown_operation(id, pointer, &cached)
        }
    });
    unknown.collect()
}

/// `callers[].operations` against the contract's operations: a caller would be refused what was meant.
fn caller_operations(source: &Source, plan: &Plan) -> Vec<Diagnostic> {
    let known: Vec<&str> = plan
        .operations
        .iter()
        .map(|operation| &*operation.id)
        .collect();
    let mut found = Vec::new();
    let callers = source.value().get("callers").and_then(Value::as_array);
    for (caller, value) in callers.into_iter().flatten().enumerate() {
        let ids = value.get("operations").and_then(Value::as_array);
        for (index, id) in ids.into_iter().flatten().enumerate() {
            let Some(id) = id.as_str().filter(|id| !known.contains(id)) else {
                continue;
            };
            let pointer = format!("/callers/{caller}/operations/{index}");
            found.push(Diagnostic {
                place: source.place(&pointer),
                ..unknown_operation(id, pointer, &known)
            });
        }
    }
    found
}

fn unknown_operation(id: &str, pointer: String, known: &[&str]) -> Diagnostic {
    Diagnostic {
        code: "unknown-operation",
        message: format!("the contract has no operation `{id}`"),
        pointer,
        place: Place::START,
        help: match validate::closest(id, known.iter().copied()) {
            Some(near) => format!("Did you mean `{near}`?"),
            None => format!("These can stand here: {}.", known.join(", ")),
        },
        related: Vec::new(),
    }
}
