//! A vendor's answer as text, and the readers of that text: each event is checked as it is read, and nothing
//! is kept of what nobody asks for.

pub(crate) mod charset;
pub(crate) mod json;
mod limits;
mod media;
mod search;
pub(crate) mod xml;

use std::borrow::Cow;

use crate::encoding::Encoding;
use crate::mismatch::{self, Mismatch};

pub use limits::AnswerLimits;
pub use media::content_type_fits;

pub(crate) use media::{foreign, is_family};
pub(crate) use search::{Found, Wanted};

/// The text of an answer in one of the two encodings. Whether it is well-formed shows when it is read.
#[derive(Debug, Clone, PartialEq)]
pub struct Document<'b> {
    pub(crate) format: Format,
    pub(crate) text: Cow<'b, str>,
    pub(crate) limits: AnswerLimits,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Json,
    Xml,
}

/// Whether a body is empty, or all that it holds is a byte order mark and blanks, which a script leaves
/// behind that was to send nothing. No JSON, XML or HTML is that short.
pub(crate) fn says_nothing(body: &[u8]) -> bool {
    let text = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    text.iter()
        .all(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n'))
}

impl<'b> Document<'b> {
    /// Takes an answer's bytes for text. In go the declared encoding, the `Content-Type` as it came, the body,
    /// which the caller has bounded, and how much may stand in it.
    ///
    /// # Errors
    /// A foreign content type, and bytes that are not text in their charset.
    pub fn of(
        encoding: Encoding,
        content_type: Option<&str>,
        bytes: &'b [u8],
        limits: &AnswerLimits,
    ) -> Result<Self, Mismatch> {
        if !content_type_fits(encoding, content_type) {
            return Err(media::foreign(encoding, content_type, bytes));
        }
        match encoding {
            Encoding::Json => Self::json(content_type, bytes, limits),
            Encoding::Xml => Self::xml(content_type, bytes, limits),
            // A form is a request's encoding, and the contract refuses it for answers.
            Encoding::Form => Err(Mismatch::new("an answer in JSON or XML", "a form")),
        }
    }

    /// Reads all of it and builds nothing.
    ///
    /// # Errors
    /// What is not well-formed, or over the limits.
    pub fn check(&self) -> Result<(), Mismatch> {
        self.search(&[]).map(drop)
    }

    pub(crate) fn json(
        content_type: Option<&str>,
        bytes: &'b [u8],
        limits: &AnswerLimits,
    ) -> Result<Self, Mismatch> {
        Ok(Self {
            format: Format::Json,
            text: charset::of_json(content_type, bytes)?,
            limits: *limits,
        })
    }

    pub(crate) fn xml(
        content_type: Option<&str>,
        bytes: &'b [u8],
        limits: &AnswerLimits,
    ) -> Result<Self, Mismatch> {
        Ok(Self {
            format: Format::Xml,
            text: charset::of_xml(content_type, bytes)?,
            limits: *limits,
        })
    }

    /// What stands at the places, in their order.
    pub(crate) fn search(&self, wanted: &[Wanted<'_>]) -> Result<Vec<Found>, Mismatch> {
        match self.format {
            Format::Json => search::json(&self.text, &self.limits, wanted),
            Format::Xml => {
                search::xml(&self.text, &self.limits, wanted).map_err(|refusal| *refusal)
            }
        }
    }

    /// The start of the text, for the log.
    pub(crate) fn excerpt(&self) -> String {
        mismatch::excerpt(&self.text)
    }
}
