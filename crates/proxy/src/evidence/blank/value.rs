//! The unified JSON of a request.

use serde_json::Value;

use super::Blanker;

/// Blanks what is personal in a value, at any depth; names stay.
pub fn blank(blanker: &mut Blanker, value: &mut Value, is_personal: bool) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let is_personal = is_personal || blanker.is_personal(name);
                blank(blanker, member, is_personal);
            }
        }
        Value::Array(items) => {
            for item in items {
                blank(blanker, item, is_personal);
            }
        }
        Value::String(text) if is_personal => *text = blanker.blank(text),
        Value::String(text) => *text = blanker.sweep(text).into_owned(),
        Value::Number(number) if is_personal => {
            let text = blanker.blank(&number.to_string());
            if let Ok(blank) = serde_json::from_str(&text) {
                *number = blank;
            }
        }
        Value::Bool(flag) if is_personal => *flag = false,
        Value::Number(_) | Value::Bool(_) | Value::Null => {}
    }
}

/// Blanks what texts repeat of personal values.
pub fn sweep(blanker: &Blanker, value: &mut Value) {
    match value {
        Value::Object(members) => members.values_mut().for_each(|one| sweep(blanker, one)),
        Value::Array(items) => items.iter_mut().for_each(|item| sweep(blanker, item)),
        Value::String(text) => *text = blanker.sweep(text).into_owned(),
        Value::Number(_) | Value::Bool(_) | Value::Null => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn type_and_structure_stay() {
        let mut blanker = Blanker::new(["who".to_owned(), "tel".to_owned()].into());
        let mut value = json!({"who": {"a": "Ab1", "b": [12, 0.5, true, null]}, "tel": "+34981", "n": "tel +34981", "c": 34981});
        blank(&mut blanker, &mut value, false);
        let blanked = json!({"who": {"a": "Xx0", "b": [10, 0.0, false, null]}, "tel": "+00000", "n": "tel +34981", "c": 34981});
        assert_eq!(value["who"], blanked["who"]);
        assert_eq!(value["tel"], blanked["tel"]);
        assert_eq!(value["n"], "tel +00000");
        assert_eq!(value["c"], blanked["c"]);
    }
}
