//! Why an answer could not be understood.

use grammar::pointer;

/// An answer that does not say what the contract expects. `expected`, `at` and `found` speak the
/// contract's words and our own, never the vendor's, so that they may enter a problem; `excerpt` is
/// the vendor's text and belongs in the log only.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected}, found {found}{}", self.place())]
pub struct Mismatch {
    /// What the contract expects there, in words.
    pub expected: String,
    /// A pointer into the vendor's document (member or element names and item numbers, RFC 6901),
    /// or empty for the whole of it.
    pub at: String,
    /// What stands there, in words; never the text itself.
    pub found: String,
    /// At most 200 characters, escaped.
    pub excerpt: String,
    /// The answer may well be right, and is more than we take.
    pub over: Option<Limit>,
}

/// A limit of [`AnswerLimits`](crate::AnswerLimits).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// [`AnswerLimits::depth`](crate::AnswerLimits::depth).
    Depth,
    /// [`AnswerLimits::nodes`](crate::AnswerLimits::nodes).
    Values,
    /// [`AnswerLimits::attributes`](crate::AnswerLimits::attributes).
    Attributes,
    /// [`AnswerLimits::text`](crate::AnswerLimits::text).
    Text,
}

impl Mismatch {
    pub(crate) fn new(expected: impl Into<String>, found: impl Into<String>) -> Self {
        Self {
            expected: expected.into(),
            at: String::new(),
            found: found.into(),
            excerpt: String::new(),
            over: None,
        }
    }

    /// More than a limit allows: `at most {most} {what}`.
    pub(crate) fn over(limit: Limit, most: usize, what: &str) -> Self {
        Self {
            over: Some(limit),
            ..Self::new(format!("at most {most} {what}"), "more")
        }
    }

    pub(crate) fn with_excerpt(mut self, text: &str) -> Self {
        self.excerpt = excerpt(text);
        self
    }

    /// Keeps a narrower excerpt where one is there already.
    pub(crate) fn or_excerpt(mut self, escaped: impl FnOnce() -> String) -> Self {
        if self.excerpt.is_empty() {
            self.excerpt = escaped();
        }
        self
    }

    pub(crate) fn at(mut self, pointer: impl Into<String>) -> Self {
        self.at = pointer.into();
        self
    }

    /// The same, seen from the parent of the place `token`. A map's keys are the vendor's, so a
    /// token is cut where no declared name would end.
    pub(crate) fn inside(mut self, token: &str) -> Self {
        self.step_out(token);
        self
    }

    pub(crate) fn step_out(&mut self, token: &str) {
        let token: String = token.chars().take(64).collect();
        self.at = pointer::child("", &token) + &self.at;
    }

    fn place(&self) -> String {
        if self.at.is_empty() {
            String::new()
        } else {
            format!(" at {}", self.at)
        }
    }
}

/// Longest excerpt: enough to recognise a login page, too little to flood a log line or to carry a
/// list of people into it.
const EXCERPT_CHARS: usize = 200;

/// The start of `text` with control and invisible characters escaped, so that a vendor cannot
/// forge log lines.
pub(crate) fn excerpt(text: &str) -> String {
    text.chars()
        .flat_map(char::escape_debug)
        .take(EXCERPT_CHARS)
        .collect()
}

/// The same of bytes that may not be text.
pub(crate) fn excerpt_of_bytes(bytes: &[u8]) -> String {
    let head = bytes.get(..EXCERPT_CHARS * 4).unwrap_or(bytes);
    excerpt(&String::from_utf8_lossy(head))
}

/// The text around a byte offset, where the reader stumbled.
pub(crate) fn excerpt_around(text: &str, offset: usize) -> String {
    let mut start = offset.saturating_sub(60).min(text.len());
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    excerpt(text.get(start..).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_is_bounded_and_cannot_forge_a_log_line() {
        let shown = excerpt(&format!("a\r\nb\u{1b}[31m\u{202e}{}", "x".repeat(500)));
        assert_eq!(shown.chars().count(), 200);
        assert!(shown.starts_with(r"a\r\nb\u{1b}[31m\u{202e}xxx"), "{shown}");
        assert_eq!(excerpt_of_bytes(b"\xff<"), "\u{fffd}<");
        assert_eq!(excerpt_around("ñandú", 2), "ñandú");
    }

    #[test]
    fn a_place_is_read_from_the_outside_in() {
        let mismatch = Mismatch::new("an integer", "a string")
            .inside("capacity")
            .inside("0");
        assert_eq!(mismatch.at, "/0/capacity");
        assert_eq!(
            mismatch.to_string(),
            "expected an integer, found a string at /0/capacity"
        );
    }
}
