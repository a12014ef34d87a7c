//! What a head says of its body and of the connection.

use http::header::{CONNECTION, CONTENT_LENGTH, EXPECT, TRANSFER_ENCODING};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Version};

/// What follows the head (RFC 9112 §6.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Framing {
    None,
    Length(u64),
    Chunked,
}

/// RFC 9112 §6.3. A length beside chunks, or two of them, is refused: a server in front of us may have
/// gone by the other and taken the rest for a request of its own (§11.2).
///
/// # Errors
/// What is wrong with the fields, for the caller.
pub fn framing(parts: &mut Parts) -> Result<Framing, &'static str> {
    let headers = &parts.headers;
    let mut codings = headers.get_all(TRANSFER_ENCODING).iter();
    let mut lengths = headers.get_all(CONTENT_LENGTH).iter();
    match (codings.next(), lengths.next()) {
        (None, None) => Ok(Framing::None),
        (Some(_), Some(_)) => {
            Err("The request has both Content-Length and Transfer-Encoding; send one of them.")
        }
        (Some(_), None) if parts.version != Version::HTTP_11 => {
            Err("HTTP/1.0 has no Transfer-Encoding.")
        }
        (Some(coding), None) => {
            let chunked = coding.as_bytes().eq_ignore_ascii_case(b"chunked");
            if chunked && codings.next().is_none() {
                Ok(Framing::Chunked)
            } else {
                Err("Transfer-Encoding can only be `chunked`, once.")
            }
        }
        (None, Some(length)) => {
            let digits = length.as_bytes();
            if lengths.next().is_some()
                || digits.is_empty()
                || !digits.iter().all(u8::is_ascii_digit)
            {
                return Err("Content-Length must be one number.");
            }
            // RFC 9112 §6.2: more digits than fit are a large length, not a small one.
            let length = length.to_str().ok().and_then(|text| text.parse().ok());
            if length.is_none() {
                parts
                    .headers
                    .insert(CONTENT_LENGTH, HeaderValue::from(u64::MAX));
            }
            Ok(Framing::Length(length.unwrap_or(u64::MAX)))
        }
    }
}

/// RFC 9110 §10.1.1: an expectation of HTTP/1.0 is ignored, and so is one that we do not know.
pub fn expects(parts: &Parts) -> bool {
    parts.version == Version::HTTP_11 && has_token(&parts.headers, &EXPECT, "100-continue")
}

/// RFC 9112 §9.3.
pub fn persists(parts: &Parts) -> bool {
    let says = |token| has_token(&parts.headers, &CONNECTION, token);
    !says("close") && (parts.version == Version::HTTP_11 || says("keep-alive"))
}

fn has_token(headers: &HeaderMap, name: &HeaderName, token: &str) -> bool {
    headers.get_all(name).iter().any(|value| {
        value
            .as_bytes()
            .split(|byte| *byte == b',')
            .any(|one| one.trim_ascii().eq_ignore_ascii_case(token.as_bytes()))
    })
}
