//! How much may stand in an answer.

/// Limits on an answer's structure; its bytes are bounded by the caller (8 MiB by default).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AnswerLimits {
    /// Nesting of elements, or of objects and arrays. Without it an answer of 20,000 opening tags
    /// overflows the stack when it is read.
    pub depth: usize,
    /// Elements, or JSON values. Without it 8 MiB of `<a/>` or `0,` keep a thread busy with millions of them
    /// for one caller.
    pub nodes: usize,
    /// Attributes of one element. Without it a tag of megabytes is one row of names that are compared.
    pub attributes: usize,
    /// Bytes of one text, number or attribute. Without it a runaway field goes on into the cache, the answer
    /// and every copy made on the way.
    pub text: usize,
}

impl Default for AnswerLimits {
    /// Two million nodes are 8 MiB of records whose values take four bytes each, names and punctuation
    /// included; ordinary ones take twenty and more.
    fn default() -> Self {
        Self {
            depth: 64,
            nodes: 2_000_000,
            attributes: 256,
            text: 1024 * 1024,
        }
    }
}
