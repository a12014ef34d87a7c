//! Texts of a document as a terminal may show them.

/// A name from the document may hold a line break, an escape sequence of a terminal, or a mark that turns the order
/// of reading: they are written out.
pub(super) fn printable(text: &str) -> String {
    let escape = |c: char| match steers(c) {
        true => c.escape_default().to_string(),
        false => c.to_string(),
    };
    text.chars().map(escape).collect()
}

/// A line of the document, character by character, so that places go on to fit. Tabs are left: they are drawn as
/// four blanks.
pub(super) fn shown(c: char) -> char {
    match c {
        '\t' => c,
        c if steers(c) => '\u{fffd}',
        c => c,
    }
}

/// Controls (C0, DEL, C1), ends of line, marks of direction (Unicode UAX #9), and what has no width and nothing to join.
fn steers(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
        )
}
