//! Unified JSON to forms.

use serde_json::{Value, json};
use translate::{
    EncodeError, EncodeErrorKind as Kind, EncodeErrors, Encoder, Encoding, FormStyle, Shape,
    form_pairs,
};

use crate::shapes::*;

fn encoder(shape: Shape) -> Encoder {
    Encoder {
        encoding: Encoding::Form,
        root: None,
        shape,
        limit: 2 * 1024 * 1024,
    }
}

fn form(shape: Shape, value: &Value) -> String {
    String::from_utf8(encoder(shape).encode(value).unwrap()).unwrap()
}

fn errors(shape: Shape, value: &Value) -> Vec<(String, &'static str)> {
    match encoder(shape).encode(value) {
        Err(EncodeErrors::Values(errors)) => errors
            .into_iter()
            .map(|error| (error.pointer.clone(), error.code()))
            .collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_room_of_the_seed() {
    let shape = object([
        field("type", string()),
        field("external_id", string()),
        field("name", string()),
        field("capacity", integer()),
        field("telephone", string()),
        field("postal_code", string()).wire("postalCode"),
        field("province", string()),
        field("observations", string()),
    ]);
    // Given in another order: the schema's is the wire's.
    let room = json!({
        "province": "A Coruña", "telephone": "+34981523698", "postal_code": "007",
        "capacity": 100, "name": "50% & más =; 😀\r\n", "external_id": "pr001",
        "type": "EXTERNAL_PHYSICAL_ROOM", "observations": "",
    });
    assert_eq!(
        form(shape, &room),
        "type=EXTERNAL_PHYSICAL_ROOM&external_id=pr001\
         &name=50%25+%26+m%C3%A1s+%3D%3B+%F0%9F%98%80%0D%0A&capacity=100\
         &telephone=%2B34981523698&postalCode=007&province=A+Coru%C3%B1a&observations="
    );
}

#[test]
fn what_is_absent_or_unknown_to_the_shape_is_not_sent() {
    let shape = object([field("a", string()), field("b", string())]);
    assert_eq!(
        form(shape.clone(), &json!({"b": "1", "omitted": "2"})),
        "b=1"
    );
    assert_eq!(form(shape, &json!({})), "");
}

#[test]
fn arrays_repeat_and_maps_take_brackets() {
    let shape = object([
        field("days", array(integer()))
            .wire("day")
            .form(FormStyle::Repeat),
        field("names", map(string()))
            .wire("name")
            .form(FormStyle::Brackets),
        field("flag", boolean()),
        field("price", number()),
    ]);
    let value = json!({
        "days": [2, 1], "names": {"es": "a b", "gl&=": "ñ"}, "flag": false, "price": 1e-7,
    });
    assert_eq!(
        form(shape, &value),
        "day=2&day=1&name%5Bes%5D=a+b&name%5Bgl%26%3D%5D=%C3%B1&flag=false&price=0.0000001"
    );
}

#[test]
fn what_a_form_cannot_say_is_refused_all_at_once() {
    let shape = object([
        field("empty_list", array(string())).form(FormStyle::Repeat),
        field("empty_map", map(string())).form(FormStyle::Brackets),
        field("nested", object([field("a", string())])),
        field("undeclared", array(string())),
        field("deep", array(array(string()))).form(FormStyle::Repeat),
        field("nothing", nullable(string())),
        field("keys", map(string())).form(FormStyle::Brackets),
        field("id", string()).wire_integer(),
        field("count", integer()),
        field("list", array(string())).form(FormStyle::Repeat),
        field("swapped", map(string())).form(FormStyle::Repeat),
    ]);
    let value = json!({
        "empty_list": [], "empty_map": {}, "nested": {"a": "1"}, "undeclared": ["a"],
        "deep": [["a"]], "nothing": null, "keys": {"a]": "1", "": "2", "fine": 3},
        "id": "007", "count": 1.5, "list": "a", "swapped": {"a": "1"},
    });
    assert_eq!(
        errors(shape, &value),
        [
            ("/empty_list", "empty-not-representable"),
            ("/empty_map", "empty-not-representable"),
            ("/nested", "form-nested"),
            ("/undeclared", "form-nested"),
            ("/deep/0", "form-nested"),
            ("/nothing", "null-not-representable"),
            ("/keys/a]", "form-key"),
            ("/keys/", "form-key"),
            ("/keys/fine", "type"),
            ("/id", "not-wire-integer"),
            ("/count", "type"),
            ("/list", "type"),
            ("/swapped", "form-nested"),
        ]
        .map(|(pointer, code)| (pointer.to_owned(), code))
    );
}

#[test]
fn only_objects_are_forms() {
    assert_eq!(errors(room(), &json!([])), [(String::new(), "type")]);
    assert_eq!(
        errors(string(), &json!("a")),
        [(String::new(), "form-nested")]
    );
}

#[test]
fn the_limit_counts_encoded_bytes() {
    let mut encoder = encoder(object([field("a", string())]));
    encoder.limit = 8;
    assert_eq!(encoder.encode(&json!({"a": "ñ"})), Ok(b"a=%C3%B1".to_vec()));
    let refused = encoder.encode(&json!({"a": "ñx"}));
    assert_eq!(refused, Err(EncodeErrors::TooLarge { limit: 8 }));
}

#[test]
fn pairs_are_not_encoded_yet() {
    let ids = field("ids", array(string()))
        .wire("id")
        .form(FormStyle::Repeat);
    let pair = |value: &str| ("id".to_owned(), value.to_owned());
    assert_eq!(
        form_pairs(&ids, &json!(["a b", "+"])),
        Ok(vec![pair("a b"), pair("+")])
    );
    let error = EncodeError {
        pointer: "/ids/1".to_owned(),
        kind: Kind::WrongType {
            expected: "a string",
            found: "a number",
        },
    };
    assert_eq!(form_pairs(&ids, &json!(["a", 1])), Err(vec![error]));
}

#[test]
fn messages_say_what_to_do() {
    let refused =
        encoder(object([field("id", string()).wire_integer()])).encode(&json!({"id": "x"}));
    let refused = refused.unwrap_err();
    assert_eq!(
        refused.to_string(),
        "one value of the request cannot be sent to the vendor"
    );
    let EncodeErrors::Values(errors) = refused else {
        panic!()
    };
    assert_eq!(
        errors[0].to_string(),
        "`/id` must be a whole number of 1 to 18 digits without leading zeros, since the vendor takes an integer"
    );
}
