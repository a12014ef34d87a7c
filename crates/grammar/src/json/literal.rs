use std::borrow::Cow;

use super::{Expected, SyntaxError};

/// A text as it is written, between its quotes. Its escapes are known to be good ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Literal<'t> {
    raw: &'t str,
    escaped: bool,
}

/// What a literal says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded<'t> {
    /// The text: a slice of the input unless it holds escapes. Each lone surrogate became U+FFFD.
    pub text: Cow<'t, str>,
    /// The lone surrogates, where there are any. Such a text is well-formed (RFC 8259 section 8.2), and
    /// says what cannot be said.
    pub lone: Option<LoneSurrogates>,
}

/// Escapes of half a surrogate pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LoneSurrogates {
    /// The first one, a code unit of UTF-16.
    pub first: u16,
    /// How many there are.
    pub count: usize,
}

impl<'t> Literal<'t> {
    /// What stands between the quotes, escapes included.
    #[must_use]
    pub const fn raw(&self) -> &'t str {
        self.raw
    }

    /// Whether it holds escapes. One that does not is the text itself.
    #[must_use]
    pub const fn is_escaped(&self) -> bool {
        self.escaped
    }

    /// The text without its escapes.
    #[must_use]
    pub fn decode(&self) -> Decoded<'t> {
        if !self.escaped {
            return Decoded {
                text: Cow::Borrowed(self.raw),
                lone: None,
            };
        }
        let mut text = String::with_capacity(self.raw.len());
        let mut lone = None;
        let mut rest = self.raw;
        while let Some((plain, behind)) = rest.split_once('\\') {
            text.push_str(plain);
            rest = unescape(behind, &mut text, &mut lone);
        }
        text.push_str(rest);
        Decoded {
            text: Cow::Owned(text),
            lone,
        }
    }
}

/// Decodes the escape that `rest` begins with, behind its backslash, and returns what follows.
fn unescape<'t>(rest: &'t str, text: &mut String, lone: &mut Option<LoneSurrogates>) -> &'t str {
    let mut characters = rest.chars();
    match characters.next() {
        Some('b') => text.push('\u{8}'),
        Some('f') => text.push('\u{c}'),
        Some('n') => text.push('\n'),
        Some('r') => text.push('\r'),
        Some('t') => text.push('\t'),
        Some('u') => return unescape_unit(characters.as_str(), text, lone),
        Some(other) => text.push(other),
        // A literal does not end within an escape.
        None => {}
    }
    characters.as_str()
}

/// Decodes four hexadecimal digits, and the second half of a surrogate pair where there is one.
fn unescape_unit<'t>(
    rest: &'t str,
    text: &mut String,
    lone: &mut Option<LoneSurrogates>,
) -> &'t str {
    let Some((first, behind)) = unit(rest) else {
        return rest;
    };
    if let Some(character) = char::from_u32(u32::from(first)) {
        text.push(character);
        return behind;
    }
    let second = behind.strip_prefix("\\u").and_then(unit);
    if let Some((second, behind)) = second
        && let Some(Ok(character)) = char::decode_utf16([first, second]).next()
    {
        text.push(character);
        return behind;
    }
    text.push(char::REPLACEMENT_CHARACTER);
    lone.get_or_insert(LoneSurrogates { first, count: 0 }).count += 1;
    behind
}

fn unit(text: &str) -> Option<(u16, &str)> {
    let (digits, behind) = text.split_at_checked(4)?;
    Some((u16::from_str_radix(digits, 16).ok()?, behind))
}

/// Reads the literal whose first character behind the opening quote stands at `start`. Returns it with the
/// offset behind the closing quote.
pub(super) fn scan(text: &str, start: usize) -> Result<(Literal<'_>, usize), SyntaxError> {
    let bytes = text.as_bytes();
    let mut escaped = false;
    let mut at = start;
    loop {
        at += plain(bytes.get(at..).unwrap_or_default());
        match bytes.get(at) {
            Some(b'"') => break,
            Some(b'\\') => {
                escaped = true;
                at = escape(bytes, at + 1)?;
            }
            found => {
                let expected = match found {
                    Some(_) => Expected::EscapedControl,
                    None => Expected::Quote,
                };
                return Err(SyntaxError {
                    offset: at,
                    expected,
                });
            }
        }
    }
    // Both ends stand beside a quote, so they are boundaries.
    let raw = text.get(start..at).unwrap_or_default();
    Ok((Literal { raw, escaped }, at + 1))
}

/// Checks the escape whose character behind the backslash stands at `at`; returns the offset behind it.
fn escape(bytes: &[u8], at: usize) -> Result<usize, SyntaxError> {
    let wrong = |offset| SyntaxError {
        offset,
        expected: match bytes.get(offset) {
            Some(_) => Expected::Escape,
            None => Expected::Quote,
        },
    };
    match bytes.get(at) {
        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Ok(at + 1),
        Some(b'u') => {
            let digits = (at + 1)..(at + 5);
            let is_digit = |at: &usize| bytes.get(*at).is_some_and(u8::is_ascii_hexdigit);
            match digits.clone().find(|at| !is_digit(at)) {
                Some(offset) => Err(wrong(offset)),
                None => Ok(digits.end),
            }
        }
        _ => Err(wrong(at)),
    }
}

/// How many bytes stand before the first quote, backslash or control character. Eight are looked at in one
/// step: a byte's high bit is set where a subtraction borrowed from it (Mycroft's test for a zero byte). A
/// borrow may also mark the byte above one that is meant, never one below, so the lowest mark is right.
pub(super) fn plain(bytes: &[u8]) -> usize {
    let (words, rest) = bytes.as_chunks::<8>();
    for (index, word) in words.iter().enumerate() {
        if let Some(at) = mark(*word) {
            return index * 8 + at;
        }
    }
    // The last eight bytes reach back into what is known to be plain.
    if let (Some(word), false) = (bytes.last_chunk::<8>(), rest.is_empty()) {
        return mark(*word).map_or(bytes.len(), |at| bytes.len() - 8 + at);
    }
    let marks = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..0x20);
    words.len() * 8 + rest.iter().position(marks).unwrap_or(rest.len())
}

/// The first quote, backslash or control character.
fn mark(word: [u8; 8]) -> Option<usize> {
    const ONES: u64 = u64::MAX / 255;
    let word = u64::from_le_bytes(word);
    let quote = word ^ (ONES * b'"' as u64);
    let backslash = word ^ (ONES * b'\\' as u64);
    let found = (word.wrapping_sub(ONES * 0x20) & !word)
        | (quote.wrapping_sub(ONES) & !quote)
        | (backslash.wrapping_sub(ONES) & !backslash);
    let found = found & (ONES << 7);
    (found != 0).then(|| found.trailing_zeros() as usize / 8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_bytes_end_at_the_first_mark_wherever_it_stands() {
        for mark in [b'"', b'\\', 0, 0x1f] {
            for length in 0..40 {
                let mut bytes = vec![b'!'; length];
                bytes.extend([mark, mark, b'a', 0x80, mark]);
                assert_eq!(plain(&bytes), length, "{mark} {length}");
            }
        }
        for other in [b' ', b'!', b'#', b'[', b']', 0x7f, 0x80, 0x9c, 0xa2, 0xff] {
            assert_eq!(plain(&[other; 21]), 21, "{other}");
        }
    }

    #[test]
    fn halves_of_pairs_are_counted() {
        for (literal, text, lone) in [
            (r#"\ud83d\ude00""#, "😀", None),
            (r#"x\ud800y""#, "x\u{fffd}y", Some((0xd800, 1))),
            (r#"\udc00\udc01""#, "\u{fffd}\u{fffd}", Some((0xdc00, 2))),
            (r#"\ud800\ud83d\ude00""#, "\u{fffd}😀", Some((0xd800, 1))),
            (r#"\ud800\u0041""#, "\u{fffd}A", Some((0xd800, 1))),
            (r#"\ud800\n""#, "\u{fffd}\n", Some((0xd800, 1))),
            (r#"\"\\\/\b\f\n\r\t\u00f1""#, "\"\\/\u{8}\u{c}\n\r\tñ", None),
        ] {
            let (read, behind) = scan(literal, 0).unwrap();
            assert_eq!(behind, literal.len());
            let decoded = read.decode();
            assert_eq!(decoded.text, text, "{literal}");
            let lone = lone.map(|(first, count)| LoneSurrogates { first, count });
            assert_eq!(decoded.lone, lone, "{literal}");
        }
    }
}
