//! Lexemes become values. Nothing is rounded: what does not fit is `None`.

use grammar::date_time;
use grammar::json::write_string;
use grammar::number::{has_leading_zero, is_integer};
use grammar::xml::{is_blank, trim};
use serde_json::{Number, Value};

use super::counts::Counts;
use crate::number::exact as number_of;
use crate::shape::Kind;

/// A scalar of a unified value, of a text that is elsewhere.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Scalar<'t> {
    Text(&'t str),
    /// An integer that is written as it stands.
    Lexeme(&'t str),
    Number(Number),
    Bool(bool),
}

impl Scalar<'_> {
    /// Appends it as JSON.
    pub(crate) fn write(&self, out: &mut String) {
        match self {
            Self::Text(text) => write_string(out, text),
            Self::Lexeme(lexeme) => out.push_str(lexeme),
            Self::Number(number) => out.push_str(&number.to_string()),
            Self::Bool(flag) => out.push_str(if *flag { "true" } else { "false" }),
        }
    }

    pub(crate) fn value(self) -> Value {
        match self {
            Self::Text(text) => Value::from(text),
            Self::Lexeme(lexeme) => number_of(lexeme).map_or(Value::Null, Value::Number),
            Self::Number(number) => Value::Number(number),
            Self::Bool(flag) => Value::Bool(flag),
        }
    }
}

/// A scalar that was understood.
#[derive(Debug, PartialEq)]
pub(super) struct Read<'t> {
    /// `None`: it says nothing.
    value: Option<Scalar<'t>>,
    /// It came in another type or spelling than the shape's.
    lenient: bool,
}

impl<'t> Read<'t> {
    /// It is of the shape's type.
    pub(super) fn is_exact(&self) -> bool {
        self.value.is_some() && !self.lenient
    }

    /// It is empty.
    pub(super) fn says_nothing(&self) -> bool {
        self.value.is_none()
    }

    pub(super) fn counted(self, counts: &mut Counts) -> Option<Scalar<'t>> {
        counts.lenient += usize::from(self.lenient);
        self.value
    }
}

fn exact(value: Option<Scalar<'_>>) -> Option<Read<'_>> {
    value.map(|value| Read {
        value: Some(value),
        lenient: false,
    })
}

const fn lenient(value: Scalar<'_>) -> Read<'_> {
    Read {
        value: Some(value),
        lenient: true,
    }
}

/// A scalar of JSON as it stands in the document.
#[derive(Debug, Clone, Copy)]
pub(super) enum Raw<'t> {
    String(&'t str),
    /// The number as it was written.
    Number(&'t str),
    Bool(bool),
}

/// A JSON scalar under a scalar kind. Another type passes where one meaning only is possible, and by
/// its exact lexeme; `None`: it does not.
pub(super) fn of_json<'t>(kind: &Kind, json: Raw<'t>) -> Option<Read<'t>> {
    match (kind, json) {
        (Kind::String { date_time: false }, Raw::String(text)) => exact(Some(Scalar::Text(text))),
        (Kind::String { date_time: false }, Raw::Number(lexeme)) if is_integer(lexeme) => {
            exact(Some(Scalar::Text(lexeme)))
        }
        (Kind::String { date_time: false }, Raw::Number(lexeme)) => {
            has_one_spelling(lexeme).then_some(lenient(Scalar::Text(lexeme)))
        }
        (Kind::String { date_time: false }, Raw::Bool(flag)) => {
            Some(lenient(Scalar::Text(if flag { "true" } else { "false" })))
        }
        (Kind::Integer, Raw::Number(lexeme)) if is_integer(lexeme) => exact(integer(lexeme)),
        (Kind::Integer, Raw::Number(lexeme)) => {
            exact(integral(lexeme).map(|integer| Scalar::Number(integer.into())))
        }
        (Kind::Number, Raw::Number(lexeme)) => exact(number(lexeme)),
        (Kind::Boolean, Raw::Bool(flag)) => exact(Some(Scalar::Bool(flag))),
        (Kind::Boolean, Raw::Number(lexeme @ ("0" | "1"))) => {
            Some(lenient(Scalar::Bool(lexeme == "1")))
        }
        (_, Raw::String(text)) if is_blank(text) => Some(Read {
            value: None,
            lenient: true,
        }),
        (_, Raw::String(text)) => {
            let read = of_xml(kind, text)?;
            let trimmed = text.len() == trim(text).len();
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
pub(super) fn of_xml<'t>(kind: &Kind, text: &'t str) -> Option<Read<'t>> {
    if *kind == (Kind::String { date_time: false }) {
        return exact(Some(Scalar::Text(text)));
    }
    let trimmed = trim(text);
    match kind {
        _ if trimmed.is_empty() => Some(Read {
            value: None,
            lenient: false,
        }),
        Kind::String { .. } => exact(string(trimmed, true)),
        Kind::Integer => exact(integer(trimmed)),
        Kind::Number => exact(number(trimmed)),
        Kind::Boolean => match trimmed {
            "true" | "1" => exact(Some(Scalar::Bool(true))),
            "false" | "0" => exact(Some(Scalar::Bool(false))),
            _ if trimmed.eq_ignore_ascii_case("true") => Some(lenient(Scalar::Bool(true))),
            _ if trimmed.eq_ignore_ascii_case("false") => Some(lenient(Scalar::Bool(false))),
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

/// Text from a path, a header or a `Location`, which know no other types.
pub(crate) fn of_text<'t>(kind: &Kind, text: &'t str) -> Option<Scalar<'t>> {
    match kind {
        Kind::String { date_time } => string(text, *date_time),
        Kind::Integer => integer(text),
        Kind::Number => number(text),
        Kind::Boolean => text.parse().ok().map(Scalar::Bool),
        _ => None,
    }
}

fn string(text: &str, date_time: bool) -> Option<Scalar<'_>> {
    (!date_time || date_time::check(text).is_ok()).then_some(Scalar::Text(text))
}

/// `-?[0-9]+` within 64 bits.
fn integer(text: &str) -> Option<Scalar<'_>> {
    if !is_integer(text) {
        return None;
    }
    let value: i64 = text.parse().ok()?;
    Some(if is_canonical(text) {
        Scalar::Lexeme(text)
    } else {
        Scalar::Number(value.into())
    })
}

/// Of an integer: whether it is spelt as it would be written.
fn is_canonical(lexeme: &str) -> bool {
    !has_leading_zero(lexeme) && lexeme != "-0"
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

/// A decimal number.
fn number(lexeme: &str) -> Option<Scalar<'_>> {
    match integer(lexeme) {
        None => number_of(lexeme).map(Scalar::Number),
        integer => integer,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json as value_of;

    use super::*;

    const STRING: Kind = Kind::String { date_time: false };

    fn lexeme(kind: &Kind, text: &str) -> Option<Value> {
        json(kind, Raw::Number(text))
    }

    fn json(kind: &Kind, json: Raw<'_>) -> Option<Value> {
        of_json(kind, json).and_then(value)
    }

    fn xml(kind: &Kind, text: &str) -> Option<Value> {
        of_xml(kind, text).and_then(value)
    }

    /// What is written is the value, in the spelling of `serde_json`.
    fn value(read: Read<'_>) -> Option<Value> {
        let scalar = read.value?;
        let mut written = String::new();
        scalar.write(&mut written);
        let value = scalar.value();
        assert_eq!(written, value.to_string());
        Some(value)
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
            let read = of_json(&STRING, Raw::Number(other));
            assert_eq!(read, Some(lenient(Scalar::Text(other))), "{other}");
        }
        let read = of_json(&STRING, Raw::Bool(true));
        assert_eq!(read, Some(lenient(Scalar::Text("true"))));
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
            assert_eq!(
                json(&Kind::Integer, Raw::String(text)),
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
            assert_eq!(of_json(&Kind::Number, Raw::String(text)), None);
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
