//! Schemas that only `allOf` names. Flattened, the public document has no place where they would be read.

use std::collections::BTreeSet;

use grammar::pointer::unescape;
use serde_json::Value;

/// The names under `components.schemas` that some `allOf` refers to and no other `$ref`. What nothing at all
/// refers to is no part: somebody meant it to be read.
pub(super) fn of(document: &Value) -> BTreeSet<String> {
    let mut found = References::default();
    found.collect(document, false);
    let parts = found.by_all_of.difference(&found.by_others);
    parts.cloned().collect()
}

#[derive(Default)]
struct References {
    by_all_of: BTreeSet<String>,
    by_others: BTreeSet<String>,
}

impl References {
    fn collect(&mut self, value: &Value, in_all_of: bool) {
        match value {
            Value::Object(members) => {
                let text = members.get("$ref").and_then(Value::as_str);
                if let Some(name) = text.and_then(|text| text.strip_prefix("#/components/schemas/"))
                {
                    let names = match in_all_of {
                        true => &mut self.by_all_of,
                        false => &mut self.by_others,
                    };
                    names.insert(unescape(name).into_owned());
                }
                for (word, member) in members {
                    self.collect(member, word == "allOf");
                }
            }
            Value::Array(entries) => {
                for entry in entries {
                    self.collect(entry, in_all_of);
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_part_is_what_only_all_of_names() {
        let reference = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
        let document = json!({
            "paths": {"/v1/books": {"get": {"schema": reference("Whole")}}},
            "components": {"schemas": {
                "Whole": {"allOf": [reference("Part"), reference("Both")], "properties": {"both": reference("Both")}},
                "Part": {"allOf": [reference("a~1b")], "properties": {"list": {"items": reference("Item")}}},
                "Both": {}, "Item": {}, "a/b": {}, "Unused": {},
            }},
        });
        let parts: Vec<String> = of(&document).into_iter().collect();
        assert_eq!(parts, ["Part", "a/b"]);
    }
}
