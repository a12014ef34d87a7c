//! Scalars as text: the one spelling that every encoding shares.

use std::borrow::Cow;

use serde_json::Number;
use validate::{Node, View};

use super::error::{EncodeErrorKind, wrong_type};
use crate::shape::{Kind, WireType};

/// A scalar's text on the wire. In go the kind that the schema declares, and `x-type` of the
/// property (for arrays and maps: of their entries).
pub(super) fn text<'v>(
    kind: &Kind,
    wire_type: Option<WireType>,
    value: Node<'v>,
) -> Result<Cow<'v, str>, EncodeErrorKind> {
    match (kind, value.view()) {
        (Kind::String { .. }, View::Text(text)) => {
            if wire_type == Some(WireType::Integer) && !is_wire_integer(text) {
                return Err(EncodeErrorKind::NotWireInteger);
            }
            Ok(Cow::Borrowed(text))
        }
        (Kind::Integer, View::Number(number)) => integer(number)
            .map(Cow::Owned)
            .ok_or_else(|| wrong_type(kind, value)),
        (Kind::Number, View::Number(number)) => Ok(Cow::Owned(decimal(number))),
        (Kind::Boolean, View::Bool(flag)) => Ok(Cow::Borrowed(if flag { "true" } else { "false" })),
        (_, View::Null) => Err(EncodeErrorKind::NullNotRepresentable),
        _ => Err(wrong_type(kind, value)),
    }
}

pub(super) const fn is_scalar(kind: &Kind) -> bool {
    !matches!(kind, Kind::Object(_) | Kind::Array(_) | Kind::Map(_))
}

/// 1–18 digits always fit 64 bits. A leading zero is refused because a number drops it, and `"007"`
/// would come back as another id.
pub(super) fn is_wire_integer(text: &str) -> bool {
    (1..=18).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && (text == "0" || !text.starts_with('0'))
}

/// The digits of an integer, never `1.0` or `1e2`.
fn integer(number: &Number) -> Option<String> {
    if let Some(integer) = number.as_i64() {
        return Some(integer.to_string());
    }
    if let Some(integer) = number.as_u64() {
        return Some(integer.to_string());
    }
    // Up to 2^53 every integer has a float of its own; beyond, the float may be a neighbour.
    let float = number.as_f64()?;
    (float.fract() == 0.0 && float.abs() <= 9_007_199_254_740_992.0).then(|| plain(float))
}

/// A number without an exponent, which XML Schema's `decimal` does not know.
fn decimal(number: &Number) -> String {
    match (number.as_i64(), number.as_u64(), number.as_f64()) {
        (Some(integer), _, _) => integer.to_string(),
        (_, Some(integer), _) => integer.to_string(),
        (_, _, Some(float)) => plain(float),
        _ => number.to_string(),
    }
}

/// The shortest digits that read back as the same float; `-0` is `0`.
fn plain(float: f64) -> String {
    if float == 0.0 {
        "0".to_owned()
    } else {
        float.to_string()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn of(kind: &Kind, value: Value) -> Result<String, EncodeErrorKind> {
        text(kind, None, (&value).into()).map(Cow::into_owned)
    }

    #[test]
    fn integers_have_one_spelling() {
        for (value, text) in [
            (json!(100), "100"),
            (json!(-3), "-3"),
            (json!(1.0), "1"),
            (json!(1e2), "100"),
            (json!(-0.0), "0"),
            (json!(u64::MAX), "18446744073709551615"),
        ] {
            assert_eq!(of(&Kind::Integer, value).as_deref(), Ok(text));
        }
        for value in [json!(1.5), json!(1e300), json!("1")] {
            assert!(of(&Kind::Integer, value).is_err());
        }
    }

    #[test]
    fn decimals_have_no_exponent() {
        for (value, text) in [
            (json!(0.1), "0.1"),
            (json!(1e-7), "0.0000001"),
            (json!(1e21), "1000000000000000000000"),
            (json!(7), "7"),
            (json!(2.0), "2"),
        ] {
            assert_eq!(of(&Kind::Number, value).as_deref(), Ok(text));
        }
    }

    #[test]
    fn a_wire_integer_is_its_own_lexeme() {
        for good in ["0", "7", "2145", "123456789012345678"] {
            assert!(is_wire_integer(good), "{good}");
        }
        for bad in [
            "",
            "007",
            "-1",
            "+1",
            "1.0",
            " 1",
            "1234567890123456789",
            "٣",
        ] {
            assert!(!is_wire_integer(bad), "{bad}");
        }
    }
}
