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
    // Nearly every text is clean, and shows it without being decoded: the controls above U+007F begin with
    // 0xC2.
    let suspect = |byte: u8| matches!(byte, 0..0x20 | 0x7f | 0xc2);
    if !text.bytes().any(suspect) {
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
