use grammar::xml::is_xml_char;

use crate::mismatch::Mismatch;

/// What is known of all characters of a text, so that its pieces need not be searched for what is nowhere.
pub(super) struct Characters {
    /// There are carriage returns, which XML reads as line feeds.
    pub(super) has_returns: bool,
    /// `]]>` stands somewhere: at the end of a CDATA section, or where it must not.
    pub(super) may_end_cdata: bool,
}

impl Characters {
    /// Refuses what XML 1.0 cannot carry, and a second byte order mark, which quick-xml would take for the
    /// first and drop; with the byte where it stands.
    pub(super) fn of(text: &str) -> Result<Self, (Mismatch, usize)> {
        if may_hold_forbidden(text)
            && let Some((at, _)) = text.char_indices().find(|(_, found)| !is_xml_char(*found))
        {
            let expected = "characters that XML 1.0 allows";
            return Err((Mismatch::new(expected, "a forbidden one"), at));
        }
        if text.starts_with('\u{FEFF}') {
            return Err((Mismatch::new("one byte order mark", "two"), 0));
        }
        Ok(Self {
            has_returns: memchr::memchr(b'\r', text.as_bytes()).is_some(),
            may_end_cdata: memchr::memmem::find(text.as_bytes(), b"]]>").is_some(),
        })
    }
}

/// Of the characters that a text of UTF-8 can hold XML 1.0 forbids control characters, U+FFFE and U+FFFF. A
/// pass over the bytes without a branch in it, a tenth of one over the characters (0.2 instructions a byte).
fn may_hold_forbidden(text: &str) -> bool {
    let control = |byte: &u8| *byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r');
    let mut blocks = text.as_bytes().chunks(64);
    let control = |block: &[u8]| block.iter().fold(false, |any, byte| any | control(byte));
    blocks.any(control)
        || memchr::memmem::find_iter(text.as_bytes(), b"\xEF\xBF")
            .any(|at| matches!(text.as_bytes().get(at + 2), Some(0xBE | 0xBF)))
}
