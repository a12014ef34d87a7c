//! One segment of a URL's path.

use std::fmt;
use std::ops::Deref;
use std::str::FromStr;

use thiserror::Error;

/// A decoded text that stays one segment of a path: see [`is_segment`].
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PathSegment(String);

/// Why a text is no [`PathSegment`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("not one segment of a path")]
pub struct NotASegment;

impl PathSegment {
    /// Takes a decoded text.
    ///
    /// # Errors
    /// A text that would not stay one segment.
    pub fn new(text: String) -> Result<Self, NotASegment> {
        if is_segment(&text) {
            Ok(Self(text))
        } else {
            Err(NotASegment)
        }
    }
}

impl FromStr for PathSegment {
    type Err = NotASegment;

    fn from_str(text: &str) -> Result<Self, NotASegment> {
        Self::new(text.to_owned())
    }
}

impl Deref for PathSegment {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PathSegment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether a decoded text stays one segment of a path: an empty or dot segment would address another
/// resource, and some servers split at a slash though it is encoded.
pub fn is_segment(text: &str) -> bool {
    let splits = |c: char| matches!(c, '/' | '\\') || c.is_control();
    !matches!(text, "" | "." | "..") && !text.contains(splits)
}

#[cfg(test)]
mod tests {
    use super::{NotASegment, PathSegment, is_segment};

    #[test]
    fn segments() {
        for good in ["a", "...", "a b", "%2F", ";", "ñ"] {
            assert!(is_segment(good), "{good}");
            assert_eq!(good.parse::<PathSegment>().as_deref(), Ok(good));
        }
        for bad in ["", ".", "..", "/", "a/b", "a\\", "a\n", "\u{85}"] {
            assert!(!is_segment(bad), "{bad:?}");
            assert_eq!(bad.parse::<PathSegment>(), Err(NotASegment));
        }
    }
}
