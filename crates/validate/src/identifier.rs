use std::fmt;

use thiserror::Error;
use unicode_normalization::UnicodeNormalization;

/// An identifier that may stand as one segment of a vendor's path, as the caller wrote it (it is
/// checked, never normalised).
///
/// The vendor's page forbids `\` and `/` "for security reasons" and names Tomcat; the rest was
/// measured on a Tomcat: `.` and `..` address the collection or another servlet, an encoded slash
/// is a slash where the connector decodes it, a segment is cut at `;`, CR LF passes into the id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExternalId(String);

/// Which rule an identifier breaks. The text is a whole sentence that names no value.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum IdentifierError {
    /// There is no character.
    #[error("an identifier must not be empty")]
    Empty,
    /// `/`, written out.
    #[error(
        "an identifier must not contain `/`, which a server reads as the end of a path segment; use another character, for example `-`"
    )]
    Slash,
    /// `\`, written out.
    #[error(
        "an identifier must not contain `\\`, which a server may read as `/`; use another character, for example `-`"
    )]
    Backslash,
    /// `%2F`, encoded once or more often.
    #[error(
        "an identifier must not contain `%2F`, an encoded `/`, however often it is encoded; use another character, for example `-`"
    )]
    EncodedSlash,
    /// `%5C`, encoded once or more often.
    #[error(
        "an identifier must not contain `%5C`, an encoded `\\`, however often it is encoded; use another character, for example `-`"
    )]
    EncodedBackslash,
    /// `.` or `..`, decoded, or before a `;`.
    #[error(
        "an identifier must not be `.` or `..` (nor so when decoded, nor before a `;`), which a server reads as a step to another resource; add a letter or digit"
    )]
    DotSegment,
    /// A control character or a line separator.
    #[error(
        "an identifier must not contain control characters or line separators (U+0000–U+001F, U+007F–U+009F, U+2028, U+2029); remove them"
    )]
    ControlCharacter,
    /// A blank at one of its ends.
    #[error("an identifier must not begin or end with a blank; remove it")]
    SurroundingBlanks,
    /// The value passes, but what NFKC makes of it breaks the rule inside.
    #[error(
        "an identifier must not contain look-alikes that Unicode normalisation (NFKC) turns into what is forbidden: {0}"
    )]
    CompatibilityForm(Box<IdentifierError>),
    /// More than [`ExternalId::MAX_CHARACTERS`].
    #[error(
        "an identifier must have at most {} characters, found {characters}",
        ExternalId::MAX_CHARACTERS
    )]
    TooLong {
        /// How many there are, in Unicode scalar values.
        characters: usize,
    },
}

impl ExternalId {
    /// In Unicode scalar values. Tomcat answers 400 to a request head beyond 8 KiB; 255 characters
    /// stay below it in any script.
    pub const MAX_CHARACTERS: usize = 255;

    /// Takes the decoded value: from a JSON text as it is, from a path after one percent-decoding.
    pub fn parse(text: &str) -> Result<Self, IdentifierError> {
        Self::check(text).map(|()| Self(text.to_owned()))
    }

    /// Whether a text is one.
    pub(crate) fn check(text: &str) -> Result<(), IdentifierError> {
        // First, because the work below grows with the length.
        let characters = text.chars().count();
        if characters > Self::MAX_CHARACTERS {
            return Err(IdentifierError::TooLong { characters });
        }
        check(text)?;
        // ASCII is its own compatibility form (UAX #15 section 1.1), and nearly every identifier is ASCII.
        if !text.is_ascii() {
            let compatible: String = text.nfkc().collect();
            check(&compatible)
                .map_err(|broken| IdentifierError::CompatibilityForm(Box::new(broken)))?;
        }
        Ok(())
    }

    /// The text, as the caller wrote it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text, as the caller wrote it.
    pub fn into_string(self) -> String {
        self.0
    }
}

impl AsRef<str> for ExternalId {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Display for ExternalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

fn check(text: &str) -> Result<(), IdentifierError> {
    if text.is_empty() {
        return Err(IdentifierError::Empty);
    }
    if text.chars().any(is_control_or_separator) {
        return Err(IdentifierError::ControlCharacter);
    }
    if text.contains('/') {
        return Err(IdentifierError::Slash);
    }
    if text.contains('\\') {
        return Err(IdentifierError::Backslash);
    }
    if text.trim() != text {
        return Err(IdentifierError::SurroundingBlanks);
    }
    if is_dot_segment(text) {
        return Err(IdentifierError::DotSegment);
    }
    check_decoded(text)
}

/// Looks at what a chain of careless servers could make of the text: decoded again and again, and
/// normalised in between. Ends, since each round that changes anything makes the text's `%XX`
/// fewer, and NFKC makes no `%` that was not one before.
fn check_decoded(text: &str) -> Result<(), IdentifierError> {
    if !text.contains('%') {
        return Ok(());
    }
    let mut current = text.to_owned();
    loop {
        let decoded = fully_decoded(&current);
        if decoded == current {
            return Ok(());
        }
        current = decoded.nfkc().collect();
        if current.contains('/') {
            return Err(IdentifierError::EncodedSlash);
        }
        if current.contains('\\') {
            return Err(IdentifierError::EncodedBackslash);
        }
        if is_dot_segment(&current) {
            return Err(IdentifierError::DotSegment);
        }
    }
}

/// Percent-decoded until nothing is left to decode, in one pass: a decoded byte may complete an
/// earlier `%XX` (`%2%46` → `%2F` → `/`), so the last three are looked at after each. The order
/// does not matter, because no `%XX` overlaps another. Bytes that are not UTF-8 become U+FFFD,
/// which is neither slash nor dot.
fn fully_decoded(text: &str) -> String {
    let mut decoded: Vec<u8> = Vec::with_capacity(text.len());
    for byte in text.bytes() {
        decoded.push(byte);
        while let [.., b'%', high, low] = decoded[..]
            && let Some((high, low)) = hexadecimal(high).zip(hexadecimal(low))
        {
            decoded.truncate(decoded.len() - 3);
            decoded.push(high << 4 | low);
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

fn hexadecimal(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

/// What stands before a `;` counts: Tomcat cuts a segment there.
fn is_dot_segment(text: &str) -> bool {
    let segment = text.split(';').next().unwrap_or(text);
    matches!(segment, "." | "..")
}

fn is_control_or_separator(character: char) -> bool {
    character.is_control() || matches!(character, '\u{2028}' | '\u{2029}')
}
