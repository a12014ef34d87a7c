use std::collections::BTreeSet;

use serde_json::json;
use validate::{CODES, JsonBody, Validator};

use crate::support::{check, refused};

/// Every code of the table can be provoked, and nothing else comes out.
#[test]
fn the_table_is_the_truth() {
    let schema = json!({"type": "object", "additionalProperties": false, "minProperties": 30,
        "required": ["missing"],
        "properties": {
            "missing": {}, "never": false,
            "const": {"const": 1}, "enum": {"enum": [1]}, "type": {"type": "string"},
            "null": {"type": "string"}, "min": {"minimum": 1}, "max": {"exclusiveMaximum": 1},
            "short": {"minLength": 1}, "long": {"maxLength": 1}, "pattern": {"pattern": "^a$"},
            "few": {"minItems": 1}, "many": {"maxItems": 1}, "bulk": {"maxProperties": 1},
            "set": {"readOnly": true}, "when": {},
            "identifier": {"format": "identifier"}, "url": {"format": "http-url"},
            "uuid": {"format": "uuid"}, "time": {"format": "date-time"},
            "mail": {"format": "email-like"},
        },
        "if": {"properties": {"min": {"const": 0}}},
        "then": {"properties": {"when": false}},
    });
    let body = json!({"never": 1, "const": 2, "enum": 2, "type": 2, "null": null, "min": 0,
        "max": 1, "short": "", "long": "ab", "pattern": "b", "few": [], "many": [1, 2],
        "bulk": {"a": 1, "b": 2}, "set": 1, "when": 1, "identifier": "/", "url": "x", "uuid": "x",
        "time": "x", "mail": "x", "unknown": 1});
    let mut provoked: BTreeSet<&str> = BTreeSet::new();
    provoked.extend(check(&schema, &body).iter().map(|v| v.code));
    provoked.extend(
        refused(r#"["\ud800", "\u0000", 1e400]"#)
            .iter()
            .map(|v| v.code),
    );
    let deep = format!("{}{}", "[".repeat(65), "]".repeat(65));
    for text in [r#"{"a":1,"a":1}"#, deep.as_str()] {
        let error = JsonBody::parse(text.as_bytes()).unwrap_err();
        provoked.extend(error.into_violations().iter().map(|v| v.code));
    }
    let table: BTreeSet<&str> = CODES.iter().map(|(code, _)| *code).collect();
    assert_eq!(provoked, table);
    assert_eq!(table.len(), CODES.len(), "a code stands twice");
}

#[test]
fn codes_are_sorted_kebab_case_with_a_sentence() {
    for (code, meaning) in CODES {
        assert!(
            code.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'),
            "{code}"
        );
        assert!(
            meaning.ends_with('.') || meaning.ends_with(")."),
            "{meaning}"
        );
    }
    assert!(CODES.is_sorted_by_key(|(code, _)| *code));
}

#[test]
fn exclusive_bounds_are_told_as_such() {
    let told = |schema, body| {
        let validator = Validator::compile(&schema).unwrap();
        let violation = validator.check(&body).listed.remove(0);
        (violation.code, violation.detail)
    };
    assert_eq!(
        told(json!({"exclusiveMinimum": 1}), json!(1)),
        (
            "minimum",
            "the body must be more than 1, found the number `1`".to_owned()
        )
    );
    assert_eq!(
        told(json!({"exclusiveMaximum": 1}), json!(1)),
        (
            "maximum",
            "the body must be less than 1, found the number `1`".to_owned()
        )
    );
}
