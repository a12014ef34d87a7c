use thiserror::Error;

/// Where a text stops being JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("not JSON at byte {offset}: expected {expected}")]
pub struct SyntaxError {
    /// The first byte that no JSON text has here, counted from 0; the text's length where it ends too
    /// early.
    pub offset: usize,
    /// What would have been right.
    pub expected: Expected,
}

/// What the grammar (RFC 8259 sections 2 to 7) allows where something else was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Expected {
    /// A value: at the start, behind a colon, or behind a comma of an array.
    #[error("a value")]
    Value,
    /// A value or `]`: behind `[`.
    #[error("a value or `]`")]
    FirstItem,
    /// `,` or `]`.
    #[error("`,` or `]`")]
    NextItem,
    /// The `"` of a member's name; behind `{`, or `}`.
    #[error("a name in quotes")]
    Name,
    /// The colon behind a member's name.
    #[error("`:`")]
    Colon,
    /// `,` or `}`.
    #[error("`,` or `}}`")]
    NextMember,
    /// The next letter of `true`, `false` or `null`.
    #[error("`true`, `false` or `null`")]
    Word,
    /// A digit of a number.
    #[error("a digit")]
    Digit,
    /// No digit behind a number's first 0.
    #[error("a number without leading zeros")]
    NoLeadingZero,
    /// One of the escapes of section 7, or its next hexadecimal digit.
    #[error("an escape")]
    Escape,
    /// A control character (U+0000 to U+001F) as an escape, which it must be within a text.
    #[error("control characters as escapes")]
    EscapedControl,
    /// The closing quote: the text ends within a literal.
    #[error("a closing quote")]
    Quote,
    /// The end: something follows the value.
    #[error("the end of the text")]
    End,
}
