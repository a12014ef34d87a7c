//! What a value becomes: a letter `x` or `X`, a digit `0`, all else itself. A number stays one, and so does a time.

use grammar::{date_time, number};

/// A character of a blank.
enum Part {
    Fixed(char),
    /// One of several; the first is the usual one.
    Varies(&'static [u8]),
}

const SMALL: &[u8] = b"xyzabcdefghijklmnopqrstuvw";
const CAPITAL: &[u8] = b"XYZABCDEFGHIJKLMNOPQRSTUVW";
const DIGITS: &[u8] = b"0123456789";
const LEADING: &[u8] = b"123456789";
const SIXES: &[u8] = b"012345";
const TWOS: &[u8] = b"01";

/// The blank of a text; with another number another one of the same kind, as long as there are such.
pub fn variant(text: &str, number: usize) -> String {
    let inner = text.trim_matches([' ', '\t', '\r', '\n']);
    // No other truth value has its length; its type matters more.
    if matches!(inner, "true" | "false") {
        return text.replace("true", "false");
    }
    let parts = if number::is_json(inner) {
        of_number(text)
    } else if date_time::check(inner).is_ok() {
        of_time(text)
    } else {
        text.chars().map(of_character).collect()
    };
    written(&parts, number)
}

fn of_character(c: char) -> Part {
    match c {
        _ if c.is_uppercase() => Part::Varies(CAPITAL),
        _ if c.is_alphabetic() => Part::Varies(SMALL),
        _ if c.is_numeric() => Part::Varies(DIGITS),
        _ => Part::Fixed(c),
    }
}

/// A leading zero would make it another number's text, and an exponent a number that none can hold.
fn of_number(text: &str) -> Vec<Part> {
    let (mut begun, mut in_exponent) = (false, false);
    let part = |c: char| {
        in_exponent |= matches!(c, 'e' | 'E');
        match c {
            '0'..='9' if in_exponent => Part::Fixed('0'),
            '1'..='9' if !begun => {
                begun = true;
                Part::Varies(LEADING)
            }
            '0'..='9' => {
                let only = !begun;
                begun = true;
                if only {
                    Part::Fixed('0')
                } else {
                    Part::Varies(DIGITS)
                }
            }
            other => Part::Fixed(other),
        }
    };
    text.chars().map(part).collect()
}

/// `2000-01-01T00:00:00`, with the fraction and the offset of the text in noughts.
fn of_time(text: &str) -> Vec<Part> {
    const DAY: &str = "2000-01-01";
    let start = text.find(|c: char| c.is_ascii_digit()).unwrap_or_default();
    let part = |(at, c): (usize, char)| match (at.checked_sub(start), c) {
        (Some(at), _) if at < DAY.len() => Part::Fixed(DAY.chars().nth(at).unwrap_or(c)),
        (Some(11), _) => Part::Varies(TWOS),
        (Some(12 | 15 | 18), _) => Part::Varies(DIGITS),
        (Some(14 | 17), _) => Part::Varies(SIXES),
        (_, '0'..='9') => Part::Fixed('0'),
        (_, other) => Part::Fixed(other),
    };
    text.chars().enumerate().map(part).collect()
}

fn written(parts: &[Part], mut number: usize) -> String {
    let mut chars: Vec<char> = Vec::with_capacity(parts.len());
    for part in parts.iter().rev() {
        chars.push(match part {
            Part::Fixed(c) => *c,
            Part::Varies(choice) => {
                let chosen = choice.get(number % choice.len()).copied();
                number /= choice.len();
                char::from(chosen.unwrap_or(b'x'))
            }
        });
    }
    chars.into_iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_and_kind_of_character_stay() {
        for (text, blank) in [
            ("Juan Núñez, 3º", "Xxxx Xxxxx, 0x"),
            ("netex@elearning.com", "xxxxx@xxxxxxxxx.xxx"),
            ("+34981523698", "+00000000000"),
            ("981523698", "100000000"),
            ("-0.75", "-0.00"),
            ("12.5e10", "10.0e00"),
            ("0", "0"),
            ("015", "000"),
            (" 42 ", " 10 "),
            ("true", "false"),
            (
                "2026-12-01T10:31:07.25+01:00",
                "2000-01-01T00:00:00.00+00:00",
            ),
            ("2026-12-01T10:31:07Z", "2000-01-01T00:00:00Z"),
            ("https://meet.example/a-B9", "xxxxx://xxxx.xxxxxxx/x-X0"),
            ("", ""),
            ("--", "--"),
            ("東京", "xx"),
        ] {
            assert_eq!(variant(text, 0), blank, "{text}");
        }
    }

    #[test]
    fn other_variants_are_of_the_same_kind() {
        assert_eq!(variant("ab", 1), "xy");
        assert_eq!(variant("ab", 27), "yy");
        assert_eq!(variant("Ab9", 10), "Xy0");
        assert_eq!(variant("77", 9), "19");
        assert_eq!(variant("77", 10), "20");
        assert_eq!(variant("2026-12-01T10:31:07Z", 61), "2000-01-01T00:01:01Z");
        assert_eq!(variant("-", 5), "-");
    }
}
