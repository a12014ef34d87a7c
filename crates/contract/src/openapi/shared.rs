//! What operations share: their problems, and what answers refer to.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::{Map, Value};

use super::answers::Answers;
use super::{header, problem};
use crate::plan::{Operation, Problem};

/// Puts what the answers refer to under `components`: fields, and an example of each problem.
pub(super) fn describe_shared(document: &mut Value, problems: &BTreeMap<Arc<str>, Problem>) {
    let mut used = BTreeSet::new();
    references(document.get("paths").unwrap_or(&Value::Null), &mut used);
    let headers =
        header::components(|name| used.contains(&*format!("#/components/headers/{name}")));
    let named = |code: &str| used.contains(&*format!("#/components/examples/{code}"));
    let examples: Map<String, Value> = problems
        .values()
        .filter(|problem| named(&problem.code))
        .map(|problem| (problem.code.to_string(), problem::example(problem)))
        .collect();
    if let Some(components) = document.get_mut("components") {
        components["headers"] = Value::Object(headers);
        components["examples"] = Value::Object(examples);
    }
}

/// The texts of all `$ref`s.
fn references(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            found.extend(
                members
                    .get("$ref")
                    .and_then(Value::as_str)
                    .map(str::to_owned),
            );
            members
                .values()
                .for_each(|member| references(member, found));
        }
        Value::Array(entries) => entries.iter().for_each(|entry| references(entry, found)),
        _ => {}
    }
}

/// Successes first, then problems by status, then all others.
pub(super) fn with_problems(
    successes: Map<String, Value>,
    answers: Answers<'_>,
    operation: &Operation,
) -> Map<String, Value> {
    let mut all = successes;
    let problems = answers.responses(operation).into_iter();
    all.extend(problems.map(|(status, response)| (status.to_string(), response)));
    all.insert("default".to_owned(), problem::reference());
    all
}
