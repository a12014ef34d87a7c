//! What of an OpenAPI document breaks the callers of an older one: something that was good in a request and is
//! refused, something that was in an answer and is not. What is added breaks nobody.

use serde_json::{Map, Value};
use validate::{Format, Published, text};

/// Each break, as a sentence that says where.
pub fn between(old: &Value, new: &Value) -> Vec<String> {
    let mut comparison = Comparison {
        old,
        new,
        found: Vec::new(),
    };
    for (path, item) in members(&old["paths"]) {
        for (method, operation) in members(item) {
            if operation.get("operationId").is_some() {
                let other = &new["paths"][path][method];
                comparison.operation(&format!("{method} {path}"), operation, other);
            }
        }
    }
    comparison.found
}

/// Which way a value goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Request,
    /// In a field of a request. Those are the gateway's own: what a pattern says of one was refused before it was told.
    Field,
    Answer,
}

struct Comparison<'d> {
    old: &'d Value,
    new: &'d Value,
    found: Vec<String>,
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn entries(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn resolved<'d>(document: &'d Value, value: &'d Value) -> &'d Value {
    let target = value["$ref"]
        .as_str()
        .and_then(|text| text.strip_prefix('#'));
    target
        .and_then(|pointer| document.pointer(pointer))
        .unwrap_or(value)
}

impl<'d> Comparison<'d> {
    fn report(&mut self, at: &str, what: &str) {
        self.found.push(format!("{at}: {what}"));
    }

    fn operation(&mut self, at: &str, old: &'d Value, new: &'d Value) {
        if new.is_null() {
            return self.report(at, "is gone");
        }
        if old["operationId"] != new["operationId"] {
            self.report(at, "has another operationId");
        }
        self.parameters(at, old, new);
        self.request_body(at, &old["requestBody"], &new["requestBody"]);
        for (status, answer) in members(&old["responses"]) {
            let at = format!("{at} {status}");
            let (old, new) = (
                resolved(self.old, answer),
                resolved(self.new, &new["responses"][status]),
            );
            if new.is_null() {
                self.report(&at, "is gone");
                continue;
            }
            for (name, _) in members(&old["headers"]) {
                if new["headers"].get(name).is_none() {
                    self.report(&at, &format!("the field {name} is gone"));
                }
            }
            self.content(&at, &old["content"], &new["content"], Way::Answer);
        }
    }

    fn parameters(&mut self, at: &str, old: &'d Value, new: &'d Value) {
        let all = |document: &'d Value, operation: &'d Value| -> Vec<&'d Value> {
            let list = entries(&operation["parameters"]).iter();
            list.map(|one| resolved(document, one)).collect()
        };
        let (before, after) = (all(self.old, old), all(self.new, new));
        let is_same = |a: &Value, b: &Value| a["name"] == b["name"] && a["in"] == b["in"];
        for one in &before {
            let at = format!("{at} {}", one["name"].as_str().unwrap_or_default());
            match after.iter().find(|other| is_same(one, other)) {
                Some(other) => {
                    if other["required"] == true && one["required"] != true {
                        self.report(&at, "is required");
                    }
                    let way = match one["in"] == "header" {
                        true => Way::Field,
                        false => Way::Request,
                    };
                    self.schema(&at, &one["schema"], &other["schema"], way);
                }
                None => self.report(&at, "is gone"),
            }
        }
        for other in after {
            if other["required"] == true && !before.iter().any(|one| is_same(one, other)) {
                self.report(
                    at,
                    &format!("the new parameter {} is required", other["name"]),
                );
            }
        }
    }

    fn request_body(&mut self, at: &str, old: &'d Value, new: &'d Value) {
        if new["required"] == true && old["required"] != true {
            self.report(at, "a body is required");
        }
        self.content(at, &old["content"], &new["content"], Way::Request);
    }

    fn content(&mut self, at: &str, old: &'d Value, new: &'d Value, way: Way) {
        for (media_type, body) in members(old) {
            match new.get(media_type) {
                Some(other) => self.schema(at, &body["schema"], &other["schema"], way),
                None => self.report(at, &format!("{media_type} is gone")),
            }
        }
    }

    fn schema(&mut self, at: &str, old: &'d Value, new: &'d Value, way: Way) {
        let (old, new) = (resolved(self.old, old), resolved(self.new, new));
        let (before, after) = (types(old), types(new));
        let keeps = match way {
            Way::Request | Way::Field => before.iter().all(|one| after.contains(one)),
            Way::Answer => after.iter().all(|one| before.contains(one)),
        };
        if !keeps {
            self.report(at, &format!("is {} and was {}", new["type"], old["type"]));
        }
        for value in entries(&old["enum"]) {
            if new.get("enum").is_some() && !entries(&new["enum"]).contains(value) {
                self.report(at, &format!("the value {value} is gone"));
            }
        }
        if old["format"] != new["format"] && !(way != Way::Answer && new["format"].is_null()) {
            self.report(at, "has another format");
        }
        if way != Way::Answer {
            self.bounds(at, old, new, way);
        }
        self.fields(at, old, new, way);
        for word in ["items", "additionalProperties"] {
            if old[word].is_object() {
                self.schema(&format!("{at}/{word}"), &old[word], &new[word], way);
            }
        }
    }

    /// What a request must keep, and did not have to keep before.
    fn bounds(&mut self, at: &str, old: &Value, new: &Value, way: Way) {
        for (word, upper) in [
            ("minimum", false),
            ("exclusiveMinimum", false),
            ("minLength", false),
            ("minItems", false),
            ("maximum", true),
            ("exclusiveMaximum", true),
            ("maxLength", true),
            ("maxItems", true),
        ] {
            let Some(bound) = new[word].as_f64() else {
                continue;
            };
            let is_wider = |known: f64| {
                if upper {
                    bound >= known
                } else {
                    bound <= known
                }
            };
            let always = word == "maxLength"
                && published(old, new).is_some_and(|said| said.max_length == Some(bound as usize));
            if !always && !old[word].as_f64().is_some_and(is_wider) {
                self.report(at, &format!("`{word}` is narrower"));
            }
        }
        for word in ["enum", "const", "pattern"] {
            let always = word == "pattern" && (way == Way::Field || was_kept_always(old, new));
            if !always && old.get(word).is_none() && new.get(word).is_some() {
                self.report(at, &format!("`{word}` is new"));
            }
        }
        if old["pattern"] != new["pattern"]
            && old["pattern"].is_string()
            && !new["pattern"].is_null()
        {
            self.report(at, "has another `pattern`");
        }
    }

    fn fields(&mut self, at: &str, old: &'d Value, new: &'d Value, way: Way) {
        static NONE: Value = Value::Null;
        let empty = Map::new();
        let after = new["properties"].as_object().unwrap_or(&empty);
        for (name, property) in members(&old["properties"]) {
            let at = format!("{at}/{name}");
            match new["properties"].get(name).unwrap_or(&NONE) {
                Value::Null => self.report(&at, "is gone"),
                other => self.schema(&at, property, other, way),
            }
        }
        let requires =
            |schema: &Value, name: &str| entries(&schema["required"]).iter().any(|one| one == name);
        // Of a field that is gone that was told.
        for name in after.keys() {
            let (before, now) = (requires(old, name), requires(new, name));
            match way {
                Way::Request | Way::Field if now && !before => {
                    self.report(&format!("{at}/{name}"), "is required")
                }
                Way::Answer if before && !now => {
                    self.report(&format!("{at}/{name}"), "is not always there any more");
                }
                _ => {}
            }
        }
    }
}

/// What the format of a text means, which is that of the older document too: it was enforced before it was told.
fn published(old: &Value, new: &Value) -> Option<Published> {
    let format = old["format"]
        .as_str()
        .filter(|_| old["format"] == new["format"])?;
    Format::named(format)?.published()
}

/// Whether a pattern only says what was refused all along: by the format, or the control characters.
fn was_kept_always(old: &Value, new: &Value) -> bool {
    let pattern = new["pattern"].as_str();
    match old.get("format") {
        Some(_) => published(old, new).map(|said| said.pattern) == pattern,
        None => pattern == Some(text::PATTERN),
    }
}

fn types(schema: &Value) -> Vec<&str> {
    match &schema["type"] {
        Value::String(one) => vec![one],
        list => entries(list).iter().filter_map(Value::as_str).collect(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn document() -> Value {
        json!({
            "paths": {"/v1/books/{id}": {"put": {
                "operationId": "putBook",
                "parameters": [{"$ref": "#/components/parameters/id"}, {"name": "q", "in": "query", "schema": {"type": "string"}}],
                "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Sent"}}}},
                "responses": {"200": {
                    "headers": {"ETag": {}},
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Shown"}}},
                }},
            }}},
            "components": {
                "parameters": {"id": {"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}},
                "schemas": {
                    "Sent": {"type": "object", "required": ["a"], "properties": {
                        "a": {"type": "string", "enum": ["x", "y"]}, "n": {"type": "integer", "maximum": 9},
                        "t": {"type": "string"}, "u": {"type": "string", "format": "http-url"},
                    }},
                    "Shown": {"type": "object", "required": ["a"], "properties": {
                        "a": {"type": "string", "enum": ["x", "y"]},
                        "list": {"type": "array", "items": {"type": "object", "properties": {"b": {"type": "string"}}}},
                    }},
                },
            },
        })
    }

    const OPERATION: &str = "/paths/~1v1~1books~1{id}/put";
    const SENT: &str = "/components/schemas/Sent";
    const SHOWN: &str = "/components/schemas/Shown";

    /// The breaks of a document in which the value at a pointer is another; null takes it out.
    fn breaks(pointer: &str, put: Value) -> Vec<String> {
        let (old, mut new) = (document(), document());
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        let name = name.replace("~1", "/");
        let parent = new.pointer_mut(parent).unwrap().as_object_mut().unwrap();
        match put {
            Value::Null => drop(parent.remove(&name)),
            put => drop(parent.insert(name, put)),
        }
        between(&old, &new)
    }

    #[test]
    fn each_break_is_told() {
        let at = "put /v1/books/{id}";
        for (pointer, put, told) in [
            (
                "/paths/~1v1~1books~1{id}".to_owned(),
                Value::Null,
                "is gone".to_owned(),
            ),
            (
                format!("{OPERATION}/operationId"),
                json!("other"),
                "has another operationId".into(),
            ),
            (
                format!("{OPERATION}/responses/200"),
                Value::Null,
                "200: is gone".into(),
            ),
            (
                format!("{OPERATION}/responses/200/headers/ETag"),
                Value::Null,
                "ETag is gone".into(),
            ),
            (
                format!("{OPERATION}/requestBody/required"),
                json!(true),
                "a body is required".into(),
            ),
            (
                format!("{OPERATION}/parameters"),
                json!([{"$ref": "#/components/parameters/id"}]),
                "q: is gone".into(),
            ),
            (
                "/components/parameters/id/schema".into(),
                json!({"type": "string", "pattern": "^a$"}),
                "`pattern` is new".into(),
            ),
            (
                format!("{SENT}/required"),
                json!(["a", "n"]),
                "/n: is required".into(),
            ),
            (
                format!("{SENT}/properties/n"),
                Value::Null,
                "/n: is gone".into(),
            ),
            (
                format!("{SENT}/properties/n/type"),
                json!("string"),
                "is \"string\" and was \"integer\"".into(),
            ),
            (
                format!("{SENT}/properties/n/maximum"),
                json!(8),
                "`maximum` is narrower".into(),
            ),
            (
                format!("{SENT}/properties/a/enum"),
                json!(["x"]),
                "the value \"y\" is gone".into(),
            ),
            (
                format!("{SENT}/properties/t/pattern"),
                json!("^a$"),
                "`pattern` is new".into(),
            ),
            (
                format!("{SENT}/properties/u/pattern"),
                json!(text::PATTERN),
                "`pattern` is new".into(),
            ),
            (
                format!("{SHOWN}/required"),
                Value::Null,
                "/a: is not always there any more".into(),
            ),
            (
                format!("{SHOWN}/properties/a/enum"),
                json!(["x"]),
                "the value \"y\" is gone".into(),
            ),
            (
                format!("{SHOWN}/properties/a/type"),
                json!(["string", "null"]),
                "was \"string\"".into(),
            ),
            (
                format!("{SHOWN}/properties/list/items/properties/b"),
                Value::Null,
                "/list/items/b: is gone".into(),
            ),
        ] {
            let found = breaks(&pointer, put);
            assert_eq!(found.len(), 1, "{pointer}: {found:?}");
            assert!(
                found[0].starts_with(at) && found[0].contains(&told),
                "{pointer}: {found:?}"
            );
        }
    }

    #[test]
    fn what_is_added_breaks_nobody() {
        assert!(breaks("/info", json!({"title": "x"})).is_empty());
        for (pointer, put) in [
            (
                "/paths/~1v2~1books".to_owned(),
                json!({"get": {"operationId": "listBooks"}}),
            ),
            (
                format!("{OPERATION}/responses/404"),
                json!({"description": "x"}),
            ),
            (format!("{OPERATION}/deprecated"), json!(true)),
            (format!("{SENT}/properties/new"), json!({"type": "string"})),
            (format!("{SENT}/properties/n/maximum"), json!(10)),
            (
                format!("{SENT}/properties/n/type"),
                json!(["integer", "null"]),
            ),
            (format!("{SENT}/properties/a/enum"), json!(["x", "y", "z"])),
            (format!("{SENT}/required"), Value::Null),
            // It was refused before it was told.
            (format!("{SENT}/properties/t/pattern"), json!(text::PATTERN)),
            (
                format!("{SENT}/properties/u/pattern"),
                json!(Format::HttpUrl.published().unwrap().pattern),
            ),
            // The name of a schema is no fact of the wire.
            (
                "/components/schemas/Other".to_owned(),
                document()["components"]["schemas"]["Sent"].clone(),
            ),
            (format!("{SHOWN}/properties/new"), json!({"type": "string"})),
            (format!("{SHOWN}/required"), json!(["a", "list"])),
            (format!("{SHOWN}/properties/a/enum"), json!(["x", "y", "z"])),
        ] {
            let found = breaks(&pointer, put);
            assert!(found.is_empty(), "{pointer}: {found:?}");
        }
    }
}
