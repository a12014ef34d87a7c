//! What can be refused from the head of a request alone.

use std::time::Duration;

use contract::GatewayProblem;
use http::header::HOST;
use http::request::Parts;
use http::{HeaderName, HeaderValue, Version};
use validate::{At, Violation, Violations};

use crate::engine::refusal::Refusal;
use crate::settings::Limits;

/// By its parsed name, since every request is asked for it.
static REQUEST_TIMEOUT: HeaderName = HeaderName::from_static("request-timeout");

/// 414, 431, then framing: the first that fails wins.
pub fn check_head(head: &Parts, limits: &Limits) -> Result<(), Refusal> {
    let target = head
        .uri
        .path_and_query()
        .map_or(0, |target| target.as_str().len());
    if target > limits.request_target {
        let detail = format!(
            "The request target has {target} bytes; at most {} are read.",
            limits.request_target
        );
        return Err(Refusal::new(GatewayProblem::UriTooLong, detail));
    }
    // Name, colon, blank, value and line end: what the line costs on the wire.
    let size: usize = head
        .headers
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len() + 4)
        .sum();
    if size > limits.headers {
        let detail = format!(
            "The header fields have {size} bytes; at most {} are read.",
            limits.headers
        );
        return Err(Refusal::new(GatewayProblem::HeadersTooLarge, detail));
    }
    check_host(head)
}

/// RFC 9112 §3.2: exactly one valid `Host` in HTTP/1.1.
fn check_host(head: &Parts) -> Result<(), Refusal> {
    let refuse = |detail: &str| Err(Refusal::new(GatewayProblem::MalformedRequest, detail));
    let mut hosts = head.headers.get_all(HOST).iter();
    match (hosts.next(), hosts.next()) {
        (None, _) if head.version == Version::HTTP_11 => refuse("The Host header is missing."),
        (_, Some(_)) => refuse("There is more than one Host header."),
        (Some(host), None) if !is_host(host) => refuse("The Host header is not a host."),
        _ => Ok(()),
    }
}

/// `uri-host [ ":" port ]` (RFC 9110 §7.2), loosely: no user, path, query or blank. Empty is valid.
fn is_host(value: &HeaderValue) -> bool {
    let Ok(text) = value.to_str() else {
        return false;
    };
    if text.is_empty() || is_plain_host(text) {
        return true;
    }
    if text.contains(['@', '/', '?', '#', '\\', ' ', ',']) {
        return false;
    }
    let Ok(authority) = text.parse::<http::uri::Authority>() else {
        return false;
    };
    // The `http` crate takes anything for a port.
    text.strip_prefix(authority.host())
        .is_some_and(|rest| matches!(rest, "" | ":") || authority.port_u16().is_some())
}

/// A name or IPv4 address, and perhaps a port: what nearly all callers send. The whole check below says
/// the same of it, and costs an allocation and several passes.
#[must_use]
pub fn is_plain_host(text: &str) -> bool {
    let (name, port) = match text.split_once(':') {
        Some((name, port)) => (name, Some(port)),
        None => (text, None),
    };
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
    let port = port.is_none_or(|port| {
        port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok()
    });
    !name.is_empty() && name.bytes().all(plain) && port
}

/// The time for the vendor's part: the caller may shorten it by `Request-Timeout: <seconds>`.
pub fn caller_deadline(head: &Parts, longest: Duration) -> Result<Duration, Refusal> {
    let mut values = head.headers.get_all(&REQUEST_TIMEOUT).iter();
    let value = match (values.next(), values.next()) {
        (None, _) => return Ok(longest),
        (Some(value), None) => value,
        // Nobody could say which of them was meant.
        (Some(_), Some(_)) => {
            return Err(bad_timeout("Request-Timeout is there twice; send it once"));
        }
    };
    let seconds = value.to_str().ok().map(str::trim).filter(|text| {
        text.starts_with(|first: char| first.is_ascii_digit())
            // A number of JSON, which the served document calls it, may have an exponent.
            && text
                .bytes()
                .all(|byte| byte.is_ascii_digit() || b".eE+-".contains(&byte))
    });
    let seconds = seconds
        .and_then(|text| text.parse::<f64>().ok())
        .filter(|seconds| *seconds > 0.0);
    match seconds {
        Some(seconds) => {
            Ok(Duration::try_from_secs_f64(seconds).map_or(longest, |asked| asked.min(longest)))
        }
        None => Err(bad_timeout(
            "Request-Timeout is not a number of seconds above zero; send for example 2 or 0.5",
        )),
    }
}

fn bad_timeout(detail: &str) -> Refusal {
    Refusal::violations(Violations::from(Violation {
        at: At::Parameter("Request-Timeout".to_owned()),
        code: "bad-request-timeout",
        detail: detail.to_owned(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_host_is_one_for_the_whole_check_too() {
        for text in [
            "a",
            "LMS-1.example",
            "127.0.0.1:8080",
            "a:0",
            "a:65535",
            "-.:1",
        ] {
            assert!(is_plain_host(text), "{text}");
            let authority: http::uri::Authority = text.parse().unwrap();
            assert_eq!(authority.port_u16().is_some(), text.contains(':'));
        }
        for text in [
            "", ":1", "a:", "a:65536", "a:+1", "a:1:2", "[::1]", "a@b", "a_b", "a b",
        ] {
            assert!(!is_plain_host(text), "{text}");
        }
    }
}
