use serde_json::Value;

use crate::pointer;

/// The place in the schema that an error comes from.
pub(super) struct Rule<'s> {
    /// The schema that holds the broken keyword; for a property that may not be there, its own.
    pub schema: &'s Value,
    /// What the value that `schema` is about is to the one that holds it.
    pub role: Role,
    /// Each `if` whose `then` was entered on the way.
    pub conditions: Vec<Condition<'s>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Whole,
    Required,
    Optional,
    Item,
}

pub(super) struct Condition<'s> {
    /// The schema behind `if`.
    pub test: &'s Value,
    /// How many segments of the instance's pointer lead to the value that it tests.
    pub depth: usize,
}

impl<'s> Rule<'s> {
    /// Follows jsonschema's schema path. A name under `properties` may be called `then`, so the
    /// path is read word by word, not searched.
    pub(super) fn find(schema: &'s Value, path: &str) -> Self {
        let mut rule = Self {
            schema,
            role: Role::Whole,
            conditions: Vec::new(),
        };
        let mut depth = 0;
        let mut segments = pointer::segments(path);
        while let Some(word) = segments.next() {
            let Some(behind) = rule.schema.get(word) else {
                break;
            };
            let inner = match word {
                "properties" => {
                    let name = segments.next().map(pointer::unescape).unwrap_or_default();
                    depth += 1;
                    rule.role = if requires(rule.schema, &name) {
                        Role::Required
                    } else {
                        Role::Optional
                    };
                    behind.get(name.as_ref())
                }
                "items" | "additionalProperties" => {
                    depth += 1;
                    rule.role = if word == "items" {
                        Role::Item
                    } else {
                        Role::Optional
                    };
                    Some(behind).filter(|inner| inner.is_object())
                }
                "then" => {
                    if let Some(test) = rule.schema.get("if") {
                        rule.conditions.push(Condition { test, depth });
                    }
                    Some(behind)
                }
                "allOf" => segments
                    .next()
                    .and_then(|index| index.parse::<usize>().ok())
                    .and_then(|index| behind.get(index)),
                _ => None,
            };
            match inner {
                Some(inner) => rule.schema = inner,
                None => break,
            }
        }
        rule
    }
}

fn requires(schema: &Value, name: &str) -> bool {
    schema
        .get("required")
        .and_then(Value::as_array)
        .is_some_and(|names| names.iter().any(|required| required == name))
}
