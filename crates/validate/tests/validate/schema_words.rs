use serde_json::{Value, json};
use validate::{SchemaError, Validator, schema_errors};

use crate::support::{check, new_room};

fn refusal(schema: Value) -> SchemaError {
    Validator::compile(&schema).expect_err("the schema passed")
}

fn error(pointer: &str, detail: &str) -> SchemaError {
    SchemaError {
        pointer: pointer.to_owned(),
        detail: detail.to_owned(),
    }
}

#[test]
fn a_validator_can_be_shared_between_threads() {
    fn shared<T: Send + Sync + std::fmt::Debug>(_: &T) {}
    shared(&Validator::compile(&new_room()).unwrap());
}

#[test]
fn words_that_nothing_enforces_are_refused_with_their_place() {
    for word in [
        "$ref",
        "$id",
        "$defs",
        "$anchor",
        "anyOf",
        "oneOf",
        "not",
        "else",
        "contains",
        "prefixItems",
        "patternProperties",
        "propertyNames",
        "dependentRequired",
        "unevaluatedProperties",
        "uniqueItems",
        "multipleOf",
        "contentEncoding",
        "nullable",
        "discriminator",
        "definitions",
    ] {
        let schema = json!({"type": "object", "properties": {"a/b": {word: true}}});
        let found = refusal(schema);
        assert_eq!(found.pointer, format!("/properties/a~1b/{word}"));
        assert!(
            found.detail.contains("is not enforced, so it is refused"),
            "{found}"
        );
    }
    assert_eq!(
        refusal(json!({"type": "string", "minLenght": 1})),
        error(
            "/minLenght",
            "the word `minLenght` is not enforced, so it is refused; did you mean `minLength`?"
        )
    );
}

#[test]
fn annotations_pass() {
    let schema = json!({"type": "string", "title": "t", "description": "d", "default": "x",
        "example": 1, "examples": [1], "deprecated": true, "writeOnly": true, "$comment": "c",
        "externalDocs": {}, "xml": {"name": "n"}, "x-name": "n", "readOnly": false});
    assert_eq!(schema_errors(&schema), []);
    assert!(check(&schema, &json!("a")).is_empty());
}

#[test]
fn formats_outside_the_list_are_refused() {
    for format in ["email", "uri", "ipv4", "int32", "Identifier", ""] {
        let found = refusal(json!({"type": "string", "format": format}));
        assert_eq!(found.pointer, "/format");
        assert!(
            found
                .detail
                .starts_with("`format` must be `identifier`, `http-url`"),
            "{found}"
        );
    }
}

#[test]
fn words_of_the_wrong_kind_are_refused() {
    for (schema, pointer) in [
        (json!(5), ""),
        (json!({"type": "text"}), "/type"),
        (json!({"type": ["string", "integer"]}), "/type"),
        (json!({"type": ["string"]}), "/type"),
        (json!({"type": ["null", "null"]}), "/type"),
        (json!({"properties": []}), "/properties"),
        (json!({"properties": {"a": 5}}), "/properties/a"),
        (json!({"required": "a"}), "/required"),
        (json!({"required": ["a", "a"]}), "/required"),
        (json!({"required": [1]}), "/required"),
        (json!({"items": true}), "/items"),
        (json!({"additionalProperties": 1}), "/additionalProperties"),
        (json!({"minLength": -1}), "/minLength"),
        (json!({"minLength": 1.5}), "/minLength"),
        (json!({"minimum": "1"}), "/minimum"),
        (json!({"pattern": 1}), "/pattern"),
        (json!({"enum": []}), "/enum"),
        (json!({"enum": "a"}), "/enum"),
        (json!({"readOnly": "yes"}), "/readOnly"),
        (json!({"allOf": []}), "/allOf"),
        (json!({"allOf": [{"minLength": -1}]}), "/allOf/0/minLength"),
        (json!({"if": {"type": "object"}}), ""),
        (json!({"then": {"type": "object"}}), ""),
        (
            json!({"if": {"oops": 1}, "then": {"type": "object"}}),
            "/if/oops",
        ),
        (
            json!({"type": "array", "items": {"items": 5}}),
            "/items/items",
        ),
    ] {
        assert_eq!(refusal(schema.clone()).pointer, pointer, "{schema}");
    }
}

#[test]
fn words_that_cannot_bind_are_refused() {
    for (schema, word) in [
        (json!({"type": "integer", "minLength": 1}), "minLength"),
        (json!({"type": "integer", "format": "uuid"}), "format"),
        (json!({"type": "string", "minimum": 1}), "minimum"),
        (
            json!({"type": ["string", "null"], "properties": {}}),
            "properties",
        ),
        (json!({"type": "object", "items": {}}), "items"),
    ] {
        let found = refusal(schema);
        assert_eq!(found.pointer, format!("/{word}"));
        assert!(found.detail.contains("says nothing about type"), "{found}");
    }
    assert_eq!(
        schema_errors(&json!({"type": ["string", "null"], "minLength": 1})),
        []
    );
}

#[test]
fn all_errors_of_a_schema_are_told_at_once() {
    let schema = json!({"type": "thing", "properties": {"a": {"format": "x"}, "b": {"oneOf": []}}});
    let pointers: Vec<String> = schema_errors(&schema)
        .into_iter()
        .map(|error| error.pointer)
        .collect();
    assert_eq!(
        pointers,
        ["/type", "/properties/a/format", "/properties/b/oneOf"]
    );
}

#[test]
fn patterns_that_a_linear_engine_cannot_run_are_refused() {
    for pattern in ["(", "(?=a)b", "(a)\\1", "(?<!a)b"] {
        let schema =
            json!({"type": "object", "properties": {"a": {"type": "string", "pattern": pattern}}});
        let found = refusal(schema);
        assert_eq!(found.pointer, "/properties/a/pattern", "{found}");
        assert_eq!(
            found.detail,
            format!(
                "`pattern` is not a regular expression that runs in linear time (no look-around, \
                 no back-references), found the text `{pattern}`"
            )
        );
    }
}

#[test]
fn boolean_properties_pass() {
    let schema = json!({"type": "object", "properties": {"a": true, "b": false}});
    assert!(check(&schema, &json!({"a": [1]})).is_empty());
    let violations = check(&schema, &json!({"b": 1}));
    assert_eq!(violations.listed[0].code, "not-allowed");
    assert_eq!(
        violations.listed[0].detail,
        "`b` is not allowed here; leave it out"
    );
}
