//! The head of a read that asks for nothing but an answer, which may be kept already.

use crate::settings::Limits;

/// A GET or HEAD of HTTP/1.1 without content, in borrowed words. Whoever makes one has seen that its framing,
/// its `Host` and its connection are as every other check wants them, and that it has no field that such a
/// request rarely has (a condition but `If-None-Match`, a cache directive, a deadline of its own, ...): the
/// whole path ([`crate::engine::Engine::handle`]) reads those.
#[derive(Debug, Clone, Copy)]
pub struct PlainHead<'h> {
    /// Else HEAD.
    pub is_get: bool,
    /// Without query and without escapes.
    pub path: &'h str,
    /// What the lines of the fields take, in bytes.
    pub fields: usize,
    pub accept: Option<&'h [u8]>,
    pub authorization: Option<&'h [u8]>,
    pub if_none_match: Option<&'h [u8]>,
    pub traceparent: Option<&'h [u8]>,
    /// How many bytes the head is on the wire.
    pub length: usize,
}

impl PlainHead<'_> {
    #[must_use]
    pub fn method(&self) -> &'static str {
        if self.is_get { "GET" } else { "HEAD" }
    }

    /// Whether nothing in it is too large.
    #[must_use]
    pub fn is_within(&self, limits: &Limits) -> bool {
        self.path.len() <= limits.request_target && self.fields <= limits.headers
    }
}
