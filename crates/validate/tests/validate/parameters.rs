use serde_json::{Value, json};
use validate::Validator;

use crate::support::places;

fn read(schema: Value, raw: &str) -> Result<Value, (&'static str, String)> {
    Validator::compile(&schema)
        .unwrap()
        .check_parameter("p", raw)
        .map_err(|violations| {
            assert_eq!(violations.total(), 1, "{violations}");
            assert_eq!(places(&violations)[0].0, "?p");
            (
                violations.listed[0].code,
                violations.listed[0].detail.clone(),
            )
        })
}

fn code(schema: Value, raw: &str) -> &'static str {
    match read(schema, raw) {
        Err((code, _)) => code,
        Ok(value) => panic!("{raw:?} passed as {value}"),
    }
}

#[test]
fn integers_have_one_spelling() {
    let integer = || json!({"type": "integer"});
    for (raw, value) in [
        ("0", json!(0)),
        ("500", json!(500)),
        ("-7", json!(-7)),
        ("18446744073709551615", json!(u64::MAX)),
    ] {
        assert_eq!(read(integer(), raw), Ok(value));
    }
    for raw in [
        "", "-", "+5", " 5", "5 ", "05", "-05", "-0", "00", "5.0", "1e2", "0x5", "٥", "５", "5,0",
    ] {
        assert_eq!(code(integer(), raw), "type", "{raw:?}");
    }
    assert_eq!(
        code(integer(), "18446744073709551616"),
        "number-out-of-range"
    );
    assert_eq!(code(integer(), &"9".repeat(10_000)), "number-out-of-range");
    assert_eq!(
        read(integer(), "abc").unwrap_err().1,
        "`p` must be an integer, in digits without `+`, blanks or leading zeros, found the text `abc`"
    );
}

#[test]
fn the_schema_is_checked_after_the_conversion() {
    let limit = || json!({"type": "integer", "minimum": 1, "maximum": 500});
    assert_eq!(
        read(limit(), "501"),
        Err((
            "maximum",
            "`p` must be at most 500, found the number `501`".to_owned()
        ))
    );
    assert_eq!(code(limit(), "0"), "minimum");
    let id = || json!({"type": "string", "pattern": "^[0-9]{1,19}$"});
    assert_eq!(read(id(), "007"), Ok(json!("007")));
    assert_eq!(
        read(id(), "12x"),
        Err((
            "pattern",
            "`p` must match the pattern `^[0-9]{1,19}$`, found the text `12x`".to_owned()
        ))
    );
    // As ECMA-262 has it, `\\d` is 0 to 9, not every digit of Unicode.
    assert_eq!(
        code(json!({"type": "string", "pattern": "^\\d+$"}), "٥"),
        "pattern"
    );
    // `$` is the end of the text, not the end of a line.
    assert_eq!(code(id(), "12\n"), "pattern");
}

#[test]
fn other_types() {
    assert_eq!(read(json!({"type": "boolean"}), "true"), Ok(json!(true)));
    assert_eq!(code(json!({"type": "boolean"}), "TRUE"), "type");
    assert_eq!(code(json!({"type": "boolean"}), "1"), "type");
    assert_eq!(read(json!({"type": "number"}), "-1.5e1"), Ok(json!(-15)));
    assert_eq!(read(json!({"type": "number"}), "0.25"), Ok(json!(0.25)));
    for raw in ["", " 1", "1 ", "1\n", ".5", "NaN", "[1]", "\"1\""] {
        assert_eq!(code(json!({"type": "number"}), raw), "type", "{raw:?}");
    }
    assert_eq!(
        code(json!({"type": "number"}), "1e400"),
        "number-out-of-range"
    );
    assert_eq!(read(json!({"type": "string"}), ""), Ok(json!("")));
    assert_eq!(read(json!({"type": "string"}), "1"), Ok(json!("1")));
    assert_eq!(
        read(json!({"type": ["integer", "null"]}), "1"),
        Ok(json!(1))
    );
    assert_eq!(read(json!({"enum": ["a"]}), "a"), Ok(json!("a")));
    assert_eq!(code(json!({"type": "object"}), "{}"), "type");
}

#[test]
fn an_identifier_in_a_path_is_held_to_the_same_rules() {
    let id = || json!({"type": "string", "format": "identifier"});
    assert_eq!(read(id(), "a;b %"), Ok(json!("a;b %")));
    assert_eq!(code(id(), "..%2fx"), "identifier");
    assert_eq!(code(id(), ""), "identifier");
    assert_eq!(code(id(), "a\tb"), "identifier");
}

#[test]
fn control_characters_never_pass() {
    assert_eq!(
        read(json!({"type": "string"}), "a\0b"),
        Err((
            "control-character",
            "`p` holds the control character U+0000 at character 2; remove it".to_owned()
        ))
    );
    assert_eq!(read(json!({"type": "string"}), "a\tb"), Ok(json!("a\tb")));
}

#[test]
fn lists_take_every_value_and_scalars_only_one() {
    let list = Validator::compile(
        &json!({"type": "array", "maxItems": 2, "items": {"type": "integer", "minimum": 1}}),
    )
    .unwrap();
    assert_eq!(
        list.check_parameter_list("n", &["1", "2"]),
        Ok(json!([1, 2]))
    );
    assert_eq!(list.check_parameter("n", "1"), Ok(json!([1])));
    let violations = list
        .check_parameter_list("n", &["x", "2", "y"])
        .unwrap_err();
    assert_eq!(
        places(&violations),
        [("?n".to_owned(), "type"), ("?n".to_owned(), "type")]
    );
    let violations = list.check_parameter_list("n", &["1", "0"]).unwrap_err();
    assert_eq!(
        violations.listed[0].detail,
        "the value at index 1 of `n` must be at least 1, found the number `0`"
    );
    let single = Validator::compile(&json!({"type": "string"})).unwrap();
    let violations = single.check_parameter_list("n", &["a", "b"]).unwrap_err();
    assert_eq!(
        violations.listed[0].detail,
        "`n` must be given once, found 2 values"
    );
}
