//! What the head says of a request's content: its type, its coding, and that it is whole.

use contract::{GatewayProblem, Operation, RequestBody};
use grammar::media_type;
use http::HeaderName;
use http::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_RANGE, CONTENT_TYPE};
use http::request::Parts;
use validate::{At, Violation, Violations};

use crate::engine::refusal::Refusal;

const ACCEPT_PATCH: HeaderName = HeaderName::from_static("accept-patch");

/// JSON is UTF-8 (RFC 8259 §8.1), and ASCII is a part of it.
const CHARSETS: [&str; 3] = ["utf-8", "utf8", "us-ascii"];

/// 415, with what would be taken: `Accept` (RFC 9110 §15.5.16), of a PATCH `Accept-Patch` too (RFC 5789
/// §2.2), and of a coding `Accept-Encoding`, which no other 415 may have (RFC 9110 §12.5.3).
pub fn check(operation: &Operation, body: &RequestBody, head: &Parts) -> Result<(), Refusal> {
    let accepted = || body.media_types.join(", ");
    let refuse = |detail: String| {
        let accepted = accepted();
        let refusal = Refusal::new(GatewayProblem::UnsupportedMediaType, detail)
            .with_header(ACCEPT, &accepted);
        if operation.method == "PATCH" {
            refusal.with_header(ACCEPT_PATCH, &accepted)
        } else {
            refusal
        }
    };
    if let Some(coding) = coding(head) {
        let mut refusal = refuse(format!(
            "The body has the Content-Encoding `{coding}`, and none is read."
        ))
        .with_header(ACCEPT_ENCODING, "identity");
        refusal.hint = Some("Send the body as it is, without `Content-Encoding`.".to_owned());
        return Err(refusal);
    }
    let mut types = head.headers.get_all(CONTENT_TYPE).iter();
    let value = match (types.next(), types.next()) {
        (Some(value), None) => value,
        (None, _) => {
            return Err(refuse(format!(
                "Content-Type is missing; send {}.",
                accepted()
            )));
        }
        (Some(_), Some(_)) => {
            return Err(refuse(format!(
                "Content-Type is there twice; send one of {}.",
                accepted()
            )));
        }
    };
    let text = value.to_str().unwrap_or_default();
    let is_accepted = |given: &str| {
        let mut known = body.media_types.iter();
        known.any(|known| known.eq_ignore_ascii_case(given))
    };
    if is_accepted(text) {
        return Ok(()); // without parameters, as nearly always
    }
    if !is_accepted(media_type::essence(text)) {
        return Err(refuse(format!(
            "The Content-Type of the body must be one of {}.",
            accepted()
        )));
    }
    for (name, charset) in media_type::parameters(text) {
        let known = CHARSETS
            .iter()
            .any(|known| charset.eq_ignore_ascii_case(known));
        if name.eq_ignore_ascii_case("charset") && !known {
            let detail = "The Content-Type names another charset than UTF-8, and JSON is UTF-8.";
            let mut refusal = refuse(detail.to_owned());
            refusal.hint = Some("Send the JSON as UTF-8, and no `charset`.".to_owned());
            return Err(refusal);
        }
    }
    Ok(())
}

/// The first coding that is one. `identity` is none, though it may not stand here (RFC 9110 §8.4.1).
fn coding(head: &Parts) -> Option<String> {
    let lines = head.headers.get_all(CONTENT_ENCODING).iter();
    lines
        .flat_map(|line| line.as_bytes().split(|byte| *byte == b','))
        .map(<[u8]>::trim_ascii)
        .find(|coding| !coding.is_empty() && !coding.eq_ignore_ascii_case(b"identity"))
        .map(|coding| coding.iter().take(20).copied().map(shown).collect())
}

/// What may stand in a sentence.
fn shown(byte: u8) -> char {
    if byte.is_ascii_graphic() && byte != b'`' {
        char::from(byte)
    } else {
        '?'
    }
}

/// RFC 9110 §14.5: a part of a body would be written as if it were the whole.
pub fn check_whole(operation: &Operation, head: &Parts) -> Result<(), Refusal> {
    if operation.body.is_none() || !head.headers.contains_key(CONTENT_RANGE) {
        return Ok(());
    }
    Err(Refusal::violations(Violations::from(Violation {
        at: At::Parameter("Content-Range".to_owned()),
        code: "partial-content",
        detail: "Content-Range says that the body is a part, and only a whole one is taken; send the whole body without Content-Range".to_owned(),
    })))
}
