//! Input made to hurt: it ends, without a stack overflow, and the answer stays small.

use serde_json::{Map, Value, json};
use validate::{
    ExternalId, IdentifierError, JsonBody, JsonError, MAX_POINTER_BYTES, MAX_VIOLATIONS, Validator,
    Violations,
};

use crate::support::{accepted, check, new_room, places, refused};

/// What a problem made of the violations would weigh.
fn weight(violations: &Violations) -> usize {
    violations.to_string().len()
}

#[test]
fn a_hundred_thousand_brackets() {
    for (open, close) in [("[", "]"), (r#"{"a":"#, "}")] {
        let closed = format!("{}0{}", open.repeat(100_000), close.repeat(100_000));
        assert!(matches!(
            JsonBody::parse(closed.as_bytes()),
            Err(JsonError::TooDeep { limit: 64, .. })
        ));
        let open = open.repeat(100_000);
        assert!(matches!(
            JsonBody::parse(open.as_bytes()),
            Err(JsonError::Malformed { .. })
        ));
    }
}

#[test]
fn a_million_keys() {
    let members: Vec<String> = (0..1_000_000).map(|n| format!("\"k{n}\":0")).collect();
    let text = format!("{{{}}}", members.join(","));
    let body = JsonBody::parse(text.as_bytes()).unwrap();
    let violations = check(&new_room(), &body.into_value());
    assert_eq!(
        violations.listed[0].detail,
        "`external_id` is missing; it is required (the body is too large to look for more)"
    );
    assert_eq!(violations.total(), 1);
    let twice = format!("{{{},\"k7\":0}}", members.join(","));
    assert_eq!(
        JsonBody::parse(twice.as_bytes()),
        Err(JsonError::DuplicateKey {
            pointer: String::new(),
            key: "k7".to_owned()
        })
    );
}

#[test]
fn twenty_thousand_unknown_fields_are_counted() {
    let body: Map<String, Value> = (0..20_000).map(|n| (format!("k{n}"), json!(0))).collect();
    let schema = json!({"type": "object", "additionalProperties": false, "properties": {"k1": {}}});
    let violations = check(&schema, &Value::Object(body));
    assert_eq!(violations.listed.len(), MAX_VIOLATIONS);
    assert_eq!(violations.total(), 19_999);
    assert!(weight(&violations) < 100_000);
}

#[test]
fn texts_and_numbers_of_a_megabyte() {
    let long = "a".repeat(1 << 20);
    assert_eq!(accepted(&format!("\"{long}\"")), json!(long));
    for body in [
        json!({"external_id": long, "name": "x", "type": "PHYSICAL_ROOM"}),
        json!({"external_id": "x", "name": "x", "type": long}),
        json!({"external_id": "x", "name": "x", "type": "PHYSICAL_ROOM", long.clone(): 1}),
    ] {
        let violations = check(&new_room(), &body);
        assert_eq!(violations.total(), 1);
        assert!(weight(&violations) < 1_000);
    }
    for number in [
        "9".repeat(1 << 20),
        format!("0.{}", "9".repeat(1 << 20)),
        format!("1e{}", "9".repeat(1 << 20)),
        format!("1e-{}", "9".repeat(1 << 20)),
    ] {
        let violations = refused(&number);
        assert_eq!(
            places(&violations),
            [(String::new(), "number-out-of-range")]
        );
        assert!(weight(&violations) < 1_000);
    }
    assert_eq!(accepted(&format!("1.{}", "0".repeat(1 << 20))), json!(1));
    let escapes = "\\u0000".repeat(100_000);
    assert_eq!(refused(&format!("\"{escapes}\"")).total(), 1);
}

#[test]
fn a_hundred_thousand_bad_values_are_counted() {
    let text = format!("[{}0]", "\"\\u0000\",".repeat(100_000));
    let violations = refused(&text);
    assert_eq!(violations.listed.len(), MAX_VIOLATIONS);
    assert_eq!(violations.total(), 100_000);
    assert!(weight(&violations) < 100_000);
}

#[test]
fn a_long_key_above_many_mistakes_does_not_multiply() {
    let key = "k".repeat(500_000);
    let items = "\"\\u0000\",".repeat(50_000);
    let violations = refused(&format!("{{\"{key}\":[{items}0]}}"));
    assert!(weight(&violations) < 100_000);
    for violation in &violations {
        assert!(violation.at.to_string().len() <= MAX_POINTER_BYTES);
    }

    let schema = json!({"type": "object", "additionalProperties":
        {"type": "array", "items": {"type": "string"}}});
    let body = json!({key.clone(): vec![0; 200_000]});
    // Listing all would need 100 GB: the first is told.
    let violations = check(&schema, &body);
    assert_eq!(places(&violations), [(String::new(), "type")]);
    assert!(weight(&violations) < 1_000);
}

#[test]
fn a_pointer_that_would_be_too_long_names_the_enclosing_value() {
    let schema = json!({"type": "object", "additionalProperties":
        {"type": "object", "additionalProperties": {"type": "string"}}});
    let longest = "k".repeat(MAX_POINTER_BYTES - "/a/".len());
    let place = |key: &str| places(&check(&schema, &json!({"a": {key: 1}}))).remove(0).0;
    assert_eq!(place(&longest), format!("/a/{longest}"));
    assert_eq!(place(&format!("{longest}k")), "/a");
    assert_eq!(place(&"/".repeat(600)), "/a");

    // Nothing is joined to a pointer that was cut: `/a/b` would be another place.
    let deeper = json!({"a": {longest.clone() + "k": {"b": 1}}});
    let open = json!({"type": "object", "additionalProperties": schema});
    assert_eq!(places(&check(&open, &deeper)).remove(0).0, "/a");
    assert_eq!(
        places(&refused(&format!(
            "{{\"a\":{{\"{longest}k\":{{\"b\":1e400}}}}}}"
        )))
        .remove(0)
        .0,
        "/a"
    );

    let parsed = |key: &str| {
        places(&refused(&format!("{{\"a\":{{\"{key}\":1e400}}}}")))
            .remove(0)
            .0
    };
    assert_eq!(parsed(&longest), format!("/a/{longest}"));
    assert_eq!(parsed(&format!("{longest}k")), "/a");
    assert_eq!(parsed(&"/".repeat(600)), "/a");
}

/// `(a+)+$` and its like take exponential time on a backtracking engine: this test would not end.
#[test]
fn patterns_run_in_linear_time() {
    for pattern in ["^(a+)+$", "^(a|a)*$", "^([a-z]+.?)+@$"] {
        let schema = json!({"type": "string", "pattern": pattern});
        let validator = Validator::compile(&schema).unwrap();
        let text = Value::from(format!("{}!", "a".repeat(100_000)));
        assert_eq!(validator.check(&text).total(), 1);
    }
}

#[test]
fn formats_take_megabytes() {
    for format in ["identifier", "http-url", "uuid", "date-time", "email-like"] {
        let schema = json!({"type": "string", "format": format});
        let validator = Validator::compile(&schema).unwrap();
        for text in [
            "%25".repeat(300_000),
            format!("https://{}.example/", "ñ".repeat(300_000)),
            format!("https://{}", "a.".repeat(500_000)),
            format!("2026-01-01T00:00:00.{}x", "1".repeat(1 << 20)),
            "@".repeat(1 << 20),
        ] {
            let violations = validator.check(&Value::from(text));
            assert!(weight(&violations) < 1_000);
        }
    }
}

#[test]
fn identifiers_that_decode_step_by_step_stay_cheap() {
    // Each id needs over a hundred rounds if decoded once per round.
    let chain = format!("%{}", "25".repeat(127));
    let stairs = format!("%{}{}2F", "%".repeat(120), "3".repeat(120));
    assert_eq!(
        ExternalId::parse(&stairs),
        Err(IdentifierError::EncodedSlash)
    );
    let grown = format!("{}{}", "\u{fdfa}".repeat(100), "%25".repeat(51));
    let ids: Vec<&str> = [chain.as_str(), &stairs, &grown]
        .into_iter()
        .cycle()
        .take(4_000)
        .collect();
    let schema = json!({"type": "array", "items": {"type": "string", "format": "identifier"}});
    let violations = check(&schema, &json!(ids));
    assert!(violations.total() > 1_000);
}
