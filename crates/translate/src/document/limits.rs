//! How large the tree of an answer may grow.

/// Limits on an answer's structure; its bytes are bounded by the caller (8 MiB by default).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AnswerLimits {
    /// Nesting of elements, or of objects and arrays. Without it an answer of 20,000 opening tags
    /// overflows the stack when the tree is walked or dropped.
    pub depth: usize,
    /// Elements, or JSON values. Without it 8 MiB of `<a/>` or `0,` become millions of nodes and
    /// some 300 MB from one answer.
    pub nodes: usize,
    /// Attributes of one element. Without it the search for duplicates, which is quadratic, is at
    /// the mercy of a tag with 20,000 attributes.
    pub attributes: usize,
    /// Bytes of one text, number or attribute. Without it a runaway field goes on into the cache, the answer
    /// and every copy made on the way.
    pub text: usize,
}

impl Default for AnswerLimits {
    /// A vendor's largest documented document is a list of rooms: depth 2, ten values each, so
    /// 250,000 nodes are some 20,000 rooms.
    fn default() -> Self {
        Self {
            depth: 64,
            nodes: 250_000,
            attributes: 256,
            text: 1024 * 1024,
        }
    }
}
