//! `method SP target SP version` (RFC 9112 §3): single blanks, one version, and the form of target
//! that the method has.

use grammar::token::is_token_byte;
use http::request::Parts;
use http::{Method, Uri, Version};

use super::refusals::{malformed, no_request_line, too_long};
use super::target;
use crate::engine::Refusal;

/// Methods have short names, and each is in a log line.
const LONGEST_METHOD: usize = 32;

/// With room for a method, two blanks and a version.
const LONGEST_LINE: usize = target::LONGEST + 64;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestLine {
    method: Method,
    target: Uri,
    version: Version,
}

impl RequestLine {
    /// The head so far.
    pub fn parts(&self) -> Parts {
        let mut request = http::Request::new(());
        request.method_mut().clone_from(&self.method);
        request.uri_mut().clone_from(&self.target);
        *request.version_mut() = self.version;
        request.into_parts().0
    }
}

/// What can be said of a line that has not come whole.
///
/// # Errors
/// It is too long, or does not begin with a method.
pub fn check_start(bytes: &[u8]) -> Result<(), Refusal> {
    if bytes.len() > LONGEST_LINE {
        return Err(too_long());
    }
    if bytes.first().is_some_and(|first| !is_token_byte(*first)) {
        return Err(no_request_line());
    }
    Ok(())
}

/// Reads a line with its end.
///
/// # Errors
/// It is too long or no request line.
pub fn parse(line: &[u8]) -> Result<RequestLine, Refusal> {
    if line.len() > LONGEST_LINE {
        return Err(too_long());
    }
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let blank = |byte: &u8| *byte == b' ';
    let (Some(first), Some(last)) = (line.iter().position(blank), line.iter().rposition(blank))
    else {
        return Err(no_request_line());
    };
    let method = line.get(..first).unwrap_or_default();
    let target = line.get(first + 1..last).unwrap_or_default();
    let version = line.get(last + 1..).unwrap_or_default();
    if method.len() > LONGEST_METHOD {
        return Err(malformed("There is no method with so long a name."));
    }
    let method = Method::from_bytes(method).map_err(|_| no_request_line())?;
    let version = match version {
        b"HTTP/1.0" => Version::HTTP_10,
        // RFC 9110 §2.5: a higher minor version is taken for the highest one that we know.
        [b'H', b'T', b'T', b'P', b'/', b'1', b'.', b'1'..=b'9'] => Version::HTTP_11,
        _ => return Err(no_request_line()),
    };
    Ok(RequestLine {
        target: target::parse(&method, target)?,
        method,
        version,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(line: &str) -> Result<String, String> {
        let line = parse(format!("{line}\r\n").as_bytes());
        line.map(|line| line.target.to_string())
            .map_err(|refusal| refusal.code.to_string())
    }

    #[test]
    fn every_form_of_a_target() {
        for (line, want) in [
            ("GET /a?b=c HTTP/1.1", "/a?b=c"),
            ("get /a HTTP/1.1", "/a"),
            ("GET /a HTTP/1.2", "/a"),
            ("GET //a HTTP/1.0", "//a"),
            ("GET /%7ea/%2f%2e?%7e HTTP/1.1", "/%7ea/%2f%2e?%7e"),
            ("GET /<a>`b`\"^ HTTP/1.1", "/%3Ca%3E%60b%60%22%5E"),
            ("GET http://a HTTP/1.1", "/"),
            ("GET HTTPS://a:80/b?c HTTP/1.1", "/b?c"),
            ("GET http://[::1]:80?c HTTP/1.1", "/?c"),
            ("OPTIONS http://a HTTP/1.1", "*"),
            ("OPTIONS http://a/ HTTP/1.1", "/"),
            ("OPTIONS * HTTP/1.1", "*"),
            ("CONNECT a:443 HTTP/1.1", "a:443"),
        ] {
            assert_eq!(target(line).as_deref(), Ok(want), "{line}");
        }
    }

    #[test]
    fn what_is_no_request_line() {
        for line in [
            "",
            " ",
            "GET",
            "GET /",
            "GET / ",
            "GET  / HTTP/1.1",
            "GET /  HTTP/1.1",
            " GET / HTTP/1.1",
            "GET /a b HTTP/1.1",
            "GET /a\tb HTTP/1.1",
            "GET\t/ HTTP/1.1",
            "GET /\tHTTP/1.1",
            "GET / HTTP/1.1 ",
            "GET / http/1.1",
            "GET / HTTP/1.10",
            "GET / HTTP/01.1",
            "GET / HTTP/1",
            "GET / HTTP/2.0",
            "GET / HTTP/0.9",
            "GET / HTTPS/1.1",
            "G(T / HTTP/1.1",
            "GET: / HTTP/1.1",
            "GET /a\u{0}b HTTP/1.1",
            "GET /a\u{7f} HTTP/1.1",
            "GET /\u{e9} HTTP/1.1",
            "GET /a#b HTTP/1.1",
            "GET /a\rb HTTP/1.1",
            "GET a HTTP/1.1",
            "GET a/b HTTP/1.1",
            "GET * HTTP/1.1",
            "GET ?a HTTP/1.1",
            "GET a:80 HTTP/1.1",
            "GET ftp://a/ HTTP/1.1",
            "GET http:// HTTP/1.1",
            "GET http:///a HTTP/1.1",
            "GET http://u@a/ HTTP/1.1",
            "GET http://a:b/ HTTP/1.1",
            "GET http:/a HTTP/1.1",
            "OPTIONS a HTTP/1.1",
            "CONNECT / HTTP/1.1",
            "CONNECT a HTTP/1.1",
            "CONNECT http://a HTTP/1.1",
        ] {
            assert_eq!(
                target(line),
                Err("malformed-request".to_owned()),
                "{line:?}"
            );
        }
    }

    #[test]
    fn a_line_without_end_is_refused_early() {
        assert!(check_start(b"GE").is_ok());
        assert!(check_start(b"\x16\x03").is_err());
        let long = [b"GET /".to_vec(), vec![b'a'; LONGEST_LINE]].concat();
        assert!(check_start(&long).is_err_and(|refusal| &*refusal.code == "uri-too-long"));
        assert!(parse(&long).is_err_and(|refusal| &*refusal.code == "uri-too-long"));
    }
}
