//! Where something stands in a text.

/// A stretch of one line of the source text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// 1-based.
    pub line: usize,
    /// 1-based, in characters.
    pub column: usize,
    /// In characters, at least 1; it never leaves the line.
    pub length: usize,
}

impl Place {
    /// The first character: what is wrong with a file as a whole is shown there.
    pub const START: Place = Place {
        line: 1,
        column: 1,
        length: 1,
    };
}
