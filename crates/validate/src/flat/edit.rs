//! What is added to a value that was read.

use grammar::Pointer;
use serde_json::{Map, Value};

use super::{FlatJson, FlatWriter, Item};

impl FlatJson {
    /// Puts a value where none is, as the last member of its object; objects on the way are made. Where
    /// something else than an object is on the way nothing happens.
    pub fn fill(&mut self, place: &Pointer, value: Value) {
        let mut around = Vec::new();
        let mut at = 0;
        let mut tokens = place.tokens().iter();
        while let Some(name) = tokens.next() {
            let Some(Item::Object(parts)) = self.items.get(at) else {
                return;
            };
            around.push(at);
            match self.member(at + 1, parts.count, name) {
                Some(member) => at = member,
                None => {
                    // Behind what is missing all is.
                    let value = tokens.rev().fold(value, |value, name| {
                        Value::Object(Map::from_iter([(name.clone(), value)]))
                    });
                    return self.append(&around, name, &value);
                }
            }
        }
    }

    /// Adds a member to the innermost of the objects at `around`, outermost first.
    fn append(&mut self, around: &[usize], name: &str, value: &Value) {
        let Some((&object, Item::Object(parts))) = around
            .last()
            .and_then(|at| Some((at, self.items.get(*at)?)))
        else {
            return;
        };
        let end = object + 1 + parts.items;
        let mut writer = FlatWriter {
            source: &self.source,
            apart: std::mem::take(&mut self.apart),
            items: Vec::new(),
        };
        writer.copy(name);
        writer.value(value);
        let FlatWriter { apart, items, .. } = writer;
        self.apart = apart;
        let more = items.len();
        self.items.splice(end..end, items);
        for at in around {
            if let Some(Item::Array(parts) | Item::Object(parts)) = self.items.get_mut(*at) {
                parts.items += more;
                parts.count += usize::from(*at == object);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn filled(value: Value, place: &str) -> Value {
        let mut flat = FlatJson::from(&value);
        flat.fill(&place.parse().unwrap(), json!({"new": ["é", 1]}));
        flat.to_value()
    }

    #[test]
    fn a_value_is_put_where_none_is() {
        let new = json!({"new": ["é", 1]});
        for (before, place, after) in [
            (json!({}), "/a", json!({"a": new})),
            (json!({"b": 1}), "/a", json!({"b": 1, "a": new})),
            (json!({}), "/a/b/c", json!({"a": {"b": {"c": new}}})),
            (
                json!({"a": {"x": [{"y": 1}]}, "z": 2}),
                "/a/b",
                json!({"a": {"x": [{"y": 1}], "b": new}, "z": 2}),
            ),
            (
                json!({"a": {"b": {"x": 1}, "c": {}}, "z": {"q": []}}),
                "/a/b/new/er",
                json!({"a": {"b": {"x": 1, "new": {"er": new}}, "c": {}}, "z": {"q": []}}),
            ),
        ] {
            let found = filled(before.clone(), place);
            // Also in this order.
            assert_eq!(found.to_string(), after.to_string(), "{before} {place}");
        }
    }

    #[test]
    fn what_is_there_stays() {
        for (there, place) in [
            (json!({"a": null}), "/a"),
            (json!({"a": [1]}), "/a/0"),
            (json!({"a": "text"}), "/a/b"),
            (json!([1]), "/a"),
            (json!({"a": 1}), ""),
        ] {
            assert_eq!(filled(there.clone(), place), there, "{place}");
        }
    }

    #[test]
    fn two_are_put_in_one_after_the_other() {
        let mut flat = FlatJson::from(json!({"a": {"b": "x"}}));
        flat.fill(&"/a/c".parse().unwrap(), json!("y"));
        flat.fill(&"/d".parse().unwrap(), json!("z"));
        assert_eq!(
            flat.to_value(),
            json!({"a": {"b": "x", "c": "y"}, "d": "z"})
        );
    }
}
