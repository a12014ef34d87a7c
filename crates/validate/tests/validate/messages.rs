use serde_json::{Value, json};
use validate::{MAX_VIOLATIONS, Validator};

use crate::support::{check, new_room, only, places};

fn room(changes: Value) -> Value {
    let mut room = json!({
        "external_id": "pr001",
        "name": "Sala de conferencias 1",
        "type": "EXTERNAL_PHYSICAL_ROOM",
    });
    for (name, value) in changes.as_object().unwrap() {
        room[name] = value.clone();
    }
    room
}

fn detail(changes: Value) -> String {
    only(&new_room(), &room(changes)).2
}

#[test]
fn a_good_room_passes() {
    let full = room(json!({
        "capacity": 100, "telephone": "+34981523698", "postal_code": "007",
        "contact_email": "netex@elearning.com",
    }));
    assert!(check(&new_room(), &full).is_empty());
}

#[test]
fn every_mistake_is_listed_at_once() {
    let body = json!({
        "external_id": "a/b", "type": "physical_room", "capacity": -1, "id": "5", "nmae": "x",
        "telephone": null,
    });
    let mut found = places(&check(&new_room(), &body));
    found.sort();
    let expected = [
        ("/capacity", "minimum"),
        ("/external_id", "identifier"),
        ("/id", "read-only"),
        ("/name", "required"),
        ("/nmae", "unknown-field"),
        ("/telephone", "null-not-allowed"),
        ("/type", "enum"),
    ]
    .map(|(place, code)| (place.to_owned(), code));
    assert_eq!(found, expected);
}

#[test]
fn sentences_name_the_limit_and_what_was_found() {
    for (changes, sentence) in [
        (
            json!({"capacity": -1}),
            "`capacity` must be at least 0, found the number `-1`",
        ),
        (
            json!({"capacity": 3_000_000_000_u64}),
            "`capacity` must be at most 2147483647, found the number `3000000000`",
        ),
        (
            json!({"capacity": 1.5}),
            "`capacity` must be an integer, found the number `1.5`",
        ),
        (
            json!({"capacity": "many"}),
            "`capacity` must be an integer, found the text `many`",
        ),
        (
            json!({"capacity": [1]}),
            "`capacity` must be an integer, found an array of 1 item",
        ),
        (
            json!({"capacity": true}),
            "`capacity` must be an integer, found `true`",
        ),
        (
            json!({"capacity": null}),
            "`capacity` must not be null; leave the field out, or give an integer",
        ),
        (
            json!({"name": null}),
            "`name` must not be null; it is required, so give a text",
        ),
        (
            json!({"name": ""}),
            "`name` must have at least 1 character, found 0",
        ),
        (
            json!({"name": {"a": 1}}),
            "`name` must be a text, found an object of 1 field",
        ),
        (
            json!({"type": "physical_room"}),
            "`type` must be `PHYSICAL_ROOM` or `EXTERNAL_PHYSICAL_ROOM`, found the text `physical_room`; did you mean `PHYSICAL_ROOM`?",
        ),
        (
            json!({"type": "CLOUD"}),
            "`type` must be `PHYSICAL_ROOM` or `EXTERNAL_PHYSICAL_ROOM`, found the text `CLOUD`",
        ),
        (
            json!({"contactEmail": "a@b"}),
            "`contactEmail` is not a known field; did you mean `contact_email`?",
        ),
        (
            json!({"_method": "DELETE"}),
            "`_method` is not a known field; known are `id`, `external_id`, `name`, `type`, `capacity`, `telephone`, `postal_code` or `contact_email`",
        ),
        (
            json!({"id": 5}),
            "`id` is read-only: it is set by the system that keeps it; leave it out",
        ),
        (
            json!({"contact_email": ""}),
            "`contact_email` must look like `name@host.example`, but it is empty; found an empty text",
        ),
        (
            json!({"type": "PHYSICAL_ROOM", "contact_email": "a@b"}),
            "`contact_email` is not allowed when `type` is `PHYSICAL_ROOM`",
        ),
    ] {
        assert_eq!(detail(changes), sentence);
    }
    assert!(
        detail(json!({"external_id": "a/b"}))
            .starts_with("`external_id` is refused: an identifier must not contain `/`")
    );
}

#[test]
fn a_missing_field_is_pointed_at_where_it_should_stand() {
    let schema = json!({"type": "object", "properties": {"a/b": {
        "type": "object", "required": ["c~d"], "properties": {"c~d": {"type": "string"}},
    }}});
    let found = only(&schema, &json!({"a/b": {}}));
    assert_eq!(
        found,
        (
            "/a~1b/c~0d".to_owned(),
            "required",
            "`c~d` is missing; it is required".to_owned()
        )
    );
}

#[test]
fn one_cause_is_told_once() {
    // Wrong type, not in the enum, and not allowed with that `type`: told as the last.
    let both = room(json!({"type": "PHYSICAL_ROOM", "contact_email": 5}));
    assert_eq!(only(&new_room(), &both).1, "not-allowed-when");
    let wrong_type = room(json!({"type": null}));
    assert_eq!(only(&new_room(), &wrong_type).1, "null-not-allowed");
    let schema = json!({"type": "object", "properties": {"a": {"const": 1, "type": "integer"}}});
    assert_eq!(only(&schema, &json!({"a": "x"})).1, "type");
}

#[test]
fn conditions_are_told_from_the_schema_or_from_the_body() {
    let forbid_b = |test: Value| {
        json!({"type": "object", "properties": {"a": {}, "b": {}, "c": {}}, "if": test,
            "then": {"properties": {"b": false}}})
    };
    let told = |test: Value, body: Value| only(&forbid_b(test), &body).2;
    assert_eq!(
        told(
            json!({"properties": {"a": {"enum": ["x", "y"]}}}),
            json!({"a": "x", "b": 1})
        ),
        "`b` is not allowed when `a` is `x` or `y`"
    );
    assert_eq!(
        told(
            json!({"properties": {"a": {"const": 5}, "c": {"const": true}}}),
            json!({"a": 5, "b": 1, "c": true})
        ),
        "`b` is not allowed when `a` is `5` and `c` is `true`"
    );
    assert_eq!(
        told(json!({"properties": {"a": {"const": 5}}}), json!({"b": 1})),
        "`b` is not allowed when `a` is left out"
    );
    assert_eq!(
        told(json!({"required": ["a"]}), json!({"a": 1, "b": 1})),
        "`b` is not allowed when `a` is present"
    );
    assert_eq!(
        told(
            json!({"properties": {"a": {"minimum": 3}}}),
            json!({"a": 4, "b": 1})
        ),
        "`b` is not allowed when `a` is the number `4`"
    );
    assert_eq!(
        told(json!({"type": "object"}), json!({"b": 1})),
        "`b` is not allowed when the other fields are as they are"
    );
}

#[test]
fn rules_behind_a_condition_name_it() {
    let schema = json!({"type": "array", "items": {
        "type": "object",
        "properties": {"then": {"type": "string"}, "n": {"type": "integer"}, "e": {"type": "string"}},
        "if": {"properties": {"then": {"const": "x"}}, "required": ["then"]},
        "then": {"required": ["e"], "properties": {"n": {"minimum": 3}}},
    }});
    let violations = check(&schema, &json!([{}, {"then": "x", "n": 1}]));
    let told: Vec<&str> = violations.iter().map(|v| v.detail.as_str()).collect();
    assert!(
        told.contains(&"`e` is missing; it is required when `then` is `x`"),
        "{told:?}"
    );
    assert!(
        told.contains(
            &"`n` must be at least 3, found the number `1`; this holds when `then` is `x`"
        ),
        "{told:?}"
    );
    assert_eq!(violations.total(), 2);
    // A property that is called `then` is no condition.
    assert_eq!(
        only(&schema, &json!([{"then": 5}])).2,
        "`then` must be a text, found the number `5`"
    );
}

#[test]
fn conditions_can_be_stacked_with_all_of() {
    let rule = |value: &str, name: &str| {
        json!({"if": {"properties": {"t": {"const": value}}, "required": ["t"]},
            "then": {"properties": {name: false}}})
    };
    let schema = json!({"type": "object", "properties": {"t": {}, "a": {}, "b": {}},
        "allOf": [rule("x", "a"), rule("y", "b")]});
    assert_eq!(
        only(&schema, &json!({"t": "y", "a": 1, "b": 1})),
        (
            "/b".to_owned(),
            "not-allowed-when",
            "`b` is not allowed when `t` is `y`".to_owned()
        )
    );
}

#[test]
fn items_and_maps_have_names_too() {
    let schema = json!({"type": "object", "properties": {
        "": {"type": "boolean"},
        "tags": {"type": "array", "minItems": 1, "maxItems": 2, "items": {"type": "string", "maxLength": 2}},
        "marks": {"type": "object", "additionalProperties": {"type": "integer"}, "minProperties": 1},
    }});
    for (body, place, sentence) in [
        (
            json!({"tags": ["a", 5]}),
            "/tags/1",
            "the item at index 1 must be a text, found the number `5`",
        ),
        (
            json!({"tags": ["abc"]}),
            "/tags/0",
            "the item at index 0 must have at most 2 characters, found 3",
        ),
        (
            json!({"": 1}),
            "/",
            "`` must be true or false, found the number `1`",
        ),
        (
            json!({"tags": [null]}),
            "/tags/0",
            "the item at index 0 must not be null; leave the item out, or give a text",
        ),
        (
            json!({"tags": []}),
            "/tags",
            "`tags` must have at least 1 item, found 0",
        ),
        (
            json!({"tags": ["", "", ""]}),
            "/tags",
            "`tags` must have at most 2 items, found 3",
        ),
        (
            json!({"marks": {"0": "x"}}),
            "/marks/0",
            "`0` must be an integer, found the text `x`",
        ),
        (
            json!({"marks": {"": "x"}}),
            "/marks/",
            "`` must be an integer, found the text `x`",
        ),
        (
            json!({"marks": {}}),
            "/marks",
            "`marks` must have at least 1 field, found 0",
        ),
        (
            json!([]),
            "",
            "the body must be an object, found an array of 0 items",
        ),
        (json!(null), "", "the body must not be null; send an object"),
    ] {
        let (found, _, told) = only(&schema, &body);
        assert_eq!((found.as_str(), told.as_str()), (place, sentence));
    }
}

#[test]
fn an_empty_patch_is_told_what_it_may_hold() {
    let schema = json!({"type": "object", "minProperties": 1, "additionalProperties": false,
        "properties": {"url": {"type": "string", "format": "http-url", "maxLength": 2048},
            "day_id": {"type": "string", "readOnly": true}}});
    assert_eq!(
        only(&schema, &json!({})).2,
        "the body must have at least 1 field, found 0"
    );
    assert_eq!(only(&schema, &json!({"day_id": null})).1, "read-only");
    assert_eq!(only(&schema, &json!({"url": null})).1, "null-not-allowed");
}

#[test]
fn read_only_fields_bind_answers_by_type_only() {
    let schema = json!({"type": "object", "required": ["id", "name"], "properties": {
        "id": {"type": "string", "readOnly": true}, "name": {"type": "string"},
    }});
    // In a request `id` may not stand, so it is not required either.
    assert!(check(&schema, &json!({"name": "x"})).is_empty());
    let answers = Validator::compile_for_answers(&schema).unwrap();
    assert!(answers.check(&json!({"id": "1", "name": "x"})).is_empty());
    assert_eq!(
        places(&answers.check(&json!({"id": 1}))),
        [("/name".to_owned(), "required"), ("/id".to_owned(), "type")]
    );
    assert_eq!(
        places(&answers.check(&json!({"name": "x"}))),
        [("/id".to_owned(), "required")]
    );
}

#[test]
fn a_nullable_field_may_be_null() {
    let schema = json!({"type": "object", "properties": {"c": {"type": ["string", "null"]}}});
    assert!(check(&schema, &json!({"c": null})).is_empty());
    assert_eq!(
        only(&schema, &json!({"c": 5})).2,
        "`c` must be a text or null, found the number `5`"
    );
}

#[test]
fn what_is_shown_is_short_and_prints() {
    let schema = json!({"type": "object", "additionalProperties": false,
        "properties": {"a": {"enum": ["x"]}}});
    let long = "é".repeat(1_000);
    let told = only(&schema, &json!({"a": long})).2;
    assert_eq!(
        told,
        format!("`a` must be `x`, found the text `{}…`", "é".repeat(60))
    );
    let told = only(&schema, &json!({"a": "\u{202e}\u{200b}\r\n\u{2028}"})).2;
    assert_eq!(
        told,
        "`a` must be `x`, found the text `\\u{202e}\\u{200b}\\r\\n\\u{2028}`"
    );
    let (place, _, told) = only(&schema, &json!({"k".repeat(5_000): 1}));
    assert_eq!(place, "");
    assert!(told.len() < 200, "{told}");
}

#[test]
fn a_hundred_are_listed_and_the_rest_is_counted() {
    let schema = json!({"type": "array", "items": {"type": "integer"}});
    let body = Value::from(vec!["x"; 250]);
    let violations = check(&schema, &body);
    assert_eq!(
        (violations.listed.len(), violations.more),
        (MAX_VIOLATIONS, 150)
    );
    assert_eq!(violations.total(), 250);
    assert!(violations.to_string().ends_with("; and 150 more"));
}
