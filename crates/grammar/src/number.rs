//! Lexemes of numbers.

/// `-?[0-9]+`, of any length.
pub fn is_integer(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    are_digits(digits)
}

/// `-?[0-9]+(.[0-9]+)?([eE][+-]?[0-9]+)?`: JSON's numbers, and leading zeros, as XML Schema has them.
/// Not Rust's `inf`, `.5` or `1_000`.
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
        }
        for bad in [
            "inf", "NaN", ".5", "5.", "1e", "--1", "+1", "1_0", "", "-", " 1", "1 ", "٣",
        ] {
            assert!(!is_decimal(bad) && !is_integer(bad), "{bad}");
        }
        for text in ["007", "-00", "01.5"] {
            assert!(has_leading_zero(text), "{text}");
        }
        for text in ["0", "-0", "0.5", "10", "0e1", ""] {
            assert!(!has_leading_zero(text), "{text}");
        }
    }
}
