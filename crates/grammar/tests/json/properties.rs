//! Texts that nobody has thought of.

use grammar::json;
use proptest::collection::vec;
use proptest::prelude::*;
use serde::de::IgnoredAny;
use serde_json::Value;

use crate::{agree, grown, tree};

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 60, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::from),
            vec((any::<String>(), inner), 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// Empties the arrays and objects that `skip` names, in the order of the text.
fn emptied(value: &mut Value, skip: &mut dyn FnMut() -> bool) {
    match value {
        Value::Array(items) => {
            if skip() {
                items.clear();
            }
            items.iter_mut().for_each(|item| emptied(item, skip));
        }
        Value::Object(members) => {
            if skip() {
                members.clear();
            }
            members
                .values_mut()
                .for_each(|member| emptied(member, skip));
        }
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_serde_json_writes_is_read_back(value in value()) {
        let compact = serde_json::to_string(&value).unwrap();
        let pretty = serde_json::to_string_pretty(&value).unwrap();
        prop_assert_eq!(tree(&compact).unwrap(), value.clone());
        prop_assert_eq!(tree(&pretty).unwrap(), value);
    }

    /// Wherever a visitor stops asking, the rest is read as if it had asked.
    #[test]
    fn what_is_left_unread_changes_nothing_else(value in value(), left in vec(any::<bool>(), 60)) {
        let choices = || {
            let mut left = left.clone().into_iter();
            move || left.next().unwrap_or(false)
        };
        let text = serde_json::to_string_pretty(&value).unwrap();
        let read = json::read(&text, |event| grown(event, &mut choices())).unwrap();
        let mut expected = value;
        emptied(&mut expected, &mut choices());
        prop_assert_eq!(read, expected);
    }

    /// Texts that are nearly JSON, of its own characters.
    #[test]
    fn near_json_is_read_or_refused_as_serde_json_does(
        text in r#"[\[\]{},:"0-9eE.+\-\\utrfalsn \n\x{1}ñ]{0,24}"#
    ) {
        agree(&text);
    }

    /// One byte of a good text is another one.
    #[test]
    fn one_wrong_byte_is_found_as_serde_json_finds_it(
        value in value(), at in any::<prop::sample::Index>(), with in r#"[\[\]{},:"0-9e.\-\\ux \x{1}]"#
    ) {
        let text = serde_json::to_string(&value).unwrap();
        let at = at.index(text.len());
        if text.is_char_boundary(at) && text.is_char_boundary(at + 1) {
            agree(&format!("{}{with}{}", &text[..at], &text[at + 1..]));
        }
    }

    /// Each character is spelled in one of its ways.
    #[test]
    fn a_text_is_one_in_every_spelling(text in any::<String>(), escaped in vec(any::<bool>(), 64)) {
        let mut literal = String::new();
        for (at, character) in text.chars().enumerate() {
            if escaped.get(at) == Some(&true) {
                let units = character.encode_utf16(&mut [0; 2]).to_vec();
                literal.extend(units.iter().map(|unit| format!("\\u{unit:04X}")));
            } else {
                let quoted = serde_json::to_string(&character).unwrap();
                literal.push_str(&quoted[1..quoted.len() - 1]);
            }
        }
        let literal = format!("\"{literal}\"");
        prop_assert_eq!(tree(&literal).unwrap(), Value::from(text));
    }

    #[test]
    fn a_number_is_what_serde_json_takes_for_one(text in "[0-9eE.+\\- ]{0,12}") {
        let theirs = serde_json::from_str::<IgnoredAny>(&text).is_ok() && text.trim() == text;
        prop_assert_eq!(grammar::number::is_json(&text), theirs);
    }
}
