//! The id that a `Location` header names.

use std::borrow::Cow;

use grammar::segment::is_segment;
use percent_encoding::percent_decode_str;
use url::{Position, Url};

use super::call::Called;

/// The segment that follows the last `segment_after` in the path of a `Location`, decoded once.
/// `None` for anything odd: another origin, a backslash (which browsers take for a slash), blanks
/// or control characters, credentials, bytes that are not UTF-8, no such segment.
pub(super) fn segment(location: &str, called: &Called<'_>, segment_after: &str) -> Option<String> {
    let path = match plain_path(location, called.base) {
        Some(path) => Cow::Borrowed(path),
        None => Cow::Owned(resolved_path(location, called)?),
    };
    let mut segments = path.strip_prefix('/')?.rsplit('/');
    let mut behind = None;
    let behind = loop {
        match segments.next() {
            Some(segment) if segment == segment_after => break behind?,
            Some(segment) => behind = Some(segment),
            None => return None,
        }
    };
    let segment = percent_decode_str(behind).decode_utf8().ok()?;
    is_segment(&segment).then(|| segment.into_owned())
}

/// The path of a `Location` that needs no resolving, because it begins with a slash or with the very origin
/// that was called, and none of its segments has another spelling. So stand most, and parsing two URLs
/// costs 14,000 instructions.
fn plain_path<'l>(location: &'l str, base: &Url) -> Option<&'l str> {
    let is_plain = base.username().is_empty() && base.password().is_none() && base.has_host();
    if !is_plain {
        return None;
    }
    let origin = &base[..Position::BeforePath];
    let path = location.strip_prefix(origin).unwrap_or(location);
    if !path.starts_with('/') || path.starts_with("//") {
        return None;
    }
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-_~".contains(&byte);
    path.bytes().all(is_plain).then_some(path)
}

/// The path of any other.
fn resolved_path(location: &str, called: &Called<'_>) -> Option<String> {
    if location.contains(|c: char| c == '\\' || c == ' ' || c.is_control()) {
        return None;
    }
    let base = called.base.as_str().trim_end_matches('/');
    let base = Url::parse(&format!("{base}{}", called.target)).ok()?;
    let target = base.join(location).ok()?;
    let plain = target.username().is_empty() && target.password().is_none();
    let is_ours = target.origin() == base.origin() && plain && !target.cannot_be_a_base();
    is_ours.then(|| target.path().to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use url::{Position, Url};

    use super::{Called, plain_path, resolved_path};

    const BASE: &str = "https://demo.example:8443/prefix";

    fn segment(location: &str, called: &str, segment_after: &str) -> Option<String> {
        let url = Url::parse(called).ok()?;
        let called = Called {
            base: &url.join("/").ok()?,
            target: &url[Position::BeforePath..],
        };
        super::segment(location, &called, segment_after)
    }

    fn id(location: &str) -> Option<String> {
        segment(location, BASE, "id")
    }

    proptest! {
        /// What is taken for plain is what the general parser makes of it.
        #[test]
        fn a_plain_location_is_its_own_path(
            location in "(https://demo[.]example:8443|https://demo[.]example|//a|HTTPS://demo[.]example:8443)?(/?[a-zA-Z0-9._~%?#:@-]{0,4}){0,5}",
            base in "https://(demo[.]example:8443|u@demo[.]example:8443|demo[.]example:443)/prefix/?",
            target in "/[a-z/]{0,5}([?]x=/id/9)?",
        ) {
            let base = Url::parse(&base).unwrap();
            if let Some(path) = plain_path(&location, &base) {
                let called = Called { base: &base, target: &target };
                prop_assert_eq!(resolved_path(&location, &called), Some(path.to_owned()));
            }
        }
    }

    #[test]
    fn absolute_and_relative_locations() {
        for location in [
            "https://demo.example:8443/admin/physicalrooms/id/2145",
            "HTTPS://DEMO.EXAMPLE:8443/x/id/2145?a=b#c",
            "//demo.example:8443/id/2145",
            "/admin/physicalrooms/id/2145",
            "physicalrooms/id/2145",
            "id/2145",
            "../x/id/2145",
            "/id/7/id/2145/status",
            "/id/%32145",
        ] {
            assert_eq!(id(location).as_deref(), Some("2145"), "{location}");
        }
        // RFC 9110 §10.2.2: relative to what was called, not to its folder's folder.
        for (called, location) in [
            ("https://a.example/api/rooms", "rooms/7"),
            ("https://a.example/api/rooms?x=/id/9", "./rooms/7"),
            ("https://a.example/api/rooms/", "7"),
            ("https://a.example/api/rooms/id/9", "../7#/rooms/8"),
        ] {
            let found = segment(location, called, "rooms");
            assert_eq!(found.as_deref(), Some("7"), "{called} {location}");
        }
        assert_eq!(id("/id/a%252Fb").as_deref(), Some("a%2Fb"), "decoded once");
        assert_eq!(id("/id/%C3%B1").as_deref(), Some("ñ"));
    }

    #[test]
    fn anything_odd_is_as_good_as_missing() {
        for location in [
            "",
            "/",
            "/admin/physicalrooms/2145",
            "/admin/physicalrooms/id",
            "/admin/physicalrooms/id/",
            "https://evil.example/id/2145",
            "http://demo.example:8443/id/2145",
            "https://demo.example/id/2145",
            "https://user:secret@demo.example:8443/id/2145",
            "//evil.example/id/2145",
            "/\\evil.example/id/2145",
            "/id/a%2Fb",
            "/id/a%5Cb",
            "/id/%0d%0aSet-Cookie:x",
            "/id/%ff",
            "/id/21 45",
            "javascript:/id/2145",
            "https://[/id/2145",
        ] {
            assert_eq!(id(location), None, "{location}");
        }
        assert_eq!(segment("/id/1", "no base", "id"), None);
    }
}
