//! Which resource a request target addresses, by the rules that were measured on a Tomcat 10.1:
//! `;…` is cut from each segment, the rest is decoded once, then `.`, `..` and empty segments are
//! resolved. Whatever takes effect here is told, so that an attack shows.

use crate::assumptions::EscapedSlash;

/// A target after the vendor's decoding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) segments: Vec<String>,
    /// Raw, without the question mark.
    pub(crate) query: String,
    /// The path means something else than its text says.
    pub(crate) escaped: bool,
}

/// Why Tomcat answers 400 before any servlet sees the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BadTarget {
    #[error("the target is no path")]
    NoPath,
    #[error("invalid character found in the request target")]
    IllegalCharacter,
    #[error("a percent escape is not two hexadecimal digits")]
    BadEscape,
    #[error("an encoded slash, backslash or NUL is not allowed")]
    EncodedSeparator,
    #[error("the path is no UTF-8")]
    NotUtf8,
    #[error("the path climbs above its root")]
    AboveRoot,
}

impl Target {
    pub(crate) fn resolve(raw: &str, slash: EscapedSlash) -> Result<Self, BadTarget> {
        let (path, query) = raw.split_once('?').unwrap_or((raw, ""));
        let path = without_authority(path)?;
        if raw
            .bytes()
            .any(|byte| !byte.is_ascii_graphic() || b"\"#<>\\^`{|}".contains(&byte))
        {
            return Err(BadTarget::IllegalCharacter);
        }
        let mut escaped = false;
        let mut decoded = String::new();
        for segment in path.split('/').skip(1) {
            let kept = segment.split(';').next().unwrap_or_default();
            escaped |= kept.len() != segment.len();
            let text = decode(kept, slash)?;
            escaped |= text.contains(['/', '\\']);
            decoded.push('/');
            decoded.push_str(&text.replace('\\', "/"));
        }
        let mut segments: Vec<String> = Vec::new();
        let mut parts = decoded.split('/').skip(1).peekable();
        while let Some(part) = parts.next() {
            match part {
                "" if parts.peek().is_none() => {} // a slash at the end
                "" | "." => escaped = true,
                ".." => {
                    escaped = true;
                    segments.pop().ok_or(BadTarget::AboveRoot)?;
                }
                name => segments.push(name.to_owned()),
            }
        }
        Ok(Self {
            segments,
            query: query.to_owned(),
            escaped,
        })
    }

    pub(crate) fn path(&self) -> String {
        format!("/{}", self.segments.join("/"))
    }
}

/// The absolute form of RFC 9112 section 3.2.2 names a host first, which chooses nothing here.
fn without_authority(path: &str) -> Result<&str, BadTarget> {
    if path.starts_with('/') {
        return Ok(path);
    }
    let after = ["http://", "https://"]
        .iter()
        .find_map(|scheme| path.strip_prefix(scheme))
        .ok_or(BadTarget::NoPath)?;
    after
        .find('/')
        .and_then(|start| after.get(start..))
        .ok_or(BadTarget::NoPath)
}

fn decode(segment: &str, slash: EscapedSlash) -> Result<String, BadTarget> {
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let decoded = escape(rest.next(), rest.next()).ok_or(BadTarget::BadEscape)?;
        let separator = matches!(decoded, b'/' | b'\\') && slash == EscapedSlash::Refused;
        if separator || decoded == 0 {
            return Err(BadTarget::EncodedSeparator);
        }
        bytes.push(decoded);
    }
    String::from_utf8(bytes).map_err(|_| BadTarget::NotUtf8)
}

/// The byte of an escape's two digits.
pub(crate) fn escape(high: Option<u8>, low: Option<u8>) -> Option<u8> {
    let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
    u8::try_from(digit(high)? * 16 + digit(low)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const STOCK: EscapedSlash = EscapedSlash::Refused;
    const OLD: EscapedSlash = EscapedSlash::Decoded;

    fn path(raw: &str, slash: EscapedSlash) -> Result<(String, bool), BadTarget> {
        Target::resolve(raw, slash).map(|target| (target.path(), target.escaped))
    }

    fn plain(path: &str) -> Result<(String, bool), BadTarget> {
        Ok((path.to_owned(), false))
    }

    fn attack(path: &str) -> Result<(String, bool), BadTarget> {
        Ok((path.to_owned(), true))
    }

    /// The table of measurements in the reliability notes, section 0.1.
    #[test]
    fn resolves_as_the_measured_tomcat() {
        for raw in ["/r/x/..", "/r/x/%2e%2e", "/r/x/.%2E"] {
            assert_eq!(path(raw, STOCK), attack("/r"), "{raw}");
        }
        assert_eq!(path("/r/x/.", STOCK), attack("/r/x"));
        assert_eq!(path("/r/x/%2e", STOCK), attack("/r/x"));
        for raw in [
            "/r/x/../../users/1",
            "/r/x/%2e%2e/%2e%2e/users/1",
            "/r/x/..;/..;/users/1",
            "/r/x/%2e%2e;/%2e%2e;a=b/users/1",
        ] {
            assert_eq!(path(raw, STOCK), attack("/users/1"), "{raw}");
        }
        for raw in ["/r/x/..%2f..%2fusers%2f1", "/r/x/..%5c..%5cusers%5c1"] {
            assert_eq!(path(raw, STOCK), Err(BadTarget::EncodedSeparator), "{raw}");
            assert_eq!(path(raw, OLD), attack("/users/1"), "{raw}");
        }
        for slash in [STOCK, OLD] {
            assert_eq!(
                path("/x/..%252f..%252fusers", slash),
                plain("/x/..%2f..%2fusers")
            );
            assert_eq!(path("/x/%ef%bc%8f", slash), plain("/x/\u{ff0f}"));
            assert_eq!(path("/x/a;jsessionid=1234", slash), attack("/x/a"));
            assert_eq!(
                path("/x/a%3bjsessionid=1234", slash),
                plain("/x/a;jsessionid=1234")
            );
            assert_eq!(path("/x/a%3fx", slash), plain("/x/a?x"));
            assert_eq!(path("/x/a%23b", slash), plain("/x/a#b"));
            assert_eq!(path("/x/a%0d%0ab", slash), plain("/x/a\r\nb"));
            for bad in ["%c0%af", "%c0%ae", "%ff", "%f1", "%ed%a0%80"] {
                assert_eq!(
                    path(&format!("/x/{bad}"), slash),
                    Err(BadTarget::NotUtf8),
                    "{bad}"
                );
            }
            for bad in ["%", "%z", "%zz", "%u002f", "%2"] {
                assert_eq!(
                    path(&format!("/x/{bad}"), slash),
                    Err(BadTarget::BadEscape),
                    "{bad}"
                );
            }
            assert_eq!(path("/x/%00", slash), Err(BadTarget::EncodedSeparator));
            for bad in ["ñ", "|", "{", "\"", "\\"] {
                assert_eq!(
                    path(&format!("/x/{bad}"), slash),
                    Err(BadTarget::IllegalCharacter),
                    "{bad}"
                );
            }
        }
    }

    #[test]
    fn empty_segments_vanish_and_show_unless_at_the_end() {
        assert_eq!(path("/x/", STOCK), plain("/x"));
        assert_eq!(path("/x//status", STOCK), attack("/x/status"));
        assert_eq!(path("/..", STOCK), Err(BadTarget::AboveRoot));
    }

    #[test]
    fn the_host_of_an_absolute_form_chooses_nothing() {
        assert_eq!(path("http://evil.example/x?y", STOCK), plain("/x"));
        assert_eq!(path("*", STOCK), Err(BadTarget::NoPath));
    }
}
