//! Unified JSON to a vendor's JSON.

use serde_json::{Value, json};
use translate::{EncodeErrors, Encoder, Encoding, Shape};

use crate::shapes::*;

fn encode(shape: Shape, value: &Value) -> Result<String, Vec<(String, &'static str)>> {
    let encoder = Encoder {
        encoding: Encoding::Json,
        root: None,
        shape,
        limit: 1000,
    };
    match encoder.encode(value) {
        Ok(bytes) => Ok(String::from_utf8(bytes).unwrap()),
        Err(EncodeErrors::Values(errors)) => Err(errors
            .into_iter()
            .map(|error| (error.pointer.clone(), error.code()))
            .collect()),
        Err(other) => panic!("{other:?}"),
    }
}

#[test]
fn wire_names_in_the_order_of_the_schema() {
    let shape = object([
        field("name", string()),
        field("postal_code", string()).wire("postalCode"),
        field("rooms", array(room())),
        field("labels", map(integer())),
        field("gone", nullable(string())),
    ]);
    let value = json!({
        "gone": null, "labels": {"ñ": 1.0}, "rooms": [{"postal_code": "007", "id": "7"}],
        "postal_code": "15008", "unknown": 1, "name": "\"\u{0}\r",
    });
    assert_eq!(
        encode(shape, &value).unwrap(),
        r#"{"name":"\"\u0000\r","postalCode":"15008","rooms":[{"id":7,"postalCode":"007"}],"labels":{"ñ":1},"gone":null}"#
    );
}

#[test]
fn a_wire_integer_is_a_number_by_its_lexeme() {
    let shape = object([field("ids", array(string())).wire_integer()]);
    let value = json!({"ids": ["0", "123456789012345678"]});
    assert_eq!(
        encode(shape.clone(), &value).unwrap(),
        r#"{"ids":[0,123456789012345678]}"#
    );
    let value = json!({"ids": ["007", "1234567890123456789", "-1", "1", ""]});
    assert_eq!(
        encode(shape, &value).unwrap_err(),
        ["/ids/0", "/ids/1", "/ids/2", "/ids/4"].map(|at| (at.to_owned(), "not-wire-integer"))
    );
}

#[test]
fn wrong_types_are_refused() {
    let shape = object([
        field("a/b", string()),
        field("list", array(integer())),
        field("map", map(boolean())),
        field("object", object([])),
    ]);
    let value = json!({"a/b": null, "list": [1, 1.5, null], "map": [], "object": "x"});
    assert_eq!(
        encode(shape, &value).unwrap_err(),
        ["/a~1b", "/list/1", "/list/2", "/map", "/object"].map(|at| (at.to_owned(), "type"))
    );
}
