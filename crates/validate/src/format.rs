//! The formats that a schema may name. All are asserted; another name is refused at compile time.

mod email_like;
mod http_url;
mod pattern;
mod uuid;

use crate::code;
use crate::identifier::ExternalId;
use grammar::date_time;

pub use pattern::Published;

/// A named rule for texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// [`ExternalId::parse`].
    Identifier,
    /// An absolute http or https URL with a host, without user name, blanks and control characters.
    HttpUrl,
    /// 8-4-4-4-12 hexadecimal digits in any case (RFC 9562 section 4).
    Uuid,
    /// RFC 3339 section 5.6: the offset is required, the day must exist.
    DateTime,
    /// Something, one `@`, something, no blanks. Looser than any vendor's own check, by intent: a
    /// stricter one would refuse addresses that the vendor takes.
    EmailLike,
}

impl Format {
    /// All formats, in the order of the documentation.
    pub const ALL: [Self; 5] = [
        Self::Identifier,
        Self::HttpUrl,
        Self::Uuid,
        Self::DateTime,
        Self::EmailLike,
    ];

    /// The name in a schema, which is the violation's code too.
    pub fn name(self) -> &'static str {
        match self {
            Self::Identifier => code::IDENTIFIER,
            Self::HttpUrl => code::HTTP_URL,
            Self::Uuid => code::UUID,
            Self::DateTime => code::DATE_TIME,
            Self::EmailLike => code::EMAIL_LIKE,
        }
    }

    /// The format of a name in a schema.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }

    /// `Err` holds what the text must be and what is wrong with it, to stand behind the field's
    /// name: "must be …".
    pub fn check(self, text: &str) -> Result<(), String> {
        match self {
            Self::Identifier => {
                ExternalId::check(text).map_err(|broken| format!("is refused: {broken}"))
            }
            Self::HttpUrl => http_url::check(text).map_err(|wrong| {
                format!("must be an absolute URL such as `https://host.example/path`, but {wrong}")
            }),
            Self::Uuid => uuid::check(text).then_some(()).ok_or_else(|| {
                "must be a UUID such as `6ba7b810-9dad-11d1-80b4-00c04fd430c8` (8-4-4-4-12 \
                 hexadecimal digits)"
                    .to_owned()
            }),
            Self::DateTime => date_time::check(text).map_err(|wrong| {
                format!(
                    "must be an RFC 3339 date and time with an offset, such as \
                     `2026-03-09T10:00:00+03:00`, but {wrong}"
                )
            }),
            Self::EmailLike => email_like::check(text)
                .map_err(|wrong| format!("must look like `name@host.example`, but {wrong}")),
        }
    }

    /// What a document says of the format; `None` where its name is a standard's own (RFC 9562, RFC 3339).
    #[must_use]
    pub fn published(self) -> Option<Published> {
        match self {
            Self::Identifier => Some(pattern::IDENTIFIER),
            Self::HttpUrl => Some(pattern::HTTP_URL),
            Self::EmailLike => Some(pattern::EMAIL_LIKE),
            Self::Uuid | Self::DateTime => None,
        }
    }
}
