use serde_json::{Value, json};
use validate::{At, JsonBody, JsonError, Validator, Violations};

/// Place and code of each listed violation.
pub fn places(violations: &Violations) -> Vec<(String, &'static str)> {
    violations
        .iter()
        .map(|violation| {
            let place = match &violation.at {
                At::Pointer(pointer) => pointer.clone(),
                At::Parameter(name) => format!("?{name}"),
            };
            (place, violation.code)
        })
        .collect()
}

pub fn check(schema: &Value, body: &Value) -> Violations {
    Validator::compile(schema).unwrap().check(body)
}

/// The one violation that is expected: place, code, detail.
pub fn only(schema: &Value, body: &Value) -> (String, &'static str, String) {
    let violations = check(schema, body);
    assert_eq!(violations.total(), 1, "{violations}");
    let (place, code) = places(&violations).remove(0);
    (place, code, violations.listed[0].detail.clone())
}

/// The violations of a text that is JSON but cannot be kept.
pub fn refused(text: &str) -> Violations {
    match JsonBody::parse(text.as_bytes()) {
        Err(JsonError::Violations(violations)) => violations,
        other => panic!("{text}: {other:?}"),
    }
}

pub fn accepted(text: &str) -> Value {
    JsonBody::parse(text.as_bytes())
        .unwrap_or_else(|error| panic!("{text}: {error}"))
        .into_value()
}

/// The room of the unified interface, as a contract writes it.
pub fn new_room() -> Value {
    json!({
        "type": "object",
        "required": ["external_id", "name", "type"],
        "additionalProperties": false,
        "properties": {
            "id": {"type": "string", "readOnly": true},
            "external_id": {"type": "string", "format": "identifier"},
            "name": {"type": "string", "minLength": 1},
            "type": {"type": "string", "enum": ["PHYSICAL_ROOM", "EXTERNAL_PHYSICAL_ROOM"]},
            "capacity": {"type": "integer", "minimum": 0, "maximum": 2147483647},
            "telephone": {"type": "string"},
            "postal_code": {"type": "string"},
            "contact_email": {"type": "string", "format": "email-like"},
        },
        "if": {"properties": {"type": {"const": "PHYSICAL_ROOM"}}, "required": ["type"]},
        "then": {"properties": {"contact_email": false}},
    })
}
