//! What a format means as words of JSON Schema that every reader knows, for a document that is served.
//!
//! The regular expressions keep to what ECMA-262, Python, Rust and the generators built on them read alike: no
//! look-around and no `\s`, whose meanings differ. They never refuse what the format takes; what they
//! cannot say says [`Published::meaning`].

/// What a document says of a format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Published {
    /// `pattern`.
    pub pattern: &'static str,
    /// `not: {pattern: …}`.
    pub not: Option<&'static str>,
    /// `maxLength`, in characters.
    pub max_length: Option<usize>,
    /// The whole rule, as sentences for people.
    pub meaning: &'static str,
}

/// Every control character, `/`, `\`, U+2028 and U+2029.
macro_rules! no_segment {
    () => {
        r"\x00-\x1f\x7f-\x9f/\\\u2028\u2029"
    };
}

/// Blanks (Unicode's `White_Space`) that are no control characters.
macro_rules! blank {
    () => {
        r" \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
    };
}

/// What stands in no URL and no address: blanks and all control characters.
macro_rules! no_word {
    () => {
        concat!(r"\x00-\x1f\x7f-\x9f\u2028\u2029", blank!())
    };
}

pub(super) const IDENTIFIER: Published = Published {
    pattern: concat!(
        "^[^",
        no_segment!(),
        blank!(),
        "](?:[^",
        no_segment!(),
        "]*[^",
        no_segment!(),
        blank!(),
        "])?$"
    ),
    not: Some(r"^\.\.?$|^\.\.?;|%(?:25)*(?:2[Ff]|5[Cc])"),
    max_length: Some(crate::ExternalId::MAX_CHARACTERS),
    meaning: "1 to 255 characters without `/`, `\\`, control characters and line separators, and without a blank at an end; \
              not `.` or `..`, nor these before a `;`; without `%2F` and `%5C`. What repeated percent-decoding and Unicode's \
              compatibility form (NFKC) make of it must keep the same rules.",
};

pub(super) const HTTP_URL: Published = Published {
    pattern: concat!(
        "^[Hh][Tt][Tt][Pp][Ss]?://[^@/?#\\\\",
        no_word!(),
        "]+(?:[/?#][^\\\\",
        no_word!(),
        "]*)?$"
    ),
    not: None,
    max_length: None,
    meaning: "An absolute http or https URL with a valid host, without a user name, blanks, control characters and `\\`.",
};

// Controls that are no blanks are refused in every text.
pub(super) const EMAIL_LIKE: Published = Published {
    pattern: concat!("^[^@", no_word!(), "]+@[^@", no_word!(), "]+$"),
    not: None,
    max_length: None,
    meaning: "Something, one `@`, something, without blanks.",
};
