//! The name of a contract's content.

use std::fmt::Write as _;

use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// Hex SHA-256 over the document as compact JSON, its members in the order of the text: comments and
/// layout do not count, and everything does that a caller could see. The order of `properties` is the
/// order of an answer's members, and that of `paths` is the order of `/openapi.json`.
pub(crate) fn digest(document: &Value) -> String {
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(document.to_string().as_bytes()) {
        // Writing to a string does not fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn everything_counts_also_the_order_of_members() {
        assert_eq!(
            digest(&json!({"a": 1, "b": [1, 2]})),
            digest(&json!({"a": 1, "b": [1, 2]}))
        );
        assert_ne!(
            digest(&json!({"a": 1, "b": [1, 2]})),
            digest(&json!({"b": [1, 2], "a": 1}))
        );
        assert_ne!(
            digest(&json!({"properties": {"a": {}, "b": {}}})),
            digest(&json!({"properties": {"b": {}, "a": {}}}))
        );
        assert_ne!(digest(&json!([1, 2])), digest(&json!([2, 1])));
        assert_ne!(digest(&json!({"a": "1"})), digest(&json!({"a": 1})));
        assert_eq!(digest(&json!(null)).len(), 64);
    }
}
