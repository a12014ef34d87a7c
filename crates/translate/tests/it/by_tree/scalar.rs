//! Lexemes become values, as one would write it without a thought for speed.

use grammar::date_time;
use grammar::number::{is_decimal, is_integer};
use serde_json::{Number, Value};

use grammar::xml::XML_SPACE;
use translate::Kind;

use super::json::Json;
use super::outcome::Counts;

/// A scalar that was understood.
#[derive(Debug, PartialEq)]
pub(super) struct Read {
    /// `None`: it says nothing.
    value: Option<Value>,
    /// It came in another type or spelling than the shape's.
    lenient: bool,
}

impl Read {
    pub(super) fn counted(self, counts: &mut Counts) -> Option<Value> {
        counts.lenient += usize::from(self.lenient);
        self.value
    }
}

fn exact(value: Option<Value>) -> Option<Read> {
    value.map(|value| Read {
        value: Some(value),
        lenient: false,
    })
}

fn lenient(value: Value) -> Read {
    Read {
        value: Some(value),
        lenient: true,
    }
}

/// A JSON scalar under a scalar kind. Another type passes where one meaning only is possible, and by
/// its exact lexeme; `None`: it does not.
pub(super) fn of_json(kind: &Kind, json: &Json) -> Option<Read> {
    match (kind, json) {
        (Kind::String { date_time: false }, Json::String(text)) => {
            exact(Some(Value::from(text.as_str())))
        }
        (Kind::String { date_time: false }, Json::Number(lexeme)) if is_integer(lexeme) => {
            exact(Some(Value::from(lexeme.as_str())))
        }
        (Kind::String { date_time: false }, Json::Number(lexeme)) => {
            has_one_spelling(lexeme).then(|| lenient(Value::from(lexeme.as_str())))
        }
        (Kind::String { date_time: false }, Json::Bool(flag)) => {
            Some(lenient(Value::from(flag.to_string())))
        }
        (Kind::Integer, Json::Number(lexeme)) => exact(integral(lexeme).map(Value::from)),
        (Kind::Number, Json::Number(lexeme)) => exact(number(lexeme)),
        (Kind::Boolean, Json::Bool(flag)) => exact(Some(Value::Bool(*flag))),
        (Kind::Boolean, Json::Number(lexeme)) if matches!(lexeme.as_str(), "0" | "1") => {
            Some(lenient(Value::Bool(lexeme == "1")))
        }
        (_, Json::String(text)) if is_blank(text) => Some(Read {
            value: None,
            lenient: true,
        }),
        (_, Json::String(text)) => {
            let read = of_xml(kind, text)?;
            let trimmed = text.len() == text.trim_matches(XML_SPACE).len();
            let same = trimmed && matches!(kind, Kind::Integer | Kind::String { .. });
            Some(Read {
                lenient: read.lenient || !same,
                ..read
            })
        }
        _ => None,
    }
}

/// The text of an XML element or attribute under a scalar kind: exact for strings, without the
/// blanks around it for all else (as XML Schema collapses them).
pub(super) fn of_xml(kind: &Kind, text: &str) -> Option<Read> {
    let trimmed = text.trim_matches(XML_SPACE);
    match kind {
        Kind::String { date_time: false } => exact(Some(Value::from(text))),
        _ if trimmed.is_empty() => Some(Read {
            value: None,
            lenient: false,
        }),
        Kind::String { date_time: true } => exact(string(trimmed, true)),
        Kind::Integer => exact(integer(trimmed)),
        Kind::Number => exact(number(trimmed)),
        Kind::Boolean => match trimmed {
            "true" | "1" => exact(Some(Value::Bool(true))),
            "false" | "0" => exact(Some(Value::Bool(false))),
            _ if trimmed.eq_ignore_ascii_case("true") => Some(lenient(Value::Bool(true))),
            _ if trimmed.eq_ignore_ascii_case("false") => Some(lenient(Value::Bool(false))),
            _ => None,
        },
        _ => None,
    }
}

/// Whether a fraction can be meant as a text in no other way than it stands there: `2145.0` could be
/// `2145` as well, and `1e2` could be `100`.
fn has_one_spelling(lexeme: &str) -> bool {
    !lexeme.contains(['e', 'E']) && integral(lexeme).is_none()
}

pub(super) fn is_blank(text: &str) -> bool {
    text.trim_matches(XML_SPACE).is_empty()
}

fn string(text: &str, date_time: bool) -> Option<Value> {
    (!date_time || date_time::check(text).is_ok()).then(|| Value::from(text))
}

/// `-?[0-9]+` within 64 bits.
fn integer(text: &str) -> Option<Value> {
    is_integer(text)
        .then(|| text.parse::<i64>().ok())
        .flatten()
        .map(Value::from)
}

/// A number's lexeme as an integer. `100.0` and `1e2` are integers too (JSON Schema 2020-12,
/// validation §6.1.1), and are read digit by digit.
fn integral(lexeme: &str) -> Option<i64> {
    if is_integer(lexeme) {
        return lexeme.parse().ok();
    }
    let (mantissa, exponent) = match lexeme.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (lexeme, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let fraction = fraction.trim_end_matches('0');
    let digits = format!("{whole}{fraction}");
    let zeros = i64::from(exponent) - i64::try_from(fraction.len()).ok()?;
    let mut value: i64 = digits.parse().ok()?;
    if value == 0 {
        return Some(0);
    }
    // 64 bits end after 19 digits, so the loops do.
    for _ in 0..zeros.min(20) {
        value = value.checked_mul(10)?;
    }
    for _ in zeros.max(-20)..0 {
        value = (value % 10 == 0).then_some(value / 10)?;
    }
    Some(value)
}

/// A decimal number. Integers stay exact or are refused; a fraction becomes the nearest double,
/// as everyone who reads our JSON would make of it.
fn number(lexeme: &str) -> Option<Value> {
    if !is_decimal(lexeme) {
        return None;
    }
    if let Ok(integer) = lexeme.parse::<i64>() {
        return Some(Value::from(integer));
    }
    if let Ok(integer) = lexeme.parse::<u64>() {
        return Some(Value::from(integer));
    }
    let float = lexeme.parse::<f64>().ok()?;
    // Beyond 64 bits the double must stand for the very digits that came.
    if is_integer(lexeme) && float.to_string() != lexeme {
        return None;
    }
    Number::from_f64(float).map(Value::Number)
}
