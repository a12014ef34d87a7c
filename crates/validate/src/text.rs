//! What may stand in any text of a request.
//!
//! Control characters other than tab, line feed and carriage return are refused: Tomcat passes NUL
//! and CR LF into an identifier, XML 1.0 cannot carry most of them, and logs are forged with them.

/// `pattern` of a text without a format: what [`is_forbidden`] refuses, in words that ECMA-262 and the regular
/// expressions of other languages read alike.
pub const PATTERN: &str = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*$";

/// Whether a character is refused in every text: Unicode's category Cc (U+0000–U+001F, U+007F,
/// U+0080–U+009F) without TAB, LF and CR.
pub fn is_forbidden(character: char) -> bool {
    character.is_control() && !matches!(character, '\t' | '\n' | '\r')
}

/// The forbidden characters of a text, each with its 1-based position in characters.
pub fn forbidden_characters(text: &str) -> impl Iterator<Item = (usize, char)> {
    (1..)
        .zip(text.chars())
        .filter(|(_, character)| is_forbidden(*character))
}

/// `U+0000 at character 3`, with a count where there are more; `None` for a clean text.
pub(crate) fn describe_forbidden(text: &str) -> Option<String> {
    if is_plain(text.as_bytes()) {
        return None;
    }
    let mut found = forbidden_characters(text);
    let (position, character) = found.next()?;
    let code = u32::from(character);
    let more = match found.count() {
        0 => String::new(),
        count => format!(" (and {count} more)"),
    };
    Some(format!("U+{code:04X} at character {position}{more}"))
}

/// Whether a text cannot hold a control character, seen without decoding it: those up to U+007F are bytes,
/// and those above begin with 0xC2. Nearly every text is so.
fn is_plain(bytes: &[u8]) -> bool {
    let below_space = |word: u64| word.wrapping_sub(ONES * 0x20) & !word;
    let (words, rest) = bytes.as_chunks::<8>();
    let suspect = words.iter().fold(0, |suspect, word| {
        let word = u64::from_le_bytes(*word);
        suspect | below_space(word) | is(word, 0x7f) | is(word, 0xc2)
    });
    let marks = |byte: &u8| matches!(byte, 0..0x20 | 0x7f | 0xc2);
    suspect & HIGH == 0 && !rest.iter().any(marks)
}

/// Whether no text that stands in JSON without escapes can hold a control character: there those below
/// U+0020 are none (RFC 8259 section 7).
pub(crate) fn is_plain_json(text: &str) -> bool {
    let (words, rest) = text.as_bytes().as_chunks::<8>();
    let suspect = words.iter().fold(0, |suspect, word| {
        let word = u64::from_le_bytes(*word);
        suspect | is(word, 0x7f) | is(word, 0xc2)
    });
    suspect & HIGH == 0 && !rest.iter().any(|byte| matches!(byte, 0x7f | 0xc2))
}

/// Eight bytes are looked at in one step: a subtraction borrows from the high bit of a byte that is meant, or
/// from one above it.
const ONES: u64 = u64::MAX / 255;
const HIGH: u64 = ONES << 7;

/// High bits of the bytes of a word that are `byte`.
const fn is(word: u64, byte: u8) -> u64 {
    let other = word ^ (ONES * byte as u64);
    other.wrapping_sub(ONES) & !other
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_forbidden_character_is_seen_wherever_it_stands() {
        for character in (0..0x3000_u32).filter_map(char::from_u32) {
            let text = format!("héllo w{character}rld");
            let found = describe_forbidden(&text).is_some();
            assert_eq!(found, is_forbidden(character), "{text:?}");
            if character >= ' ' && found {
                assert!(!is_plain_json(&text), "{text:?}");
            }
        }
        for before in 0..20 {
            for behind in 0..20 {
                let (before, behind) = ("a".repeat(before), "é".repeat(behind));
                assert_eq!(describe_forbidden(&format!("{before}{behind}")), None);
                for control in ['\0', '\u{1f}', '\u{7f}', '\u{80}', '\u{9f}'] {
                    let text = format!("{before}{control}{behind}");
                    assert!(describe_forbidden(&text).is_some(), "{text:?}");
                }
            }
        }
    }
}
