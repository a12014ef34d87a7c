//! An answer read in two steps, as most tests want it: whether it is well-formed, and what it says.

use serde_json::Value;
use translate::{AnswerLimits, Encoding, Mismatch, Shape};

/// An answer that is well-formed.
#[derive(Debug)]
pub struct Document {
    encoding: Encoding,
    content_type: Option<String>,
    bytes: Vec<u8>,
    limits: AnswerLimits,
}

#[derive(Debug)]
pub struct Decoded {
    pub value: Value,
    pub unknown_fields: usize,
    pub lenient_values: usize,
}

impl Document {
    pub fn parse(
        encoding: Encoding,
        content_type: Option<&str>,
        bytes: &[u8],
    ) -> Result<Self, Mismatch> {
        Self::parse_within(encoding, content_type, bytes, &AnswerLimits::default())
    }

    pub fn parse_within(
        encoding: Encoding,
        content_type: Option<&str>,
        bytes: &[u8],
        limits: &AnswerLimits,
    ) -> Result<Self, Mismatch> {
        translate::Document::of(encoding, content_type, bytes, limits)?.check()?;
        Ok(Self {
            encoding,
            content_type: content_type.map(str::to_owned),
            bytes: bytes.to_vec(),
            limits: *limits,
        })
    }
}

pub fn decode(document: &Document, at: &[Vec<String>], shape: &Shape) -> Result<Decoded, Mismatch> {
    let content_type = document.content_type.as_deref();
    let (bytes, limits) = (&document.bytes, &document.limits);
    let document = translate::Document::of(document.encoding, content_type, bytes, limits)?;
    let decoded = translate::decode(&document, at, shape)?;
    let value = decoded.json.value();
    assert_eq!(decoded.json.as_str(), value.to_string(), "one spelling");
    Ok(Decoded {
        value,
        unknown_fields: decoded.unknown_fields,
        lenient_values: decoded.lenient_values,
    })
}
