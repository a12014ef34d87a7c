//! What a decoder says.

use translate::Mismatch;

/// What a document held beyond the shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    pub unknown: usize,
    pub lenient: usize,
}

#[derive(Debug, PartialEq)]
pub struct Decoded {
    /// As JSON.
    pub text: String,
    pub counts: Counts,
}

pub fn mismatch(expected: impl Into<String>, found: impl Into<String>) -> Mismatch {
    Mismatch {
        expected: expected.into(),
        at: String::new(),
        found: found.into(),
        excerpt: String::new(),
        over: None,
    }
}

pub trait Told {
    fn with_excerpt(self, text: &str) -> Self;
    fn inside(self, token: &str) -> Self;
}

impl Told for Mismatch {
    fn with_excerpt(mut self, text: &str) -> Self {
        self.excerpt = excerpt(text);
        self
    }

    fn inside(mut self, token: &str) -> Self {
        let token: String = token.chars().take(64).collect();
        self.at = grammar::pointer::child("", &token) + &self.at;
        self
    }
}

pub fn excerpt(text: &str) -> String {
    text.chars()
        .flat_map(char::escape_debug)
        .take(200)
        .collect()
}
