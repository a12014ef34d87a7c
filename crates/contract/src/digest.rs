//! The name of a contract's content.

use std::fmt::Write as _;

use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// Hex SHA-256 over the document as JSON with sorted keys: comments, layout and the order of members
/// do not count.
///
/// Property order is wire order, so two documents of equal digest can differ in the order of fields;
/// no value that is cached by digest depends on it.
pub(crate) fn digest(document: &Value) -> String {
    let mut canonical = String::new();
    write_sorted(document, &mut canonical);
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(canonical.as_bytes()) {
        // Writing to a string does not fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

fn write_sorted(value: &Value, out: &mut String) {
    match value {
        Value::Object(members) => {
            let mut names: Vec<&String> = members.keys().collect();
            names.sort();
            out.push('{');
            for name in names {
                out.push_str(&Value::from(name.as_str()).to_string());
                out.push(':');
                if let Some(member) = members.get(name) {
                    write_sorted(member, out);
                }
                out.push(',');
            }
            out.push('}');
        }
        Value::Array(entries) => {
            out.push('[');
            for entry in entries {
                write_sorted(entry, out);
                out.push(',');
            }
            out.push(']');
        }
        scalar => out.push_str(&scalar.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_order_of_members_does_not_count_and_that_of_entries_does() {
        assert_eq!(
            digest(&json!({"a": 1, "b": [1, 2]})),
            digest(&json!({"b": [1, 2], "a": 1}))
        );
        assert_ne!(digest(&json!([1, 2])), digest(&json!([2, 1])));
        assert_ne!(digest(&json!({"a": "1"})), digest(&json!({"a": 1})));
        assert_eq!(digest(&json!(null)).len(), 64);
    }
}
