//! What a schema may say. The list is closed: a word that nothing here enforces is refused, since
//! jsonschema would ignore it and the contract would promise what nobody checks.

mod words;

use serde_json::{Map, Value};
use thiserror::Error;

use crate::did_you_mean::closest;
use crate::pointer::child;
use words::Content;

/// A schema that cannot be enforced. `pointer` is a JSON Pointer into the schema.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{}: {detail}", if pointer.is_empty() { "the schema" } else { pointer })]
pub struct SchemaError {
    /// Into the schema; empty for the whole of it.
    pub pointer: String,
    /// What is wrong with the word there, and how to fix it.
    pub detail: String,
}

/// Everything that [`Validator::compile`](crate::Validator::compile) would refuse in the schema's
/// words, at once and in document order. Patterns are compiled only by `compile`.
pub fn schema_errors(schema: &Value) -> Vec<SchemaError> {
    let mut errors = Errors(Vec::new());
    errors.schema(schema, "");
    errors.0
}

/// The schema as it binds a request: a `readOnly` property may not be present, hence is not
/// required either (OpenAPI 3.0.4, "readOnly": `required` takes effect on the answer only).
pub(crate) fn for_requests(schema: &Value) -> Value {
    match schema {
        Value::Object(words) => Value::Object(words_for_requests(words)),
        other => other.clone(),
    }
}

fn words_for_requests(words: &Map<String, Value>) -> Map<String, Value> {
    let read_only = |name: &str| {
        words
            .get("properties")
            .and_then(|properties| properties.get(name))
            .is_some_and(is_read_only)
    };
    words
        .iter()
        .map(|(word, value)| {
            let value = match (word.as_str(), value) {
                ("properties", Value::Object(properties)) => properties
                    .iter()
                    .map(|(name, property)| {
                        let bound = match is_read_only(property) {
                            true => Value::Bool(false),
                            false => for_requests(property),
                        };
                        (name.clone(), bound)
                    })
                    .collect(),
                ("required", Value::Array(names)) => names
                    .iter()
                    .filter(|name| !name.as_str().is_some_and(read_only))
                    .cloned()
                    .collect(),
                ("items" | "additionalProperties" | "then", inner) => for_requests(inner),
                ("allOf", Value::Array(parts)) => parts.iter().map(for_requests).collect(),
                _ => value.clone(),
            };
            (word.clone(), value)
        })
        .collect()
}

pub(crate) fn is_read_only(schema: &Value) -> bool {
    schema.get("readOnly") == Some(&Value::Bool(true))
}

struct Errors(Vec<SchemaError>);

impl Errors {
    fn schema(&mut self, schema: &Value, at: &str) {
        let Value::Object(words) = schema else {
            if !schema.is_boolean() {
                self.push(at, "a schema must be an object".to_owned());
            }
            return;
        };
        for (word, value) in words {
            self.word(word, value, words, &child(at, word));
        }
        if words.contains_key("if") != words.contains_key("then") {
            self.push(at, "`if` and `then` belong together; give both".to_owned());
        }
    }

    fn word(&mut self, word: &str, value: &Value, beside: &Map<String, Value>, at: &str) {
        if words::is_annotation(word) {
            return;
        }
        let Some(known) = words::known(word) else {
            let names = words::names();
            let hint = closest(word, names)
                .map(|name| format!("; did you mean `{name}`?"))
                .unwrap_or_default();
            self.push(
                at,
                format!("the word `{word}` is not enforced, so it is refused{hint}"),
            );
            return;
        };
        if let Some(types) = words::types(beside)
            && !known.binds.is_empty()
            && !types.iter().any(|name| known.binds.contains(name))
        {
            let (types, binds) = (types.join(" or "), known.binds.join(" or "));
            let detail = format!("`{word}` says nothing about type {types}; it binds {binds}");
            self.push(at, detail);
        }
        if let Err(detail) = known.content.check(value) {
            self.push(at, format!("`{word}` {detail}"));
            return;
        }
        match (known.content, value) {
            (Content::Schemas, Value::Object(properties)) => {
                for (name, property) in properties {
                    self.schema(property, &child(at, name));
                }
            }
            (Content::SchemaList, Value::Array(parts)) => {
                for (index, part) in parts.iter().enumerate() {
                    self.schema(part, &child(at, &index.to_string()));
                }
            }
            (Content::Schema | Content::SchemaOrFlag, inner) => self.schema(inner, at),
            _ => {}
        }
    }

    fn push(&mut self, at: &str, detail: String) {
        self.0.push(SchemaError {
            pointer: at.to_owned(),
            detail,
        });
    }
}
