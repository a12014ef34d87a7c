//! What may stand in any text of a request.
//!
//! Control characters other than tab, line feed and carriage return are refused: Tomcat passes NUL
//! and CR LF into an identifier, XML 1.0 cannot carry most of them, and logs are forged with them.

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
/// and those above begin with 0xC2. Nearly every text is so, and eight bytes are looked at in one step: a
/// subtraction borrows from a byte's high bit, or from one above a byte that is meant.
fn is_plain(bytes: &[u8]) -> bool {
    const ONES: u64 = u64::MAX / 255;
    const HIGH: u64 = ONES << 7;
    let (words, rest) = bytes.as_chunks::<8>();
    let suspect = words.iter().fold(0, |suspect, word| {
        let word = u64::from_le_bytes(*word);
        let delete = word ^ (ONES * 0x7f);
        let lead = word ^ (ONES * 0xc2);
        suspect
            | (word.wrapping_sub(ONES * 0x20) & !word)
            | (delete.wrapping_sub(ONES) & !delete)
            | (lead.wrapping_sub(ONES) & !lead)
    });
    suspect & HIGH == 0
        && !rest
            .iter()
            .any(|byte| matches!(byte, 0..0x20 | 0x7f | 0xc2))
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
