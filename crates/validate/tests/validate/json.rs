use serde_json::{Value, json};
use validate::{JsonBody, JsonError, MAX_DEPTH};

use crate::support::{accepted, places, refused};

fn malformed(bytes: &[u8]) -> (usize, usize, String) {
    match JsonBody::parse(bytes) {
        Err(JsonError::Malformed {
            line,
            column,
            detail,
        }) => (line, column, detail),
        other => panic!("{other:?}"),
    }
}

fn refusal(text: &str) -> JsonError {
    JsonBody::parse(text.as_bytes()).unwrap_err()
}

#[test]
fn reads_every_kind_of_value() {
    let value = accepted(
        " {\"a\" : [ null , true,false , -7 ,1.5, \"x\\n\\u00f1\\uD83D\\ude00\\/\\\\\\\"\" ],\r\n\t\"b\":{} , \"c\":[]} ",
    );
    assert_eq!(
        value,
        json!({"a": [null, true, false, -7, 1.5, "x\nñ😀/\\\""], "b": {}, "c": []})
    );
}

#[test]
fn keeps_the_order_of_members() {
    let text = r#"{"z":1,"a":2,"m":3}"#;
    assert_eq!(serde_json::to_string(&accepted(text)).unwrap(), text);
}

#[test]
fn says_where_a_text_stops_being_json() {
    for (text, line, column, detail) in [
        ("", 1, 1, "the body is empty; send a JSON value"),
        (" \n", 1, 1, "the body is empty; send a JSON value"),
        ("{\"ñ\": x}", 1, 7, "expected value, found `x`"),
        (
            "{\n  \"a\": 1,\n}",
            3,
            1,
            "a comma stands before the closing bracket; remove it",
        ),
        (
            "[1,]",
            1,
            4,
            "a comma stands before the closing bracket; remove it",
        ),
        ("[,]", 1, 2, "expected value, found `,`"),
        ("{'a': 1}", 1, 2, "key must be a string, found `'`"),
        ("1 2", 1, 3, "trailing characters, found `2`"),
        (
            "[1, 2",
            1,
            6,
            "the text ends too early (EOF while parsing a list)",
        ),
        ("[01]", 1, 3, "invalid number, found `1`"),
        ("[1.]", 1, 4, "invalid number, found `]`"),
        ("NaN", 1, 1, "expected value, found `N`"),
        (r#"["\x"]"#, 1, 4, "invalid escape, found `x`"),
        (
            "[\"ab\u{1}c\"]",
            1,
            5,
            "a control character stands inside a text, found `\\u{1}`; write it as an escape",
        ),
        (
            "\u{feff}{}",
            1,
            1,
            "the text starts with a byte order mark; send JSON without one",
        ),
    ] {
        assert_eq!(
            malformed(text.as_bytes()),
            (line, column, detail.to_owned()),
            "{text:?}"
        );
    }
}

#[test]
fn refuses_what_is_not_utf8() {
    let (line, column, detail) = malformed(b"{\n\"n\xc3\xb1\": \"Coru\xf1a\"}");
    assert_eq!((line, column), (2, 12));
    assert_eq!(detail, "the byte 0xF1 is not UTF-8; send the body in UTF-8");
    let utf16 = "{}".encode_utf16().flat_map(u16::to_le_bytes);
    assert!(JsonBody::parse(&utf16.collect::<Vec<_>>()).is_err());
}

#[test]
fn refuses_a_key_that_stands_twice_however_it_is_spelled() {
    let twice = |pointer: &str, key: &str| JsonError::DuplicateKey {
        pointer: pointer.to_owned(),
        key: key.to_owned(),
    };
    assert_eq!(refusal(r#"{"a":1,"a":1}"#), twice("", "a"));
    assert_eq!(refusal(r#"{"a":1,"\u0061":2}"#), twice("", "a"));
    assert_eq!(refusal(r#"{"é":1,"\u00e9":2}"#), twice("", "é"));
    assert_eq!(refusal(r#"{"x/y":[{"":0,"":0}]}"#), twice("/x~1y/0", ""));
    assert_eq!(
        refusal(r#"{"x":{"a":1,"a":2}}"#).to_string(),
        "the object at `/x` holds the key `a` twice; send it once"
    );
    // NFC and NFD are two keys, and one key in two objects is none twice.
    accepted("{\"\u{e9}\":1,\"e\u{301}\":2}");
    accepted(r#"[{"a":1},{"a":1}]"#);
}

#[test]
fn refuses_more_than_64_levels() {
    let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    assert_eq!(MAX_DEPTH, 64);
    accepted(&nested(64));
    assert_eq!(
        refusal(&nested(65)),
        JsonError::TooDeep {
            pointer: "/0".repeat(64),
            limit: 64
        }
    );
    let objects = format!("{}0{}", r#"{"a":"#.repeat(64), "}".repeat(64));
    accepted(&objects);
    assert!(matches!(
        refusal(&format!("[{objects}]")),
        JsonError::TooDeep { .. }
    ));
}

#[test]
fn integers_keep_their_value_in_any_spelling() {
    for (text, value) in [
        ("0", json!(0)),
        ("-0", json!(0)),
        ("-0.0", json!(0)),
        ("0e999999999999999999999", json!(0)),
        ("1.0", json!(1)),
        ("1e2", json!(100)),
        ("1E+2", json!(100)),
        ("12.50e1", json!(125)),
        ("100e-2", json!(1)),
        ("-2.5e1", json!(-25)),
        ("9007199254740993", json!(9_007_199_254_740_993_u64)),
        ("9007199254740993.0", json!(9_007_199_254_740_993_u64)),
        ("18446744073709551615", json!(u64::MAX)),
        ("-9223372036854775808", json!(i64::MIN)),
    ] {
        let read = accepted(text);
        assert_eq!(read, value, "{text}");
        assert!(read.is_i64() || read.is_u64(), "{text} became {read:?}");
    }
}

#[test]
fn fractions_keep_their_digits() {
    for text in [
        "0.1",
        // One of two texts of 17 digits that name this double: the one that is written.
        "1108637566808794.2",
        "-1.5",
        "1e-7",
        "5e-324",
        "1.7976931348623157e-300",
        "0.30000000000000004",
    ] {
        let value = accepted(text).as_f64().unwrap();
        assert_eq!(value, text.parse::<f64>().unwrap(), "{text}");
    }
}

#[test]
fn numbers_that_would_be_rounded_are_refused() {
    for text in [
        "1e400",
        "-1e400",
        "18446744073709551616",
        "-9223372036854775809",
        "1e20",
        "1e9223372036854775808",
        "0.1000000000000000055511151231257827",
        "9007199254740992.5",
        "1e-400",
        "1e-99999999999999999999",
    ] {
        let violations = refused(&format!(r#"{{"a":[{text}]}}"#));
        assert_eq!(
            places(&violations),
            [("/a/0".to_owned(), "number-out-of-range")],
            "{text}"
        );
    }
    let digits = "1".repeat(400);
    let violations = refused(&digits);
    assert_eq!(
        violations.listed[0].detail,
        format!(
            "the body: the number `{}…` does not fit in 64 bits (-9223372036854775808 to 18446744073709551615)",
            "1".repeat(60)
        )
    );
}

#[test]
fn lone_surrogates_are_named_with_their_place() {
    let violations =
        refused(r#"{"a":"x\ud800y","b":["\udc00\udc00"],"c\uDBFFd":1,"e":"\ud83d\ude00"}"#);
    assert_eq!(
        places(&violations),
        [
            ("/a".to_owned(), "lone-surrogate"),
            ("/b/0".to_owned(), "lone-surrogate"),
            (String::new(), "lone-surrogate"),
        ]
    );
    let details: Vec<&str> = violations.iter().map(|v| v.detail.as_str()).collect();
    assert_eq!(
        details[0],
        "`a` holds half of a surrogate pair, `\\ud800`, which is no character; send both halves or neither"
    );
    assert!(
        details[1].starts_with(
            "the item at index 0 holds half of a surrogate pair, `\\udc00` (and 1 more)"
        ),
        "{}",
        details[1]
    );
    assert!(
        details[2].starts_with("a key (`c\u{fffd}d`)"),
        "{}",
        details[2]
    );
    // A high half, then a whole pair; a high half, then an escape that is none.
    assert_eq!(refused(r#""\ud800\ud83d\ude00""#).total(), 1);
    assert_eq!(refused(r#""\ud800\u0041""#).total(), 1);
    assert_eq!(refused(r#""\ud800\n""#).total(), 1);
    assert_eq!(refused(r#""\ud800""#).total(), 1);
}

#[test]
fn control_characters_are_named_with_their_place() {
    let violations = refused(
        "{\"a\":\"x\\u0000\\u0001\",\"b\":{\"c\\u0007\":0},\"d\":\"\\u007f\",\"e\":\"\u{85}\",\"f\":\"\\b\",\"g\":\"\\f\"}",
    );
    assert_eq!(
        places(&violations),
        ["/a", "/b", "/d", "/e", "/f", "/g"].map(|at| (at.to_owned(), "control-character"))
    );
    assert_eq!(
        violations.listed[0].detail,
        "`a` holds the control character U+0000 at character 2 (and 1 more); remove it"
    );
    assert_eq!(
        violations.listed[1].detail,
        "a key (`c\\u{7}`) holds the control character U+0007 at character 2; remove it"
    );
    assert_eq!(accepted(r#""\t\n\r""#), json!("\t\n\r"));
}

#[test]
fn all_bad_values_are_reported_at_once_and_structure_comes_first() {
    let violations = refused(r#"["\u0000\ud800", 1e400, "\u0001"]"#);
    assert_eq!(
        places(&violations),
        [
            ("/0".to_owned(), "lone-surrogate"),
            ("/0".to_owned(), "control-character"),
            ("/1".to_owned(), "number-out-of-range"),
            ("/2".to_owned(), "control-character"),
        ]
    );
    assert!(matches!(
        refusal(r#"{"a":"\u0000","b":1,"b":2}"#),
        JsonError::DuplicateKey { .. }
    ));
}

#[test]
fn an_error_is_a_list_for_a_problem_too() {
    let listed = |text: &str| places(&refusal(text).into_violations());
    assert_eq!(
        listed(r#"{"a":{"b":1,"b":2}}"#),
        [("/a".to_owned(), "duplicate-key")]
    );
    assert_eq!(listed(&"[".repeat(70)), []);
    let deep = format!("{}{}", "[".repeat(65), "]".repeat(65));
    assert_eq!(listed(&deep), [("/0".repeat(64), "too-deep")]);
    assert_eq!(listed("1e400"), [(String::new(), "number-out-of-range")]);
}

#[test]
fn the_value_can_be_borrowed_and_taken() {
    let body = JsonBody::parse(b"[1]").unwrap();
    assert_eq!(body.flat().to_value(), json!([1]));
    assert_eq!(body.into_value(), Value::from(vec![1]));
}

#[test]
fn bad_texts_and_the_schema_are_told_at_once() {
    let schema = serde_json::json!({
        "type": "object", "additionalProperties": false, "required": ["name"],
        "properties": {"name": {"type": "string"}, "city": {"type": "string"}, "capacity": {"type": "integer"}},
    });
    let validator = validate::Validator::compile(&schema).unwrap();
    let body = br#"{"capacity": 1e400, "city": "a\u0000", "foo": 1}"#;
    let error = validate::JsonBody::parse_for(body.to_vec(), &validator).unwrap_err();
    assert_eq!(error.body, None);
    let found: Vec<_> = error
        .error
        .into_violations()
        .into_iter()
        .map(|one| (one.at.to_string(), one.code))
        .collect();
    let expected = [
        ("/capacity", "number-out-of-range"),
        ("/city", "control-character"),
        ("/name", "required"),
        ("/foo", "unknown-field"),
    ];
    assert_eq!(found.len(), expected.len(), "{found:?}");
    for (at, code) in expected {
        assert!(found.contains(&(at.to_owned(), code)), "{found:?}");
    }
}
