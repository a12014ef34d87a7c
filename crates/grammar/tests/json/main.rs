//! The event reader against serde_json, another implementation: the same values, the same refusals, at the
//! same byte.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod corpus;
mod properties;

use grammar::json::{self, Event, Expected, SyntaxError};
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
        // A newline where a digit or a letter is due: their place is on the next line.
        Expected::Digit | Expected::Word => {
            assert!(theirs == offset || theirs == offset + 1, "{text:?}")
        }
        _ => assert_eq!(offset, theirs, "{text:?}: {expected}"),
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
