//! Lexemes become values. Nothing is rounded: what does not fit is `None`.

use serde_json::{Number, Value};
use validate::grammar::date_time;
use validate::grammar::number::{is_decimal, is_integer};

use crate::Kind;
use crate::document::Json;
use crate::xml_names::XML_SPACE;

/// A JSON scalar under a scalar kind. An integer where we say string, and a digit string where we
/// say integer, is taken by its exact lexeme; no other type passes for another.
pub(super) fn of_json(kind: &Kind, json: &Json) -> Option<Value> {
    match (kind, json) {
        (Kind::String { date_time }, Json::String(text)) => string(text, *date_time),
        (Kind::String { date_time: false }, Json::Number(lexeme)) => {
            is_integer(lexeme).then(|| Value::from(lexeme.as_str()))
        }
        (Kind::Integer, Json::Number(lexeme)) => integral(lexeme).map(Value::from),
        (Kind::Integer, Json::String(text)) => integer(text),
        (Kind::Number, Json::Number(lexeme)) => number(lexeme),
        (Kind::Boolean, Json::Bool(flag)) => Some(Value::Bool(*flag)),
        _ => None,
    }
}

/// The text of an XML element or attribute under a scalar kind: exact for strings, without the
/// blanks around it for all else (as XML Schema collapses them).
pub(super) fn of_xml(kind: &Kind, text: &str) -> Option<Value> {
    let trimmed = text.trim_matches(XML_SPACE);
    match kind {
        Kind::String { date_time: false } => Some(Value::from(text)),
        Kind::String { date_time: true } => string(trimmed, true),
        Kind::Integer => integer(trimmed),
        Kind::Number => number(trimmed),
        Kind::Boolean => match trimmed {
            "true" | "1" => Some(Value::Bool(true)),
            "false" | "0" => Some(Value::Bool(false)),
            _ => None,
        },
        _ => None,
    }
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
    use serde_json::json;

    use super::*;

    const STRING: Kind = Kind::String { date_time: false };

    fn lexeme(kind: &Kind, text: &str) -> Option<Value> {
        of_json(kind, &Json::Number(text.to_owned()))
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
            assert_eq!(lexeme(&STRING, exact), Some(json!(exact)));
        }
        for other in ["1.5", "1e2", "1.0"] {
            assert_eq!(lexeme(&STRING, other), None, "{other}");
        }
        assert_eq!(of_json(&STRING, &Json::Bool(true)), None);
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
            (" 1", None),
            ("", None),
            ("1.0", None),
        ] {
            let json = Json::String(text.to_owned());
            assert_eq!(
                of_json(&Kind::Integer, &json),
                value.map(Value::from),
                "{text}"
            );
        }
    }

    #[test]
    fn numbers() {
        for (text, value) in [
            ("0.1", Some(json!(0.1))),
            ("12", Some(json!(12))),
            ("18446744073709551615", Some(json!(u64::MAX))),
            ("1000000000000000000000", Some(json!(1e21))),
            ("18446744073709551617", None),
            ("1e400", None),
            ("-2.5E+1", Some(json!(-25.0))),
        ] {
            assert_eq!(lexeme(&Kind::Number, text), value, "{text}");
        }
        assert_eq!(of_json(&Kind::Number, &Json::String("1".to_owned())), None);
        for text in ["inf", "NaN", ".5", "5.", "1e", "--1", "+1", "1_0", ""] {
            assert_eq!(of_xml(&Kind::Number, text), None, "{text}");
        }
    }

    #[test]
    fn xml_trims_what_is_not_a_string() {
        assert_eq!(of_xml(&STRING, " a "), Some(json!(" a ")));
        assert_eq!(of_xml(&Kind::Integer, "\n 3600\t"), Some(json!(3600)));
        assert_eq!(of_xml(&Kind::Boolean, " true "), Some(json!(true)));
        assert_eq!(of_xml(&Kind::Boolean, "0"), Some(json!(false)));
        assert_eq!(of_xml(&Kind::Boolean, "yes"), None);
        let date_time = Kind::String { date_time: true };
        assert_eq!(
            of_xml(&date_time, "\n2023-03-31T15:30:00-07:00 "),
            Some(json!("2023-03-31T15:30:00-07:00"))
        );
        assert_eq!(of_xml(&date_time, "31.03.2023"), None);
    }
}
