//! The tables of docs/contract.md, "What an answer may hold instead": each cell is a case.

use serde_json::{Value, json};
use translate::{Encoding, Mismatch, Shape};

use crate::read::{Decoded, Document, decode};
use crate::shapes::*;

/// The columns, in their order.
fn shapes() -> [Shape; 9] {
    let list = named_array(integer(), Some("a"));
    [
        string(),
        date_time(),
        integer(),
        number(),
        boolean(),
        object([field("a", integer())]),
        object([field("a", integer()).required()]),
        list,
        map(integer()),
    ]
}

#[derive(Debug, Clone, PartialEq)]
struct Expected {
    /// In a place that may be empty: `None` is a violation, `Some(None)` absence.
    optional: Option<Option<Value>>,
    /// In a place that may not.
    required: Option<Value>,
    counted: bool,
}

fn expected(cell: &str) -> Expected {
    let (cell, counted) = match cell.strip_suffix('*') {
        Some(cell) => (cell, true),
        None => (cell, false),
    };
    let value = |text: &str| -> Value {
        let text = text.trim().trim_matches('`');
        serde_json::from_str(text).unwrap_or_else(|error| panic!("{text}: {error}"))
    };
    let (optional, required) = match cell.split_once(" / ") {
        Some(("absent", other)) => (Some(None), Some(value(other))),
        Some(_) => panic!("{cell}"),
        None if cell == "–" => (None, None),
        None if cell == "absent" => (Some(None), None),
        None => (Some(Some(value(cell))), Some(value(cell))),
    };
    Expected {
        optional,
        required,
        counted,
    }
}

/// The rows below the header that begins with `name`: what came, and nine cells.
fn rows(name: &str) -> Vec<(String, Vec<String>)> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/contract.md");
    let page = std::fs::read_to_string(path).unwrap();
    let start = format!("| {name} | text |");
    let rows: Vec<_> = page
        .lines()
        .skip_while(|line| !line.starts_with(&start))
        .skip(2)
        .take_while(|line| line.starts_with('|'))
        .map(|line| {
            let cells = line.trim_matches('|').split(" | ");
            let mut cells = cells.map(|cell| cell.trim().to_owned());
            (cells.next().unwrap(), cells.collect::<Vec<_>>())
        })
        .collect();
    assert!(rows.len() >= 15 && rows.iter().all(|(_, cells)| cells.len() == 9));
    rows
}

fn read(encoding: Encoding, shape: &Shape, text: &str) -> Result<Decoded, Mismatch> {
    let document = Document::parse(encoding, None, text.as_bytes())?;
    decode(&document, &[], shape)
}

/// What was read of one place, and whether it was counted.
fn told(decoded: Result<Decoded, Mismatch>) -> Option<(Value, bool)> {
    let decoded = decoded.ok()?;
    assert!(decoded.lenient_values <= 1 && decoded.unknown_fields == 0);
    Some((decoded.value, decoded.lenient_values == 1))
}

#[test]
fn what_json_may_hold_instead() {
    for (came, cells) in rows("JSON") {
        let came = came.trim_matches('`');
        for (shape, cell) in shapes().iter().zip(&cells) {
            let expected = expected(cell);
            let what = format!("{came} as {shape:?}: {cell}");
            let only_if_required = cell.contains('/');
            let in_object = format!("{{\"v\":{came}}}");

            let optional = object([field("v", shape.clone())]);
            let right = expected.optional.clone().map(|value| {
                let counted = expected.counted && !only_if_required;
                (
                    value.map_or(json!({}), |value| json!({"v": value})),
                    counted,
                )
            });
            assert_eq!(
                told(read(Encoding::Json, &optional, &in_object)),
                right,
                "{what}"
            );

            let required = object([field("v", shape.clone()).required()]);
            let there = expected
                .required
                .clone()
                .map(|value| (value, expected.counted));
            let right = there
                .clone()
                .map(|(value, counted)| (json!({"v": value}), counted));
            assert_eq!(
                told(read(Encoding::Json, &required, &in_object)),
                right,
                "{what}"
            );
            assert_eq!(told(read(Encoding::Json, shape, came)), there, "{what}");
            let right = there.map(|(value, counted)| (json!([value]), counted));
            let items = array(shape.clone());
            let in_array = format!("[{came}]");
            assert_eq!(
                told(read(Encoding::Json, &items, &in_array)),
                right,
                "{what}"
            );

            // Null where the type names it, and no entry of a map.
            let absent = expected.optional == Some(None);
            if absent {
                let shape = nullable(shape.clone());
                let required = object([field("v", shape.clone()).required()]);
                let read_null = read(Encoding::Json, &required, &in_object).unwrap();
                assert_eq!(read_null.value, json!({"v": null}), "{what}");
                let entry = read(Encoding::Json, &map(shape), &in_object).unwrap();
                assert_eq!(entry.value, json!({"v": null}), "{what}");
            }
            let entry = told(read(Encoding::Json, &map(shape.clone()), &in_object));
            let right = expected.optional.map(|value| match value {
                Some(value) => (json!({"v": value}), expected.counted),
                None => (json!({}), true),
            });
            assert_eq!(entry, right, "{what}");
        }
    }
}

#[test]
fn what_xml_may_hold_instead() {
    for (came, cells) in rows("XML") {
        let came = came.trim_matches('`').replace("none", "");
        let text = format!("<r xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'>{came}</r>");
        for (shape, cell) in shapes().iter().zip(&cells) {
            let expected = expected(cell);
            let what = format!("{came} as {shape:?}: {cell}");
            let only_if_required = cell.contains('/');

            let optional = object([field("v", shape.clone()).wrapped()]);
            let right = expected.optional.clone().map(|value| {
                let counted = expected.counted && !only_if_required;
                (
                    value.map_or(json!({}), |value| json!({"v": value})),
                    counted,
                )
            });
            assert_eq!(told(read(Encoding::Xml, &optional, &text)), right, "{what}");

            let required = object([field("v", shape.clone()).wrapped().required()]);
            let right = expected
                .required
                .map(|value| (json!({"v": value}), expected.counted));
            assert_eq!(told(read(Encoding::Xml, &required, &text)), right, "{what}");
        }
    }
}

#[test]
fn one_odd_record_does_not_hide_the_others() {
    let rules = object([field("strict", boolean()), field("labels", map(number()))]);
    let record = object([
        field("id", string()).required(),
        field("rules", rules).required(),
        field("weight", number()),
        field("due", date_time()),
    ]);
    let records = r#"[
        {"id": "1", "rules": {"strict": true, "labels": {"a": 1}}, "weight": 2.5},
        {"id": 87.5, "rules": [], "weight": "", "due": ""},
        {"id": true, "rules": {"strict": "false", "labels": []}, "weight": "87.50"},
        {"id": "4", "rules": {"labels": {"a": null, "b": "1.5"}}, "due": null}
    ]"#;
    let decoded = read(Encoding::Json, &array(record.clone()), records).unwrap();
    assert_eq!(
        decoded.value,
        json!([
            {"id": "1", "rules": {"strict": true, "labels": {"a": 1}}, "weight": 2.5},
            {"id": "87.5", "rules": {}},
            {"id": "true", "rules": {"strict": false, "labels": {}}, "weight": 87.5},
            {"id": "4", "rules": {"labels": {"b": 1.5}}},
        ])
    );
    assert_eq!(decoded.lenient_values, 4 + 4 + 2);
    let records = "<l><r><id>1</id><rules/></r><r><id>2</id><rules></rules><weight/></r></l>";
    let decoded = read(Encoding::Xml, &named_array(record, Some("r")), records).unwrap();
    assert_eq!(
        decoded.value,
        json!([{"id": "1", "rules": {}}, {"id": "2", "rules": {}}])
    );
    assert_eq!(decoded.lenient_values, 2);
}

/// The lexeme, digit by digit; a text never becomes another number than it says.
#[test]
fn a_lexeme_is_never_rounded() {
    for lexeme in [
        "87.50",
        "0.1000",
        "-0.5",
        "123456789012345678901234567890.5",
    ] {
        let decoded = read(Encoding::Json, &string(), lexeme).unwrap();
        assert_eq!(decoded.value, json!(lexeme));
    }
    for text in ["9223372036854775808", "1e2", "1.5", "+1", "0x1F"] {
        let quoted = json!(text).to_string();
        assert!(read(Encoding::Json, &integer(), &quoted).is_err(), "{text}");
    }
    assert!(read(Encoding::Json, &number(), "\"18446744073709551617\"").is_err());
}
