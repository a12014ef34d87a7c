//! The name of an operation.

use std::borrow::Borrow;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

/// An `operationId`: a letter, then letters, digits, `_` and `-`, at most [`OperationId::LONGEST`] bytes. It
/// is the label of a metric and an argument of the command line, so it needs no quotes and no escapes.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OperationId(Arc<str>);

impl OperationId {
    /// In bytes, which are characters.
    pub const LONGEST: usize = 64;

    /// `None` where the text is no such name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        let is_id = text.starts_with(|c: char| c.is_ascii_alphabetic())
            && text.chars().all(plain)
            && text.len() <= Self::LONGEST;
        is_id.then(|| Self(Arc::from(text)))
    }

    /// The name as text that is shared.
    #[must_use]
    pub fn shared(&self) -> Arc<str> {
        Arc::clone(&self.0)
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Deref for OperationId {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for OperationId {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for OperationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::OperationId;

    #[test]
    fn a_name_is_a_letter_and_then_letters_digits_and_two_signs() {
        for good in ["a", "getRoom", "get_room-2", &"a".repeat(64)] {
            assert_eq!(
                OperationId::parse(good).map(|id| id.to_string()),
                Some(good.to_owned())
            );
        }
        for bad in ["", "1a", "_a", "a b", "a.b", "ä", &"a".repeat(65)] {
            assert_eq!(OperationId::parse(bad), None, "{bad}");
        }
    }
}
