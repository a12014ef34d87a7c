//! The self-contained JSON Schema of a tree: what `validate` compiles.

use serde_json::{Map, Value, json};
use validate::{SchemaError, Validator};

use super::{Object, Schema, SchemaKind};

/// Whether `readOnly` is kept, so that a request may not carry the field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ReadOnly {
    Binds,
    Ignored,
}

impl Schema<'_> {
    /// Checks a value that no caller sent: `readOnly` binds nothing.
    pub(crate) fn validator(&self) -> Result<Validator, SchemaError> {
        Validator::compile_for_answers(&self.flat(ReadOnly::Ignored))
    }

    /// References inlined, `allOf` flattened, without annotations and wire words.
    pub(crate) fn flat(&self, read_only: ReadOnly) -> Value {
        let name = match &self.kind {
            // What was reported is never used; "anything" keeps the rest of the tree usable.
            SchemaKind::Broken => return json!({}),
            SchemaKind::Map(_) => "object",
            _ => self.type_name(),
        };
        let mut words = Map::new();
        let declared = if self.nullable {
            json!([name, "null"])
        } else {
            json!(name)
        };
        words.insert("type".to_owned(), declared);
        match &self.kind {
            SchemaKind::Object(object) => flat_object(object, read_only, &mut words),
            SchemaKind::Array(items) => {
                words.insert("items".to_owned(), items.flat(read_only));
            }
            SchemaKind::Map(values) => {
                words.insert("additionalProperties".to_owned(), values.flat(read_only));
            }
            _ => {}
        }
        for check in &self.checks {
            words.insert(check.word.to_owned(), check.node.value.clone());
        }
        if self.read_only && read_only == ReadOnly::Binds {
            words.insert("readOnly".to_owned(), Value::Bool(true));
        }
        Value::Object(words)
    }
}

fn flat_object(object: &Object<'_>, read_only: ReadOnly, words: &mut Map<String, Value>) {
    let properties: Map<String, Value> = object
        .properties
        .iter()
        .map(|property| (property.name.clone(), property.schema.flat(read_only)))
        .collect();
    let required: Vec<Value> = object
        .properties
        .iter()
        .filter(|property| property.required)
        .map(|property| Value::from(property.name.as_str()))
        .collect();
    words.insert("properties".to_owned(), Value::Object(properties));
    if !required.is_empty() {
        words.insert("required".to_owned(), Value::Array(required));
    }
    if object.closed {
        words.insert("additionalProperties".to_owned(), Value::Bool(false));
    }
}
