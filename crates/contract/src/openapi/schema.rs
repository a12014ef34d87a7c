//! A schema as the public document shows it.

use grammar::pointer::unescape;
use serde_json::{Map, Value};

/// Without `x-` words and `xml`, with `allOf` flattened: to a plain JSON Schema validator a closed
/// part of `allOf` refuses the fields of every other part.
pub(super) fn public(schema: &Value, components: &Value) -> Value {
    let Some(own) = schema.as_object() else {
        return schema.clone();
    };
    let mut words = Map::new();
    for part in own
        .get("allOf")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        merge(&mut words, public(referred(part, components), components));
    }
    let kept = own
        .iter()
        .filter(|(word, _)| !word.starts_with("x-") && !matches!(word.as_str(), "xml" | "allOf"));
    let kept = kept.map(|(word, value)| (word.clone(), inner(word, value, components)));
    merge(&mut words, Value::Object(kept.collect()));
    Value::Object(words)
}

fn inner(word: &str, value: &Value, components: &Value) -> Value {
    match word {
        "items" | "additionalProperties" => public(value, components),
        "properties" => {
            let properties = value.as_object().into_iter().flatten();
            let public =
                |(name, schema): (&String, &Value)| (name.clone(), public(schema, components));
            Value::Object(properties.map(public).collect())
        }
        _ => value.clone(),
    }
}

/// Later words win; properties and required names are joined.
fn merge(words: &mut Map<String, Value>, other: Value) {
    let Value::Object(other) = other else { return };
    for (word, value) in other {
        match (words.get_mut(&word), value) {
            (Some(Value::Object(known)), Value::Object(more)) if word == "properties" => {
                known.extend(more)
            }
            (Some(Value::Array(known)), Value::Array(more)) if word == "required" => {
                for name in more {
                    if !known.contains(&name) {
                        known.push(name);
                    }
                }
            }
            // Closed by one part means closed as a whole.
            (Some(Value::Bool(false)), _) if word == "additionalProperties" => {}
            (_, value) => {
                words.insert(word, value);
            }
        }
    }
}

/// What a part of `allOf` names. The compiler has checked that it is there.
fn referred<'v>(part: &'v Value, components: &'v Value) -> &'v Value {
    let name = part
        .get("$ref")
        .and_then(Value::as_str)
        .and_then(|text| text.rsplit('/').next());
    name.and_then(|name| components.get(&*unescape(name)))
        .unwrap_or(part)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn parts_are_joined_and_internals_go() {
        let components = json!({"New": {
            "type": "object", "additionalProperties": false, "required": ["a"], "description": "new",
            "properties": {"a": {"type": "string", "x-name": "A"}, "xml": {"type": "string"}},
        }});
        let schema = json!({
            "allOf": [{"$ref": "#/components/schemas/New"}], "type": "object", "description": "made",
            "required": ["id"], "properties": {"id": {"type": "string", "xml": {"attribute": true}}},
        });
        let expected = json!({
            "type": "object", "additionalProperties": false, "required": ["a", "id"], "description": "made",
            "properties": {"a": {"type": "string"}, "xml": {"type": "string"}, "id": {"type": "string"}},
        });
        assert_eq!(public(&schema, &components), expected);
    }

    #[test]
    fn a_closed_part_closes_the_whole() {
        let components = json!({"New": {"type": "object", "additionalProperties": false}});
        let part = json!([{"$ref": "#/components/schemas/New"}]);
        let schema = json!({"allOf": part, "type": "object", "additionalProperties": true});
        assert_eq!(public(&schema, &components)["additionalProperties"], false);
    }

    #[test]
    fn a_chain_of_parts_is_followed_to_its_end() {
        let components = json!({
            "A": {"type": "object", "properties": {"a": {"type": "string"}}},
            "B": {"allOf": [{"$ref": "#/components/schemas/A"}], "properties": {"b": {"type": "string"}}},
        });
        let schema = json!({"allOf": [{"$ref": "#/components/schemas/B"}], "type": "object"});
        let names: Vec<String> = public(&schema, &components)["properties"]
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect();
        assert_eq!(names, ["a", "b"]);
    }
}
