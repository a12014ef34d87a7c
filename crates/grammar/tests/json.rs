//! The event reader against serde_json, another implementation: the same values, the same refusals, at the
//! same byte.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use grammar::json::{self, Event, Expected, SyntaxError};
use proptest::collection::vec;
use proptest::prelude::*;
use serde::de::IgnoredAny;
use serde_json::{Map, Value};

/// The tree that the events tell. Of two equal names the last counts, as with serde_json.
fn tree(text: &str) -> Result<Value, SyntaxError> {
    json::read(text, |event| grown(event, &mut || false))
}

/// The same, where `skip` says of which arrays and objects no part is asked for: they are empty.
fn grown(event: Event<'_, '_>, skip: &mut dyn FnMut() -> bool) -> Result<Value, SyntaxError> {
    Ok(match event.value {
        json::Value::Null => Value::Null,
        json::Value::Bool(flag) => Value::Bool(flag),
        json::Value::Number(lexeme) => serde_json::from_str(lexeme).unwrap_or(Value::Null),
        json::Value::String(literal) => Value::String(literal.decode().text.into_owned()),
        json::Value::Array(mut items) => {
            let mut array = Vec::new();
            if !skip() {
                while let Some(item) = items.next_item()? {
                    array.push(grown(item, skip)?);
                }
            }
            Value::Array(array)
        }
        json::Value::Object(mut members) => {
            let mut object = Map::new();
            if !skip() {
                while let Some((name, member)) = members.next_member()? {
                    let name = name.decode().text.into_owned();
                    object.insert(name, grown(member, skip)?);
                }
            }
            Value::Object(object)
        }
    })
}

/// Whether a text is JSON, read without asking for anything.
fn checked(text: &str) -> Result<(), SyntaxError> {
    json::read(text, |_| Ok(()))
}

/// The byte at which serde_json refuses a text. It tells line and column of the last byte read.
fn their_offset(text: &str) -> Option<usize> {
    let error = serde_json::from_str::<IgnoredAny>(text).err()?;
    let before: usize = text
        .split_inclusive('\n')
        .take(error.line() - 1)
        .map(str::len)
        .sum();
    Some(before + error.column().saturating_sub(1))
}

/// Holds one text against serde_json, read and passed over.
fn agree(text: &str) {
    let ours = checked(text);
    assert_eq!(tree(text).err(), ours.err(), "{text:?}");
    let Err(SyntaxError { offset, expected }) = ours else {
        assert_eq!(their_offset(text), None, "{text:?}");
        // Their values know no half pairs and no 1e400.
        if let Ok(theirs) = serde_json::from_str::<Value>(text) {
            assert_eq!(tree(text).unwrap(), theirs, "{text:?}");
        }
        return;
    };
    let theirs = their_offset(text);
    let theirs = theirs.unwrap_or_else(|| panic!("{text:?} is JSON: {expected} at {offset}"));
    match expected {
        // They name the last of four digits, or the end where four do not fit.
        Expected::Escape => assert!(offset <= theirs, "{text:?}"),
        // They name the byte before it.
        Expected::EscapedControl => assert!(theirs <= offset && theirs + 1 >= offset, "{text:?}"),
        _ if offset == text.len() => assert!(theirs + 1 >= text.trim_end().len(), "{text:?}"),
        // A newline where a digit is due: their place is on the next line.
        Expected::Digit => assert!(theirs == offset || theirs == offset + 1, "{text:?}"),
        _ => assert_eq!(offset, theirs, "{text:?}: {expected}"),
    }
}

/// What must be read, after the cases of JSONTestSuite (github.com/nst/JSONTestSuite), `y_` and `i_`: limits
/// of numbers and of depth, and half pairs, are no matter of grammar.
const SOUND: [&str; 52] = [
    "[]",
    "{}",
    "[[]   ]",
    "[\"\"]",
    "[[[[[[]]]]]]",
    " [1] ",
    "\n\t\r [ ] \r\n",
    "null",
    "true",
    "false",
    "0",
    "-0",
    "\"\"",
    "\"a\"",
    "42",
    "-0.1",
    "[-0]",
    "[-0.0]",
    "[0e+1]",
    "[0e1]",
    "[1E22]",
    "[1E-2]",
    "[1E+2]",
    "[123e45]",
    "[123.456e78]",
    "[1e-2]",
    "[1.5e+9999]",
    "[123123e100000]",
    "[-123123123123123123123123123123]",
    "[0.4e00669999999999999999999999999999999999999999999999999999999999999999999999999999999999999999]",
    "[-0.000000000000000000000000000000000000000000000000000000000000000000000000000001]",
    "{\"a\":[]}",
    "{\"\":0}",
    "{\"a\":\"b\",\"a\":\"c\"}",
    "{\"a\\u0000b\": 1}",
    "{\"x\":[{\"id\": \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"}], \"id\": \"x\"}",
    "{\"title\":\"\\u041f\\u043e\\u043b\"}",
    "{\n\"a\": \"b\"\n}",
    r#"["\u0060\u012a\u12AB"]"#,
    r#"["\uD801\udc37"]"#,
    r#"["\ud83d\ude39\ud83d\udc8d"]"#,
    r#"["\"\\\/\b\f\n\r\t"]"#,
    r#"["\\u0000"]"#,
    r#"["\u0000"]"#,
    r#"["\uDADA"]"#,
    r#"["\uD888\u1234"]"#,
    r#"["\uDd1e\uD834"]"#,
    "[\"a/*b*/c/*d//e\"]",
    "[\"\u{7f}\u{80}\u{feff}\u{ffff}\u{10ffff}\"]",
    "[\"\u{2028}\u{2029}\"]",
    "[\"\u{5d0}\", \"⍂㈴⍂\", \"😀\"]",
    "[1,null,true,false,\"x\",{},[]]",
];

/// What must be refused (`n_`), and where.
const WRONG: [(&str, usize, Expected); 85] = {
    use Expected::*;
    [
        ("", 0, Value),
        (" \n", 2, Value),
        ("\u{feff}{}", 0, Value),
        ("\u{a0}1", 0, Value),
        ("\u{c}1", 0, Value),
        ("[", 1, FirstItem),
        ("[ ", 2, FirstItem),
        ("[,1]", 1, FirstItem),
        ("[,]", 1, FirstItem),
        ("[:]", 1, FirstItem),
        ("[a]", 1, FirstItem),
        ("['a']", 1, FirstItem),
        ("[}", 1, FirstItem),
        ("[*]", 1, FirstItem),
        ("[\u{b}]", 1, FirstItem),
        ("[\u{2060}]", 1, FirstItem),
        ("[+1]", 1, FirstItem),
        ("[.1]", 1, FirstItem),
        ("[NaN]", 1, FirstItem),
        ("[Infinity]", 1, FirstItem),
        ("[True]", 1, FirstItem),
        ("[\\u000A\"\"]", 1, FirstItem),
        ("[1,]", 3, Value),
        ("[1,,2]", 3, Value),
        ("[1,\n", 4, Value),
        ("[\"\",]", 4, Value),
        ("[1", 2, NextItem),
        ("[1 true]", 3, NextItem),
        ("[1:2]", 2, NextItem),
        ("[\"\"", 3, NextItem),
        ("[\"a\" \"b\"]", 5, NextItem),
        ("[3[4]]", 2, NextItem),
        ("[1}", 2, NextItem),
        ("[\"x\"}", 4, NextItem),
        ("[1 000]", 3, NextItem),
        ("[0x1]", 2, NextItem),
        ("[1a]", 2, NextItem),
        ("[0.1.2]", 4, NextItem),
        ("[1.2a-3]", 4, NextItem),
        ("[truth]", 4, Word),
        ("[nul]", 4, Word),
        ("[fals]", 5, Word),
        ("tru", 3, Word),
        ("nUll", 1, Word),
        ("truex", 4, End),
        ("[-]", 2, Digit),
        ("[-a]", 2, Digit),
        ("[-Infinity]", 2, Digit),
        ("[--1]", 2, Digit),
        ("-", 1, Digit),
        ("[1.]", 3, Digit),
        ("[2.e3]", 3, Digit),
        ("[0.e1]", 3, Digit),
        ("[1e]", 3, Digit),
        ("[1eE2]", 3, Digit),
        ("[1e+]", 4, Digit),
        ("[0e+-1]", 4, Digit),
        ("1.0e", 4, Digit),
        ("[-.1]", 2, Digit),
        ("[01]", 2, NoLeadingZero),
        ("[-012]", 3, NoLeadingZero),
        ("{", 1, Name),
        ("{,}", 1, Name),
        ("{1:1}", 1, Name),
        ("{a:1}", 1, Name),
        ("{'a':0}", 1, Name),
        ("{[:\"x\"}", 1, Name),
        ("{]", 1, Name),
        ("{\"a\":0,}", 7, Name),
        ("{\"a\":0,,}", 7, Name),
        ("{\"a\"", 4, Colon),
        ("{\"a\" b}", 5, Colon),
        ("{\"a\",1}", 4, Colon),
        ("{\"a\":", 5, Value),
        ("{\"a\"::1}", 5, Value),
        ("{\"a\":}", 5, Value),
        ("{\"a\":1 \"b\":2}", 7, NextMember),
        ("{\"a\":1]", 6, NextMember),
        ("{\"a\":1", 6, NextMember),
        ("[\"a", 3, Quote),
        ("[\"\\", 3, Quote),
        ("[\"a\\\"]", 6, Quote),
        ("[\"\\x00\"]", 3, Escape),
        ("[\"\\u00A\"]", 7, Escape),
        ("[\"a\nb\"]", 3, EscapedControl),
    ]
};

/// More of the same, which only a value of its own can hold.
const FOLLOWED: [(&str, usize); 12] = [
    ("1 2", 2),
    ("{} {}", 3),
    ("[][]", 2),
    ("[1]]", 3),
    ("{}}", 2),
    ("\"a\"x", 3),
    ("null,", 4),
    ("{\"a\":1}//", 7),
    ("{\"a\":1}/**/", 7),
    ("[1],", 3),
    ("2 \u{0}", 2),
    ("123\u{0}", 3),
];

#[test]
fn what_is_json_is_read_as_serde_json_reads_it() {
    for text in SOUND {
        assert_eq!(checked(text), Ok(()), "{text}");
        agree(text);
    }
}

#[test]
fn what_is_not_json_is_refused_at_its_byte() {
    for (text, offset, expected) in WRONG {
        assert_eq!(
            checked(text),
            Err(SyntaxError { offset, expected }),
            "{text:?}"
        );
        agree(text);
    }
    for (text, offset) in FOLLOWED {
        let expected = Expected::End;
        assert_eq!(checked(text), Err(SyntaxError { offset, expected }));
        agree(text);
    }
}

#[test]
fn a_text_that_ends_too_early_is_refused_wherever_it_ends() {
    for text in SOUND.iter().filter(|text| text.starts_with(['[', '{'])) {
        let last = text.trim_end().len();
        for end in (0..last).filter(|end| text.is_char_boundary(*end)) {
            let cut = &text[..end];
            let error = checked(cut).unwrap_err();
            assert_eq!(error.offset, end, "{cut:?}: {error}");
            assert_eq!(tree(cut), Err(error));
        }
    }
}

/// Recursion would end the process; a byte for each level would be 1 GB for an answer of 1 GB.
#[test]
fn any_depth_is_passed_over() {
    let open = "[{\"a\":".repeat(200_000);
    let close = "}]".repeat(200_000);
    assert_eq!(checked(&format!("{open}0{close}")), Ok(()));
    let wrong = checked(&format!("{open}0{close}]")).unwrap_err();
    assert_eq!(wrong.expected, Expected::End);
    let wrong = checked(&format!("{open}0]")).unwrap_err();
    assert_eq!(wrong.expected, Expected::NextMember);
}

#[test]
fn an_event_tells_its_byte() {
    let text = "  {\"a\" : [10, \"x\",\n {}], \"ñ\":null}";
    let offsets = json::read(text, |event| {
        let mut offsets = vec![event.offset];
        let json::Value::Object(mut members) = event.value else {
            panic!("an object");
        };
        while let Some((_, member)) = members.next_member()? {
            offsets.push(member.offset);
            if let json::Value::Array(mut items) = member.value {
                while let Some(item) = items.next_item()? {
                    offsets.push(item.offset);
                }
            }
        }
        Ok::<_, SyntaxError>(offsets)
    });
    let expected: Vec<usize> = ["{\"a", "[10", "10", "\"x", "{}", "null"]
        .map(|part| text.find(part).unwrap())
        .to_vec();
    assert_eq!(offsets, Ok(expected));
}

#[test]
fn an_end_is_told_as_often_as_it_is_asked_for() {
    let seen = json::read("[[1], 2]", |event| {
        let json::Value::Array(mut outer) = event.value else {
            panic!("an array");
        };
        let mut seen = Vec::new();
        if let Some(Event {
            value: json::Value::Array(mut inner),
            ..
        }) = outer.next_item()?
        {
            for _ in 0..3 {
                seen.push(inner.next_item()?.is_some());
            }
        }
        for _ in 0..3 {
            seen.push(outer.next_item()?.is_some());
        }
        Ok::<_, SyntaxError>(seen)
    });
    assert_eq!(seen, Ok(vec![true, false, false, true, false, false]));
}

#[test]
fn what_a_visitor_returns_comes_before_what_it_did_not_read() {
    #[derive(Debug, PartialEq)]
    enum Stop {
        Syntax(SyntaxError),
        Enough,
    }
    impl From<SyntaxError> for Stop {
        fn from(error: SyntaxError) -> Self {
            Self::Syntax(error)
        }
    }
    let stop = json::read("[1, x", |_| Err::<(), Stop>(Stop::Enough));
    assert_eq!(stop, Err(Stop::Enough));
    let syntax = SyntaxError {
        offset: 4,
        expected: Expected::Value,
    };
    let on = json::read("[1, x", |_| Ok::<_, Stop>(()));
    assert_eq!(on, Err(Stop::Syntax(syntax)));
}

#[test]
fn who_reads_on_behind_an_error_gets_no_further() {
    let read = json::read("[x, 1, 2]", |event| {
        let json::Value::Array(mut items) = event.value else {
            panic!("an array");
        };
        for _ in 0..3 {
            assert!(items.next_item().is_err());
        }
        Ok::<_, SyntaxError>(())
    });
    assert!(read.is_err());
}

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
