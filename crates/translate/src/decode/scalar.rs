//! Lexemes become values. Nothing is rounded: what does not fit is `None`.

use grammar::date_time;
use grammar::number::{is_decimal, is_integer};
use serde_json::{Number, Value};

use super::counts::Counts;
use crate::document::Json;
use crate::shape::Kind;
use grammar::xml::XML_SPACE;

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

/// Whether a text says nothing where the kind has no empty value.
pub(crate) fn says_nothing(kind: &Kind, text: &str) -> bool {
    *kind != (Kind::String { date_time: false }) && is_blank(text)
}

pub(super) fn is_blank(text: &str) -> bool {
    text.trim_matches(XML_SPACE).is_empty()
}

/// Text from a path, a header or a `Location`, which know no other types.
pub(crate) fn of_text(kind: &Kind, text: &str) -> Option<Value> {
    match kind {
        Kind::String { date_time } => string(text, *date_time),
        Kind::Integer => integer(text),
        Kind::Number => number(text),
        Kind::Boolean => text.parse().ok().map(Value::Bool),
        _ => None,
    }
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

#[cfg(test)]
mod tests {
    use serde_json::json as value_of;

    use super::*;

    const STRING: Kind = Kind::String { date_time: false };

    fn lexeme(kind: &Kind, text: &str) -> Option<Value> {
        json(kind, &Json::Number(text.to_owned()))
    }

    fn json(kind: &Kind, json: &Json) -> Option<Value> {
        of_json(kind, json).and_then(|read| read.value)
    }

    fn xml(kind: &Kind, text: &str) -> Option<Value> {
        of_xml(kind, text).and_then(|read| read.value)
    }

    #[test]
    fn an_integer_where_we_say_string_keeps_its_lexeme() {
        for exact in [
            "2145",
            "0",
            "-7",
            "123456789012345678",
            "123456789012345678901234567890",
        ] {
            assert_eq!(lexeme(&STRING, exact), Some(value_of!(exact)));
        }
        for other in ["1.0", "2145.00", "1e2", "8.75e1", "1e400", "-0.0"] {
            assert_eq!(lexeme(&STRING, other), None, "{other}");
        }
        for other in ["1.5", "87.50", "-0.1"] {
            let read = of_json(&STRING, &Json::Number(other.to_owned()));
            assert_eq!(read, Some(lenient(value_of!(other))), "{other}");
        }
        let read = of_json(&STRING, &Json::Bool(true));
        assert_eq!(read, Some(lenient(value_of!("true"))));
        assert_eq!(lexeme(&Kind::String { date_time: true }, "2024"), None);
    }

    #[test]
    fn an_integer_fits_64_bits_or_is_refused() {
        for (text, value) in [
            ("100", Some(100)),
            ("-0", Some(0)),
            ("9223372036854775807", Some(i64::MAX)),
            ("9223372036854775808", None),
            ("100.0", Some(100)),
            ("1e2", Some(100)),
            ("1.5e1", Some(15)),
            ("1500e-2", Some(15)),
            ("1.5", None),
            ("1e400", None),
            ("1e-400", None),
            ("0e99999", Some(0)),
            ("1e99999999999", None),
        ] {
            assert_eq!(
                lexeme(&Kind::Integer, text),
                value.map(Value::from),
                "{text}"
            );
        }
        for (text, value) in [
            ("100", Some(100)),
            ("007", Some(7)),
            ("+1", None),
            (" 1", Some(1)),
            ("", None),
            ("1.0", None),
        ] {
            let text_of = Json::String(text.to_owned());
            assert_eq!(
                json(&Kind::Integer, &text_of),
                value.map(Value::from),
                "{text}"
            );
        }
    }

    #[test]
    fn numbers() {
        for (text, value) in [
            ("0.1", Some(value_of!(0.1))),
            ("12", Some(value_of!(12))),
            ("18446744073709551615", Some(value_of!(u64::MAX))),
            ("1000000000000000000000", Some(value_of!(1e21))),
            ("18446744073709551617", None),
            ("1e400", None),
            ("-2.5E+1", Some(value_of!(-25.0))),
        ] {
            assert_eq!(lexeme(&Kind::Number, text), value, "{text}");
        }
        for text in ["1,5", "1 5", "0x1", "one"] {
            assert_eq!(of_json(&Kind::Number, &Json::String(text.to_owned())), None);
        }
        for text in ["inf", "NaN", ".5", "5.", "1e", "--1", "+1", "1_0", ""] {
            assert_eq!(xml(&Kind::Number, text), None, "{text}");
        }
    }

    #[test]
    fn xml_trims_what_is_not_a_string() {
        assert_eq!(xml(&STRING, " a "), Some(value_of!(" a ")));
        assert_eq!(xml(&Kind::Integer, "\n 3600\t"), Some(value_of!(3600)));
        assert_eq!(xml(&Kind::Boolean, " true "), Some(value_of!(true)));
        assert_eq!(xml(&Kind::Boolean, "0"), Some(value_of!(false)));
        assert_eq!(xml(&Kind::Boolean, "yes"), None);
        let date_time = Kind::String { date_time: true };
        assert_eq!(
            xml(&date_time, "\n2023-03-31T15:30:00-07:00 "),
            Some(value_of!("2023-03-31T15:30:00-07:00"))
        );
        assert_eq!(xml(&date_time, "31.03.2023"), None);
    }
}
