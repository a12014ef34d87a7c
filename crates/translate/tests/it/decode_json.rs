//! A vendor's JSON to unified JSON.

use serde_json::{Value, json};
use translate::{Encoding, Mismatch, Shape};

use crate::read::{Decoded, Document, decode};
use crate::shapes::*;

fn decoded(shape: &Shape, at: &[Vec<String>], text: &str) -> Result<Decoded, Mismatch> {
    let document = Document::parse(Encoding::Json, Some("application/json"), text.as_bytes())?;
    decode(&document, at, shape)
}

fn value(shape: &Shape, text: &str) -> Value {
    decoded(shape, &[], text).unwrap().value
}

/// Where, what was expected, what was found.
fn mismatch(shape: &Shape, text: &str) -> (String, String, String) {
    let mismatch = decoded(shape, &[], text).unwrap_err();
    (mismatch.at, mismatch.expected, mismatch.found)
}

fn told(at: &str, expected: &str, found: &str) -> (String, String, String) {
    (at.to_owned(), expected.to_owned(), found.to_owned())
}

#[test]
fn a_room_arrives_in_our_names_and_order() {
    let text = r#"{"postalCode":"007","id":2145,"new":{"x":[1]},"name":"Coru\u00f1a","capacity":"100","other":1}"#;
    let decoded = decoded(&room(), &[], text).unwrap();
    assert_eq!(
        decoded.value.to_string(),
        r#"{"id":"2145","name":"Coruña","capacity":100,"postal_code":"007"}"#
    );
    assert_eq!(decoded.unknown_fields, 2);
}

#[test]
fn long_ids_survive() {
    for id in [
        "123456789012345678",
        "123456789012345678901234567890",
        "-0",
        "007",
    ] {
        let text = if id == "007" {
            format!("{{\"id\":\"{id}\"}}")
        } else {
            format!("{{\"id\":{id}}}")
        };
        assert_eq!(value(&room(), &text), json!({"id": id}));
    }
}

#[test]
fn null_is_absence_except_where_a_value_must_be() {
    let shape = object([
        field("a", string()),
        field("b", nullable(string())),
        field("c", nullable(string())).required(),
        field("list", array(nullable(integer()))),
    ]);
    let text = r#"{"a":null,"b":null,"c":null,"list":[1,null]}"#;
    assert_eq!(value(&shape, text), json!({"c": null, "list": [1, null]}));
    assert_eq!(
        value(&shape, "{}"),
        json!({"c": null}),
        "absence, spelled as the schema wants"
    );
    assert_eq!(value(&nullable(string()), "null"), Value::Null);
    assert_eq!(
        mismatch(&room(), r#"{"id":null}"#),
        told("/id", "a string", "null")
    );
    assert_eq!(
        mismatch(&array(string()), "[null]"),
        told("/0", "a string", "null")
    );
}

#[test]
fn other_types_are_mismatches() {
    let date = object([field("at", date_time())]);
    for (shape, text, at, expected, found) in [
        (room(), r#"{"id":1.5}"#, "/id", "a string", "a number"),
        (room(), r#"{"id":1e2}"#, "/id", "a string", "a number"),
        (room(), r#"{"id":true}"#, "/id", "a string", "a boolean"),
        (room(), r#"{"id":{}}"#, "/id", "a string", "an object"),
        (room(), r#"{"id":[]}"#, "/id", "a string", "an array"),
        (room(), r#"{"id":["1"]}"#, "/id", "a string", "an array"),
        (room(), "{}", "/id", "a string", "nothing"),
        (room(), "[]", "", "an object", "an array"),
        (array(room()), r#"{"id":1}"#, "", "an array", "an object"),
        (
            array(room()),
            r#"[{"id":1},{"id":1,"capacity":"many"}]"#,
            "/1/capacity",
            "an integer",
            "a string",
        ),
        (
            integer(),
            "9223372036854775808",
            "",
            "an integer",
            "a number",
        ),
        (integer(), "1.5", "", "an integer", "a number"),
        (number(), "\"1,5\"", "", "a number", "a string"),
        (number(), "true", "", "a number", "a boolean"),
        (boolean(), "2", "", "a boolean", "a number"),
        (
            map(integer()),
            r#"{"a":"x"}"#,
            "/a",
            "an integer",
            "a string",
        ),
        (
            date,
            r#"{"at":"2023-03-31 10:00:00"}"#,
            "/at",
            "an RFC 3339 date-time with an offset",
            "a string",
        ),
    ] {
        assert_eq!(mismatch(&shape, text), told(at, expected, found), "{text}");
    }
}

#[test]
fn the_excerpt_is_the_value_that_is_wrong() {
    let wrong = decoded(&room(), &[], "{\"id\":1,\"capacity\":\"vari\\nas\"}").unwrap_err();
    assert_eq!(wrong.excerpt, "vari\\nas");
    let missing = decoded(&room(), &[], r#"{"name":"x"}"#).unwrap_err();
    assert_eq!(missing.excerpt, r#"{\"name\":\"x\"}"#);
}

#[test]
fn a_key_of_the_vendor_is_cut_where_it_names_a_place() {
    let text = format!("{{\"{}\":\"x\"}}", "k".repeat(10_000));
    assert_eq!(mismatch(&map(integer()), &text).0.len(), 65);
}

#[test]
fn places_are_tried_in_order() {
    let at = [path("response/day"), path("response"), Vec::new()];
    for text in [
        r#"{"response":{"day":{"dayId":"d"}}}"#,
        r#"{"response":{"dayId":"d"}}"#,
        r#"{"dayId":"d"}"#,
    ] {
        assert_eq!(
            decoded(&day(), &at, text).unwrap().value,
            json!({"day_id": "d"})
        );
    }
    let wrong = decoded(&day(), &at[..1], r#"{"response":[]}"#).unwrap_err();
    assert_eq!(wrong.expected, "`response/day`");
    let wrong = decoded(&day(), &at, r#"{"response":{"dayId":[]}}"#).unwrap_err();
    assert_eq!(wrong.at, "/response/dayId");
}

#[test]
fn what_is_not_json_is_refused() {
    for text in [
        "",
        " ",
        "{",
        "[1,]",
        "{\"a\":1,}",
        "{a:1}",
        "{\"a\" 1}",
        "[1 2]",
        "01",
        "+1",
        "1.",
        ".5",
        "1e",
        "-",
        "nul",
        "truex",
        "'a'",
        "\"a",
        "\"\t\"",
        "\"\\x\"",
        "\"\\ud800\"",
        "\"\\udc00\\ud800\"",
        "[] []",
        "{}x",
        "NaN",
        "[1]]",
        "\"\\",
        "// c\n1",
        "<a/>",
        "\u{a0}1",
    ] {
        let document = Document::parse(Encoding::Json, None, text.as_bytes());
        assert!(document.is_err(), "{text:?}");
    }
    for text in [
        "{\"a\":1,\"a\":1}",
        r#"{"a":1,"\u0061":2}"#,
        r#"[{"b":{"é":1,"é":1}}]"#,
    ] {
        let wrong = Document::parse(Encoding::Json, None, text.as_bytes()).unwrap_err();
        assert_eq!(wrong.expected, "members with different names", "{text}");
    }
}

/// An own reader against serde_json's, on texts that both understand alike.
mod oracle {
    use proptest::prelude::*;

    use super::*;

    /// An exponent is closed by a blank: serde_json also refuses numbers that no double holds.
    fn texts() -> impl Strategy<Value = String> {
        let token = prop_oneof![
            Just("{"),
            Just("}"),
            Just("["),
            Just("]"),
            Just(","),
            Just(":"),
            Just("\"a\""),
            Just("\"b\\n\""),
            Just("\"\\u00e9ñ\""),
            Just("1"),
            Just("-0.5e+3 "),
            Just("01"),
            Just("true"),
            Just("null"),
            Just(" "),
            Just("\""),
            Just("\\"),
            Just("\\ud83d\\ude00"),
            Just("😀"),
            Just("\n"),
        ];
        proptest::collection::vec(token, 0..12).prop_map(|tokens| tokens.concat())
    }

    fn json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 5, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                proptest::collection::btree_map(any::<String>(), inner, 0..5)
                    .prop_map(|members| members.into_iter().collect()),
            ]
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn the_same_texts_are_json(text in texts()) {
            let ours = Document::parse(Encoding::Json, None, text.as_bytes());
            let theirs = serde_json::from_str::<Value>(&text);
            let twice = ours.as_ref().is_err_and(|m| m.expected == "members with different names");
            prop_assert!(twice || ours.is_ok() == theirs.is_ok(), "{text:?} {ours:?} {theirs:?}");
        }

        #[test]
        fn maps_of_strings_are_read_alike(members in proptest::collection::btree_map(any::<String>(), any::<String>(), 0..5)) {
            let expected: Value = members.into_iter().map(|(key, value)| (key, Value::from(value))).collect();
            prop_assert_eq!(value(&map(string()), &expected.to_string()), expected);
        }

        #[test]
        fn every_json_value_is_read(value in json()) {
            let text = serde_json::to_string_pretty(&value).unwrap();
            prop_assert!(Document::parse(Encoding::Json, None, text.as_bytes()).is_ok());
        }
    }
}
