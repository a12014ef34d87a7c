//! The JSON Schema of `gateway.yaml`, made of the table: for editors.

use serde_json::{Map, Value, json};

use super::effective::value_of;
use super::key::{Need, Row, ValueType, Variant};

/// The schema of a mapping with these keys, of draft 2020-12.
pub fn of(rows: &[&'static Row]) -> Value {
    let mut schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "lms-gateway settings (gateway.yaml)",
    });
    extend(&mut schema, mapping(rows, &[]));
    schema["$defs"] = json!({
        "duration": {"type": "string", "pattern": "^[0-9]+(ms|s|m|h)$"},
        "size": {"type": "string", "pattern": "^[0-9]+ *(B|KiB|MiB|GiB)$"},
        "secret": {
            "description": "By reference; a secret never stands here in the open.",
            "oneOf": [reference("env"), reference("file")],
        },
        "value": {"anyOf": [{"type": "string"}, {"$ref": "#/$defs/secret"}]},
    });
    schema
}

fn reference(key: &str) -> Value {
    json!({"type": "object", "additionalProperties": false, "required": [key], "properties": {key: {"type": "string"}}})
}

/// A mapping with these keys. `kinds` are the values that its `kind` may have, if it is a variant.
fn mapping(rows: &[&'static Row], kinds: &[&str]) -> Value {
    let properties = rows.iter().map(|row| {
        let schema = match kinds {
            [kind] if row.name == "kind" => json!({"const": kind}),
            [_, ..] if row.name == "kind" => json!({"enum": kinds}),
            _ => described(row),
        };
        (row.name.to_owned(), schema)
    });
    let properties: Map<String, Value> = properties.collect();
    let required = rows.iter().filter(|row| matches!(row.need, Need::Required));
    let required: Vec<&str> = required.map(|row| row.name).collect();
    let mut mapping = json!({"type": "object", "additionalProperties": false});
    if !required.is_empty() {
        mapping["required"] = json!(required);
    }
    mapping["properties"] = properties.into();
    mapping
}

fn described(row: &Row) -> Value {
    let mut schema = value(&row.holds);
    if let Need::Default(default) = &row.need {
        schema["default"] = value_of(default);
    }
    if let Need::Optional(words) = row.need {
        schema["description"] = format!("{}. Default: {words}.", plain(row.help)).into();
    } else {
        schema["description"] = format!("{}.", plain(row.help)).into();
    }
    schema
}

fn value(holds: &ValueType) -> Value {
    match holds {
        ValueType::Text | ValueType::Address => json!({"type": "string"}),
        ValueType::Flag => json!({"type": "boolean"}),
        ValueType::Count { least, most } => {
            json!({"type": "integer", "minimum": least, "maximum": most})
        }
        ValueType::Ratio => json!({"type": "number", "minimum": 0, "maximum": 1}),
        ValueType::Size => json!({"$ref": "#/$defs/size"}),
        ValueType::Time(_) => json!({"$ref": "#/$defs/duration"}),
        ValueType::OneOf(words) => json!({"enum": words}),
        ValueType::Secret => json!({"$ref": "#/$defs/secret"}),
        ValueType::TextOrSecret => json!({"$ref": "#/$defs/value"}),
        ValueType::Texts => json!({"type": "array", "items": {"type": "string"}}),
        ValueType::Section(rows) => mapping(rows, &[]),
        ValueType::Variants(variants) => {
            let one = |variant: &Variant| mapping(variant.rows, variant.kinds);
            json!({"oneOf": variants.iter().map(one).collect::<Vec<_>>()})
        }
        ValueType::Named { placeholder, rows } => named(placeholder, mapping(rows, &[])),
        ValueType::Listed(rows) => json!({"type": "array", "items": mapping(rows, &[])}),
        ValueType::NamedTexts { placeholder } => named(placeholder, json!({"type": "string"})),
        ValueType::NamedValues { placeholder } => {
            named(placeholder, json!({"$ref": "#/$defs/value"}))
        }
    }
}

/// A mapping under free names.
fn named(placeholder: &str, value: Value) -> Value {
    json!({
        "type": "object",
        "propertyNames": {"description": placeholder},
        "additionalProperties": value,
    })
}

/// A help without its links, which lead into the documentation, and with a capital.
fn plain(help: &str) -> String {
    let mut rest = help;
    let mut plain = String::new();
    while let Some((before, link)) = rest.split_once(" ([") {
        plain.push_str(before);
        rest = link.split_once("))").map_or("", |(_, behind)| behind);
    }
    plain.push_str(rest);
    let mut letters = plain.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

fn extend(schema: &mut Value, more: Value) {
    if let (Value::Object(schema), Value::Object(more)) = (schema, more) {
        schema.extend(more);
    }
}
