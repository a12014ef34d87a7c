//! What is judged, and what has to be known for it.

use std::collections::BTreeMap;

use grammar::PathSegment;
use url::Url;
use validate::Node;

use crate::document::AnswerLimits;

/// A vendor's answer, its content encoding undone.
pub struct Answer<'a> {
    /// The HTTP status.
    pub status: u16,
    /// The `Content-Type` as it came.
    pub content_type: Option<&'a str>,
    /// A header by its name in lower case; `None` where it is absent or not text.
    pub header: &'a dyn Fn(&str) -> Option<&'a str>,
    /// The content.
    pub body: &'a [u8],
    /// Whether the body arrived to its end; of one that did not, `body` is no evidence.
    pub whole: bool,
    /// How much may stand in it.
    pub limits: AnswerLimits,
}

/// What the judge needs to know of the call.
pub struct Context<'a> {
    /// The unified request body, after `set` and before `omit`.
    pub request: Option<Node<'a>>,
    /// Path parameters of the unified call, decoded.
    pub path: &'a BTreeMap<String, PathSegment>,
    /// What was called; `None` where there is no `Location` to resolve.
    pub called: Option<Called<'a>>,
    /// Whether a segment of a `Location`, decoded, can be what it is taken for.
    pub usable_segment: &'a dyn Fn(&str) -> bool,
}

/// The URL that was called: a `Location` is resolved against it (RFC 9110 §10.2.2) and must be of its
/// origin.
#[derive(Debug, Clone, Copy)]
pub struct Called<'a> {
    /// Its first part.
    pub base: &'a Url,
    /// What follows the base without its last slash: the rest of the path, and a query.
    pub target: &'a str,
}
