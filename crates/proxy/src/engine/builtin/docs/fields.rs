//! The fields of a schema as one table, nested ones among them: `items[].name`.

use std::fmt::Write;

use serde_json::Value;

use super::html::{Prose, Text};
use super::reference::{resolve, text};
use super::rules::{condition, kind, rules};

/// A table longer than this follows no further reference, it links to it. A few schemas that name each other
/// twice would else make a page that no browser opens.
const LONG: usize = 300;

/// A value that is a tree of arrays within arrays is followed so far.
const NESTED: usize = 16;

/// What a value of the schema consists of, as HTML.
pub fn table(document: &Value, schema: &Value) -> String {
    let mut fields = Fields {
        document,
        rows: String::new(),
        count: 0,
        notes: Vec::new(),
        within: Vec::new(),
    };
    let found = resolve(document, schema).value;
    if found.get("properties").is_some() {
        fields.object("", found);
    } else {
        fields.field("the value", schema, true);
    }
    let mut html = String::from(
        "<table><thead><tr><th scope=\"col\">Field</th><th scope=\"col\">Type</th><th scope=\"col\">Required</th>\
         <th scope=\"col\">Rules</th><th scope=\"col\">Meaning</th></tr></thead><tbody>",
    );
    html.push_str(&fields.rows);
    html.push_str("</tbody></table>");
    for note in &fields.notes {
        let _ = write!(html, "<p>{note}</p>");
    }
    html
}

/// The type of a value, where it has a name as a link to its schema.
pub fn kind_of(document: &Value, schema: &Value) -> String {
    kind_within(document, schema, NESTED)
}

fn kind_within(document: &Value, schema: &Value, depth: usize) -> String {
    let found = resolve(document, schema);
    match (found.name, found.value.get("items")) {
        (Some(name), _) => format!("<a href=\"#schema-{0}\">{0}</a>", Text(name)),
        (None, Some(items)) if depth > 0 => {
            let outer = kind(found.value);
            format!("{outer} of {}", kind_within(document, items, depth - 1))
        }
        _ => kind(found.value),
    }
}

struct Fields<'d> {
    document: &'d Value,
    rows: String,
    count: usize,
    notes: Vec<String>,
    /// The objects that the current one stands in: one of them again is a circle.
    within: Vec<&'d Value>,
}

impl<'d> Fields<'d> {
    fn object(&mut self, path: &str, schema: &'d Value) {
        self.within.push(schema);
        let required = schema.get("required").and_then(Value::as_array);
        let required = required.map(Vec::as_slice).unwrap_or_default();
        let place = |name: &str| match path {
            "" => name.to_owned(),
            path => format!("{path}.{name}"),
        };
        let properties = schema.get("properties").and_then(Value::as_object);
        for (name, property) in properties.into_iter().flatten() {
            self.field(
                &place(name),
                property,
                required.iter().any(|one| one == name),
            );
        }
        let whose = match path {
            "" => String::new(),
            path => format!("In <code>{}</code>: ", Text(path)),
        };
        match schema.get("additionalProperties") {
            Some(Value::Bool(false)) => self.notes.push(format!("{whose}No other field is taken.")),
            Some(others @ Value::Object(_)) => self.field(&place("*"), others, false),
            _ => {}
        }
        if let Some(condition) = condition(schema) {
            self.notes.push(format!("{whose}{condition}"));
        }
        self.within.pop();
    }

    fn field(&mut self, place: &str, schema: &'d Value, required: bool) {
        self.count += 1;
        let found = resolve(self.document, schema);
        let mut said = rules(found.value);
        let (mut place_within, mut inner) = (place.to_owned(), found);
        for _ in 0..NESTED {
            let Some(items) = inner.value.get("items") else {
                break;
            };
            place_within.push_str("[]");
            inner = resolve(self.document, items);
            said.extend(rules(inner.value).iter().map(|rule| format!("each {rule}")));
        }
        let own = text(schema, "/description");
        let description = match own {
            "" => text(found.value, "/description"),
            own => own,
        };
        let _ = write!(
            self.rows,
            "<tr><td><code>{}</code></td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            Text(place),
            kind_of(self.document, schema),
            if required { "yes" } else { "" },
            said.join("; "),
            Prose(description),
        );
        let nested = inner.value.get("properties").is_some()
            || inner
                .value
                .get("additionalProperties")
                .is_some_and(Value::is_object);
        let is_circle = self
            .within
            .iter()
            .any(|outer| std::ptr::eq(*outer, inner.value));
        if nested && !is_circle && (inner.name.is_none() || self.count < LONG) {
            self.object(&place_within, inner.value);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn places(html: &str) -> Vec<&str> {
        let rows = html.split("<tr><td><code>").skip(1);
        rows.filter_map(|row| row.split('<').next()).collect()
    }

    #[test]
    fn nested_fields_stand_in_one_table() {
        let document = json!({"components": {"schemas": {
            "List": {"type": "object", "required": ["items"], "properties": {
                "items": {"type": "array", "maxItems": 9, "items": {"$ref": "#/components/schemas/One"}},
                "by_name": {"type": "object", "additionalProperties": {"$ref": "#/components/schemas/One"}},
            }},
            "One": {"type": "object", "additionalProperties": false, "required": ["id"], "properties": {
                "id": {"type": "string", "minLength": 1, "description": "The `id`."},
            }},
        }}});
        let html = table(&document, &json!({"$ref": "#/components/schemas/List"}));
        assert_eq!(
            places(&html),
            [
                "items",
                "items[].id",
                "by_name",
                "by_name.*",
                "by_name.*.id"
            ]
        );
        for part in [
            "array of <a href=\"#schema-One\">One</a></td><td>yes</td><td>at most <code>9</code> items</td>",
            "<td>string</td><td>yes</td><td>at least <code>1</code> character</td><td>The <code>id</code>.</td>",
            "<p>In <code>items[]</code>: No other field is taken.</p>",
        ] {
            assert!(html.contains(part), "{part}: {html}");
        }
    }

    #[test]
    fn a_schema_within_itself_is_followed_once() {
        let document = json!({"components": {"schemas": {
            "Tree": {"type": "object", "properties": {
                "left": {"$ref": "#/components/schemas/Tree"},
                "children": {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}},
            }},
        }}});
        let html = table(&document, &json!({"$ref": "#/components/schemas/Tree"}));
        assert_eq!(places(&html), ["left", "children"]);
    }

    #[test]
    fn schemas_that_double_do_not_make_an_endless_page() {
        let mut schemas = serde_json::Map::new();
        for level in 0..40 {
            let next = json!({"$ref": format!("#/components/schemas/S{}", level + 1)});
            schemas.insert(
                format!("S{level}"),
                json!({"properties": {"a": next, "b": next}}),
            );
        }
        let document = json!({"components": {"schemas": schemas}});
        let html = table(&document, &json!({"$ref": "#/components/schemas/S0"}));
        assert!(places(&html).len() < 2 * LONG);
    }

    #[test]
    fn a_value_without_fields_has_one_row() {
        let html = table(
            &Value::Null,
            &json!({"type": "array", "items": {"type": "integer", "minimum": 0}}),
        );
        assert_eq!(places(&html), ["the value"]);
        assert!(
            html.contains("array of integer</td><td>yes</td><td>each at least <code>0</code>"),
            "{html}"
        );
    }
}
