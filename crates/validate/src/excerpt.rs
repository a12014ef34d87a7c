//! What was found, as it may be shown: short, on one line, and without characters that could
//! change how a log or a terminal shows the rest.

use serde_json::Value;

const MAX_CHARACTERS: usize = 60;

/// The text between backticks, escaped, cut after 60 characters.
pub(crate) fn quote(text: &str) -> String {
    format!("`{}`", shorten(text))
}

/// The text escaped and cut after 60 characters.
pub(crate) fn shorten(text: &str) -> String {
    let mut short = String::new();
    for (shown, character) in text.chars().enumerate() {
        if shown == MAX_CHARACTERS {
            short.push('…');
            break;
        }
        push_escaped(&mut short, character);
    }
    short
}

/// `escape_debug` knows which characters do not print (controls, bidirectional and zero-width
/// marks among them); quotes and backslashes stay as they are.
fn push_escaped(short: &mut String, character: char) {
    if matches!(character, '\'' | '"' | '\\') {
        short.push(character);
    } else {
        short.extend(character.escape_debug());
    }
}

/// A value with its type: `the text `abc``, `an array of 3 items`.
pub(crate) fn describe(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(flag) => format!("`{flag}`"),
        Value::Number(number) => format!("the number {}", quote(&number.to_string())),
        Value::String(text) if text.is_empty() => "an empty text".to_owned(),
        Value::String(text) => format!("the text {}", quote(text)),
        Value::Array(items) => format!("an array of {}", count(items.len(), "item")),
        Value::Object(members) => format!("an object of {}", count(members.len(), "field")),
    }
}

/// A value as a schema lists it: `PHYSICAL_ROOM` or 5, between backticks.
pub(crate) fn show(value: &Value) -> String {
    match value {
        Value::String(text) => quote(text),
        Value::Number(number) => quote(&number.to_string()),
        other => describe(other),
    }
}

/// `a`, `b` or `c`; at most twenty, then how many more.
pub(crate) fn list<T>(all: &[T], show: impl Fn(&T) -> String) -> String {
    const MAX_SHOWN: usize = 20;
    let mut shown: Vec<String> = all.iter().take(MAX_SHOWN).map(show).collect();
    if all.len() > MAX_SHOWN {
        shown.push(count(all.len() - MAX_SHOWN, "other"));
    }
    match shown.pop() {
        None => "nothing".to_owned(),
        Some(last) if shown.is_empty() => last,
        Some(last) => format!("{} or {last}", shown.join(", ")),
    }
}

/// `1 item`, `2 items`.
pub(crate) fn count(number: usize, noun: &str) -> String {
    if number == 1 {
        format!("1 {noun}")
    } else {
        format!("{number} {noun}s")
    }
}
