//! Numbers of JSON, kept as they are written or refused.

use serde_json::Number;
use thiserror::Error;

/// Why a JSON number cannot be kept exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub(crate) enum NumberError {
    #[error("does not fit in 64 bits ({} to {})", i64::MIN, u64::MAX)]
    Integer,
    #[error("has more digits, or a smaller exponent, than can be kept exactly (17 digits)")]
    Fraction,
}

/// Reads a number that follows the JSON grammar: an integer in any spelling (`100`, `100.0`,
/// `1e2`, `-0`) to the integer; a fraction to the double that is written with the same digits.
///
/// The digits are compared as text, so nothing passes through a float on the way.
pub(crate) fn exact(lexeme: &str) -> Result<Number, NumberError> {
    if !lexeme.contains(['.', 'e', 'E']) {
        return match lexeme.parse::<i64>() {
            Ok(integer) => Ok(Number::from(integer)),
            Err(_) => lexeme.parse::<u64>().map(Number::from),
        }
        .map_err(|_| NumberError::Integer);
    }
    let decimal = Decimal::of(lexeme);
    if decimal.exponent >= 0 {
        return decimal.integer().ok_or(NumberError::Integer);
    }
    let fraction: f64 = lexeme.parse().map_err(|_| NumberError::Fraction)?;
    let number = Number::from_f64(fraction).ok_or(NumberError::Fraction)?;
    // Held against what will be written: of two texts of 17 digits that name one double, writers of
    // the standard library and of serde_json may choose another.
    if Decimal::of(&number.to_string()) != decimal {
        return Err(NumberError::Fraction);
    }
    Ok(number)
}

/// `digits` × 10^`exponent`, without zeros at either end; zero has no digits and exponent 0.
#[derive(Debug, PartialEq, Eq)]
struct Decimal {
    negative: bool,
    digits: String,
    exponent: i64,
}

impl Decimal {
    fn of(lexeme: &str) -> Self {
        let (negative, unsigned) = match lexeme.strip_prefix('-') {
            Some(unsigned) => (true, unsigned),
            None => (false, lexeme),
        };
        let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, saturating(exponent)),
            None => (unsigned, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let mut digits = format!("{whole}{fraction}");
        let places = i64::try_from(fraction.len()).unwrap_or(i64::MAX);
        let mut exponent = exponent.saturating_sub(places);

        let significant = digits.trim_end_matches('0').len();
        let zeros = i64::try_from(digits.len() - significant).unwrap_or(i64::MAX);
        exponent = exponent.saturating_add(zeros);
        digits.truncate(significant);
        let digits = digits.trim_start_matches('0').to_owned();
        if digits.is_empty() {
            return Self {
                negative: false,
                digits,
                exponent: 0,
            };
        }
        Self {
            negative,
            digits,
            exponent,
        }
    }

    /// The integer, if it fits; needs an exponent of at least 0.
    fn integer(&self) -> Option<Number> {
        // u64::MAX has 20 digits; with more, building the text would cost what the exponent says.
        const MAX_DIGITS: usize = 20;
        let zeros = usize::try_from(self.exponent).ok()?;
        if self.digits.len().saturating_add(zeros) > MAX_DIGITS {
            return None;
        }
        let sign = if self.negative { "-" } else { "" };
        let written = format!("{sign}0{}{}", self.digits, "0".repeat(zeros));
        match written.parse::<i64>() {
            Ok(integer) => Some(Number::from(integer)),
            Err(_) => written.parse::<u64>().ok().map(Number::from),
        }
    }
}

/// An exponent of any length; beyond i64 it saturates, which is out of range either way.
fn saturating(exponent: &str) -> i64 {
    let bound = if exponent.starts_with('-') {
        i64::MIN
    } else {
        i64::MAX
    };
    exponent.parse().unwrap_or(bound)
}
