use grammar::json::{Expected, SyntaxError};

use crate::mismatch::{Limit, Mismatch, excerpt_around};

/// Why a text is no answer, with the byte where that shows.
pub(crate) enum Refusal {
    Syntax(SyntaxError),
    Over {
        limit: Limit,
        most: usize,
        offset: usize,
    },
    NameTwice {
        offset: usize,
    },
    LoneSurrogate {
        offset: usize,
    },
}

impl From<SyntaxError> for Refusal {
    fn from(error: SyntaxError) -> Self {
        Self::Syntax(error)
    }
}

impl Refusal {
    /// In words, with an excerpt of the text around the byte.
    pub(super) fn mismatch(self, text: &str) -> Mismatch {
        let wrong = |expected: &str, found: &str, offset| {
            Mismatch::new(expected, format!("{found} (byte {offset})"))
        };
        let (mut mismatch, offset) = match self {
            Self::Syntax(SyntaxError { offset, expected }) => {
                let (expected, found) = words(expected, offset >= text.len());
                (wrong(expected, found, offset), offset)
            }
            Self::Over {
                limit,
                most,
                offset,
            } => (Mismatch::over(limit, most, what(limit)), offset),
            Self::NameTwice { offset } => {
                let expected = "members with different names";
                (wrong(expected, "one name twice", offset), offset)
            }
            Self::LoneSurrogate { offset } => (wrong(STRING, BAD_STRING, offset), offset),
        };
        mismatch.excerpt = excerpt_around(text, offset);
        mismatch
    }
}

const STRING: &str = "a JSON string";
const BAD_STRING: &str = "a control character, a bad escape or half a surrogate pair";

/// What was expected, and what was found. `ended`: the text was, by its end.
fn words(expected: Expected, ended: bool) -> (&'static str, &'static str) {
    let found = if ended {
        "the end of the answer"
    } else {
        "something else"
    };
    let expected = match expected {
        Expected::Value | Expected::FirstItem | Expected::Word => "a JSON value",
        Expected::NextItem => "`,` or `]`",
        Expected::Name => "a member's name",
        Expected::Colon => "`:`",
        Expected::NextMember => "`,` or `}`",
        Expected::Digit => "a digit",
        Expected::NoLeadingZero => return ("a number", "a zero before it"),
        Expected::Quote => "the end of a string",
        Expected::Escape | Expected::EscapedControl => return (STRING, BAD_STRING),
        Expected::End => return ("the end of the JSON text", "more after it"),
    };
    (expected, found)
}

const fn what(limit: Limit) -> &'static str {
    match limit {
        Limit::Depth => "levels",
        Limit::Values => "values",
        Limit::Attributes => "attributes",
        Limit::Text => "bytes in one value",
    }
}
