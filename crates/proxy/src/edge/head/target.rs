//! The target of a request (RFC 9112 §3.2).

use bytes::Bytes;
use http::uri::{Authority, PathAndQuery};
use http::{Method, Uri};

use super::refusals::{malformed, no_request_line, too_long};
use crate::engine::Refusal;

/// What the `http` crate takes for a target, in bytes.
pub const LONGEST: usize = u16::MAX as usize - 1;

/// Reads the target of a request with this method.
///
/// # Errors
/// It is too long, has a byte that no target has, or is of a form that the method does not take.
pub fn parse(method: &Method, target: &[u8]) -> Result<Uri, Refusal> {
    check_bytes(target)?;
    if target.len() > LONGEST {
        return Err(too_long());
    }
    uri(method, target)
}

/// What a target cannot hold. What else RFC 3986 wants escaped can mean itself only, and is taken.
fn check_bytes(target: &[u8]) -> Result<(), Refusal> {
    let found = target
        .iter()
        .find(|byte| !matches!(byte, 0x21..=0x7e) || **byte == b'#');
    match found {
        None if target.is_empty() => Err(no_request_line()),
        None => Ok(()),
        Some(b'#') => Err(malformed(
            "The request target has a fragment; encode `#` as %23.",
        )),
        Some(b' ') => Err(malformed(
            "The request target has a blank, or there is more than one blank beside it; encode a blank as %20.",
        )),
        Some(0x80..) => Err(malformed(
            "The request target has bytes that are not ASCII; encode each byte as %XX.",
        )),
        Some(_) => Err(malformed(
            "The request target has a control character; encode it as %XX.",
        )),
    }
}

/// RFC 9112 §3.2: the four forms. We have one name only, so that the authority chooses nothing; it is
/// checked and left out.
fn uri(method: &Method, target: &[u8]) -> Result<Uri, Refusal> {
    if *method == Method::CONNECT {
        return authority(target)
            .filter(|authority| authority.port_u16().is_some())
            .and_then(|authority| Uri::builder().authority(authority).build().ok())
            .ok_or_else(|| malformed("CONNECT asks for `host:port` and nothing else."));
    }
    match target {
        [b'/', ..] => origin(target),
        b"*" if *method == Method::OPTIONS => origin(target),
        _ => match absolute(target) {
            Some(b"") if *method == Method::OPTIONS => origin(b"*"),
            Some(b"") => origin(b"/"),
            Some(rest @ [b'?', ..]) => origin(&[b"/", rest].concat()),
            Some(rest) => origin(rest),
            None => Err(malformed(
                "The request target is neither a path from `/` on nor an http URL.",
            )),
        },
    }
}

/// What follows the authority of an http or https URL.
fn absolute(target: &[u8]) -> Option<&[u8]> {
    let colon = target.windows(3).position(|three| three == b"://")?;
    let (scheme, rest) = (target.get(..colon)?, target.get(colon + 3..)?);
    if !scheme.eq_ignore_ascii_case(b"http") && !scheme.eq_ignore_ascii_case(b"https") {
        return None;
    }
    let end = rest.iter().position(|byte| matches!(byte, b'/' | b'?'));
    let (name, rest) = rest.split_at(end.unwrap_or(rest.len()));
    authority(name)?;
    Some(rest)
}

/// A host and perhaps a port; RFC 9110 §4.2.4: no user.
fn authority(bytes: &[u8]) -> Option<Authority> {
    let authority = Authority::try_from(bytes).ok()?;
    let text = authority.as_str();
    let host = authority.host();
    let port = text.strip_prefix(host)?;
    let good = !host.is_empty()
        && !text.contains('@')
        && (matches!(port, "" | ":") || authority.port_u16().is_some());
    good.then_some(authority)
}

fn origin(target: &[u8]) -> Result<Uri, Refusal> {
    PathAndQuery::from_maybe_shared(Bytes::copy_from_slice(target))
        .or_else(|_| PathAndQuery::from_maybe_shared(Bytes::from(escaped(target))))
        .map(Uri::from)
        .map_err(|_| malformed("The request target is no path of a URL."))
}

/// Escapes what the `http` crate does not take and what can mean itself only.
fn escaped(target: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(target.len() + 16);
    for byte in target {
        if b"\"<>\\^`{|}".contains(byte) {
            text.extend_from_slice(format!("%{byte:02X}").as_bytes());
        } else {
            text.push(*byte);
        }
    }
    text
}
