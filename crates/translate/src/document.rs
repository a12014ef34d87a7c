//! A vendor's answer, read once: bytes become text, text becomes a tree, or a [`Mismatch`].

pub(crate) mod charset;
pub(crate) mod json;
mod limits;
mod media;
pub(crate) mod xml;

use crate::encoding::Encoding;
use crate::mismatch::{self, Mismatch};

pub use limits::AnswerLimits;
pub use media::content_type_fits;

pub(crate) use media::{foreign, is_family};

pub(crate) use json::Json;
pub(crate) use xml::Element;

/// A well-formed answer. Numbers are kept as their lexemes, so that nothing passes through a float.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    pub(crate) tree: Tree,
    /// The start of the text, for the log.
    pub(crate) excerpt: String,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Tree {
    Json(Json),
    Xml(Element),
}

/// Whether a body is empty, or all that it holds is a byte order mark and blanks, which a script leaves
/// behind that was to send nothing. No JSON, XML or HTML is that short.
pub(crate) fn says_nothing(body: &[u8]) -> bool {
    let text = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    text.iter()
        .all(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n'))
}

impl Document {
    /// Reads an answer. In go the declared encoding, the `Content-Type` as it came and the body,
    /// which the caller has bounded. A foreign content type, bytes that are not text in their
    /// charset, and whatever is not well-formed or over the default limits, is a mismatch.
    pub fn parse(
        encoding: Encoding,
        content_type: Option<&str>,
        bytes: &[u8],
    ) -> Result<Self, Mismatch> {
        Self::parse_within(encoding, content_type, bytes, &AnswerLimits::default())
    }

    /// The same within other limits.
    pub fn parse_within(
        encoding: Encoding,
        content_type: Option<&str>,
        bytes: &[u8],
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

    pub(crate) fn json(
        content_type: Option<&str>,
        bytes: &[u8],
        limits: &AnswerLimits,
    ) -> Result<Self, Mismatch> {
        let text = charset::of_json(content_type, bytes)?;
        Ok(Self {
            tree: Tree::Json(json::parse(&text, limits)?),
            excerpt: mismatch::excerpt(&text),
        })
    }

    pub(crate) fn xml(
        content_type: Option<&str>,
        bytes: &[u8],
        limits: &AnswerLimits,
    ) -> Result<Self, Mismatch> {
        let text = charset::of_xml(content_type, bytes)?;
        Ok(Self {
            tree: Tree::Xml(xml::parse(&text, limits)?),
            excerpt: mismatch::excerpt(&text),
        })
    }
}
