//! What a text of a request may be, in words that clients know: our own formats and the ban of control characters.
//!
//! Only requests are held to them. A schema that an answer shows as well stays as it is written: what a
//! vendor sends is bound by no rule of ours.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use validate::{Format, text};

const SCHEMAS: &str = "#/components/schemas/";

/// Adds to a document what its requests must keep.
pub(super) fn describe(document: &mut Value) {
    let sent = of_requests(document);
    if let Some(paths) = document.get_mut("paths").and_then(Value::as_object_mut) {
        for item in paths.values_mut().filter_map(Value::as_object_mut) {
            for (word, value) in item {
                match word.as_str() {
                    "parameters" => parameters(value),
                    _ => operation(value),
                }
            }
        }
    }
    let Some(components) = document
        .get_mut("components")
        .and_then(Value::as_object_mut)
    else {
        return;
    };
    for (section, members) in components {
        for (name, value) in members.as_object_mut().into_iter().flatten() {
            match section.as_str() {
                "parameters" => within(value),
                "schemas" if sent.contains(name) => schema(value),
                _ => {}
            }
        }
    }
}

fn operation(value: &mut Value) {
    if let Some(list) = value.get_mut("parameters") {
        parameters(list);
    }
    let content = value
        .pointer_mut("/requestBody/content")
        .and_then(Value::as_object_mut);
    content
        .into_iter()
        .flatten()
        .for_each(|(_, media_type)| within(media_type));
}

fn parameters(list: &mut Value) {
    let all = list.as_array_mut().into_iter().flatten();
    // A contract has no parameter in a header: these are ours, and say what they take.
    all.filter(|one| one.get("in").is_none_or(|place| place != "header"))
        .for_each(within);
}

fn within(holder: &mut Value) {
    if let Some(inner) = holder.get_mut("schema") {
        schema(inner);
    }
}

fn schema(value: &mut Value) {
    let Some(words) = value.as_object_mut() else {
        return;
    };
    if takes_text(words) {
        bound(words);
    }
    for word in ["items", "additionalProperties"] {
        if let Some(inner) = words.get_mut(word) {
            schema(inner);
        }
    }
    let properties = words.get_mut("properties").and_then(Value::as_object_mut);
    properties
        .into_iter()
        .flatten()
        .for_each(|(_, property)| schema(property));
}

fn takes_text(words: &Map<String, Value>) -> bool {
    match words.get("type") {
        Some(Value::Array(types)) => types.iter().any(|one| one == "string"),
        Some(one) => one == "string",
        None => false,
    }
}

/// A pattern of the contract's own stays: what a format or the ban takes from it says the description.
fn bound(words: &mut Map<String, Value>) {
    if ["enum", "const", "readOnly"]
        .iter()
        .any(|word| words.contains_key(*word))
    {
        return;
    }
    let format = words.get("format").and_then(Value::as_str);
    let Some(format) = format else {
        words
            .entry("pattern")
            .or_insert_with(|| json!(text::PATTERN));
        return;
    };
    let Some(said) = Format::named(format).and_then(Format::published) else {
        return;
    };
    words
        .entry("pattern")
        .or_insert_with(|| json!(said.pattern));
    if let Some(not) = said.not {
        words.insert("not".to_owned(), json!({"pattern": not}));
    }
    if let Some(most) = said.max_length {
        let known = words.get("maxLength").and_then(Value::as_u64);
        let least = known.map_or(most as u64, |known| known.min(most as u64));
        words.insert("maxLength".to_owned(), json!(least));
    }
    let own = words
        .get("description")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let description = [own.trim_end(), said.meaning].join(" ");
    words.insert("description".to_owned(), json!(description.trim_start()));
}

/// The component schemas that requests refer to and no answer does.
fn of_requests(document: &Value) -> BTreeSet<String> {
    let (mut sent, mut shown) = (BTreeSet::new(), BTreeSet::new());
    let paths = document.get("paths").and_then(Value::as_object);
    for item in paths
        .into_iter()
        .flatten()
        .filter_map(|(_, item)| item.as_object())
    {
        for operation in item.values() {
            follow(document, operation.get("requestBody"), &mut sent);
            follow(document, operation.get("responses"), &mut shown);
        }
    }
    follow(
        document,
        document.pointer("/components/responses"),
        &mut shown,
    );
    sent.difference(&shown).cloned().collect()
}

/// The names of all schemas that a part of the document leads to.
fn follow(document: &Value, part: Option<&Value>, found: &mut BTreeSet<String>) {
    match part {
        Some(Value::Object(members)) => {
            let reference = members.get("$ref").and_then(Value::as_str);
            if let Some(name) = reference.and_then(|text| text.strip_prefix(SCHEMAS)) {
                let name = grammar::pointer::unescape(name).into_owned();
                let target = document
                    .pointer("/components/schemas")
                    .and_then(|all| all.get(&name));
                if found.insert(name) {
                    follow(document, target, found);
                }
            }
            members
                .values()
                .for_each(|member| follow(document, Some(member), found));
        }
        Some(Value::Array(entries)) => entries
            .iter()
            .for_each(|entry| follow(document, Some(entry), found)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_schema(words: Value) -> Value {
        let mut value = words;
        schema(&mut value);
        value
    }

    #[test]
    fn a_text_of_a_request_says_what_it_may_be() {
        let plain = text_schema(
            json!({"type": "object", "properties": {"a": {"type": ["string", "null"]}, "n": {"type": "integer"}}}),
        );
        assert_eq!(plain["properties"]["a"]["pattern"], text::PATTERN);
        assert_eq!(plain["properties"]["n"], json!({"type": "integer"}));
        let id = text_schema(
            json!({"type": "string", "format": "identifier", "description": "Yours.", "maxLength": 20}),
        );
        assert!(
            id["pattern"].is_string() && id["not"]["pattern"].is_string(),
            "{id}"
        );
        assert_eq!(id["maxLength"], 20);
        assert!(
            id["description"]
                .as_str()
                .unwrap()
                .starts_with("Yours. 1 to 255 characters"),
            "{id}"
        );
        for words in [
            json!({"type": "string", "pattern": "^[0-9]+$"}),
            json!({"type": "string", "format": "uuid"}),
            json!({"type": "string", "enum": ["a"]}),
        ] {
            assert_eq!(text_schema(words.clone()), words);
        }
    }

    #[test]
    fn what_an_answer_shows_stays_as_it_is() {
        let content = |name: &str| json!({"content": {"application/json": {"schema": {"$ref": format!("{SCHEMAS}{name}")}}}});
        let holder = |name: &str| json!({"type": "object", "properties": {"a": {"$ref": format!("{SCHEMAS}{name}")}}});
        let mut document = json!({
            "paths": {"/v1/a": {"post": {"requestBody": content("Sent"), "responses": {"201": content("Shown")}}}},
            "components": {"schemas": {
                "Sent": holder("Both"), "Shown": holder("Both"), "Both": {"type": "string"}, "Unused": {"type": "string"},
            }},
        });
        document["components"]["schemas"]["Sent"]["properties"]["own"] = json!({"type": "string"});
        let before = document.clone();
        describe(&mut document);
        let schemas =
            |document: &Value, name: &str| document["components"]["schemas"][name].clone();
        assert_eq!(
            schemas(&document, "Sent")["properties"]["own"]["pattern"],
            text::PATTERN
        );
        for name in ["Shown", "Both", "Unused"] {
            assert_eq!(schemas(&document, name), schemas(&before, name));
        }
    }
}
