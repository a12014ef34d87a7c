//! A unified value of one operation under the schema of another.

use serde_json::{Map, Value};

use crate::decode::scalar::{self, Scalar};
use crate::shape::{Kind, Shape};

/// The value in the types of `shape`; what does not fit is left out, and `None` if that is all of it.
pub(super) fn fitted(value: &Value, shape: &Shape) -> Option<Value> {
    match (&shape.kind, value) {
        (_, Value::Null) => shape.nullable.then_some(Value::Null),
        (Kind::Object(object), Value::Object(members)) => {
            let mut out = Map::new();
            for field in &object.fields {
                let member = members.get(&*field.name);
                if let Some(member) = member.and_then(|member| fitted(member, &field.shape)) {
                    out.insert(field.name.to_string(), member);
                }
            }
            Some(Value::Object(out))
        }
        (Kind::Array(array), Value::Array(items)) => items
            .iter()
            .map(|item| fitted(item, &array.items))
            .collect(),
        (Kind::Map(map), Value::Object(entries)) => entries
            .iter()
            .map(|(key, entry)| Some((key.clone(), fitted(entry, &map.values)?)))
            .collect(),
        (kind, Value::String(text)) => of_text(kind, text),
        // Numbers and truth values have one spelling, which text can stand for.
        (kind, Value::Number(_) | Value::Bool(_)) => of_text(kind, &value.to_string()),
        _ => None,
    }
}

fn of_text(kind: &Kind, text: &str) -> Option<Value> {
    scalar::of_text(kind, text).map(Scalar::value)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn under(kind: Kind, value: Value) -> Option<Value> {
        fitted(
            &value,
            &Shape {
                kind,
                nullable: false,
            },
        )
    }

    #[test]
    fn a_scalar_takes_the_type_of_its_place() {
        const TEXT: Kind = Kind::String { date_time: false };
        assert_eq!(under(TEXT, json!(7)), Some(json!("7")));
        assert_eq!(under(Kind::Integer, json!("7")), Some(json!(7)));
        assert_eq!(under(Kind::Integer, json!(7)), Some(json!(7)));
        assert_eq!(under(Kind::Boolean, json!(true)), Some(json!(true)));
        assert_eq!(under(Kind::Integer, json!("a")), None);
        assert_eq!(under(Kind::Integer, json!([7])), None);
        assert_eq!(under(Kind::Integer, Value::Null), None);
    }
}
