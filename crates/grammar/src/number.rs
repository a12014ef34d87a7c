//! Lexemes of numbers. Two grammars on purpose: JSON has one spelling for a whole part, and what comes
//! from XML may bear zeros before it.

/// `-?[0-9]+`, of any length.
#[must_use]
pub fn is_integer(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    are_digits(digits)
}

/// A number of JSON (RFC 8259 section 6), and nothing else.
#[must_use]
pub fn is_json(text: &str) -> bool {
    json_prefix(text).is_ok_and(|lexeme| lexeme.len() == text.len())
}

/// The number of JSON (RFC 8259 section 6) that a text begins with, as far as it goes.
///
/// # Errors
/// How many bytes were right. Behind them stands no digit, where one must stand; or one, behind a leading
/// zero.
pub fn json_prefix(text: &str) -> Result<&str, usize> {
    let bytes = text.as_bytes();
    let digits = |at: usize| {
        let rest = bytes.get(at..).unwrap_or_default();
        rest.iter().take_while(|byte| byte.is_ascii_digit()).count()
    };
    let some_digits = |at: usize| match digits(at) {
        0 => Err(at),
        count => Ok(at + count),
    };
    let mut at = usize::from(bytes.first() == Some(&b'-'));
    if bytes.get(at) == Some(&b'0') {
        at += 1;
        if digits(at) > 0 {
            return Err(at);
        }
    } else {
        at = some_digits(at)?;
    }
    if bytes.get(at) == Some(&b'.') {
        at = some_digits(at + 1)?;
    }
    if let Some(b'e' | b'E') = bytes.get(at) {
        let signed = matches!(bytes.get(at + 1), Some(b'+' | b'-'));
        at = some_digits(at + 1 + usize::from(signed))?;
    }
    // What was read is ASCII.
    Ok(text.get(..at).unwrap_or_default())
}

/// A decimal number of a vendor: `-?[0-9]+(.[0-9]+)?([eE][+-]?[0-9]+)?`, that is JSON's numbers, and
/// leading zeros as XML Schema (part 2 section 3.2.3) has them. Not Rust's `inf`, `.5` or `1_000`.
#[must_use]
pub fn is_decimal(text: &str) -> bool {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    is_integer(whole)
        && fraction.is_none_or(are_digits)
        && exponent.is_none_or(|exponent| {
            are_digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))
        })
}

/// Neither sign nor integer part bears a needless zero: one spelling for each integer, and RFC 8259
/// section 6 for all numbers.
#[must_use]
pub fn has_leading_zero(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let second = digits.as_bytes().get(1);
    digits.starts_with('0') && second.is_some_and(u8::is_ascii_digit)
}

fn are_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        for good in ["0", "-7", "007", "1.50", "-2.5E+1", "1e400"] {
            assert!(is_decimal(good), "{good}");
            assert_eq!(is_integer(good), !good.contains(['.', 'e', 'E']), "{good}");
            assert_eq!(is_json(good), !has_leading_zero(good), "{good}");
        }
        for bad in [
            "inf", "NaN", ".5", "5.", "1e", "--1", "+1", "1_0", "", "-", " 1", "1 ", "٣",
        ] {
            assert!(
                !is_decimal(bad) && !is_integer(bad) && !is_json(bad),
                "{bad}"
            );
        }
        for text in ["007", "-00", "01.5"] {
            assert!(has_leading_zero(text), "{text}");
            assert!(is_decimal(text) && !is_json(text), "{text}");
        }
        for text in ["0", "-0", "0.5", "10", "0e1", ""] {
            assert!(!has_leading_zero(text), "{text}");
        }
    }
}
