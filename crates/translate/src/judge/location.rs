//! The id that a `Location` header names.

use grammar::segment::is_segment;
use percent_encoding::percent_decode_str;
use url::Url;

/// The segment that follows the last `segment_after` in the path of a `Location`, decoded once.
/// `None` for anything odd: another origin, a backslash (which browsers take for a slash), blanks
/// or control characters, credentials, bytes that are not UTF-8, no such segment.
pub(super) fn segment(location: &str, base_url: &str, segment_after: &str) -> Option<String> {
    if location.contains(|c: char| c == '\\' || c == ' ' || c.is_control()) {
        return None;
    }
    let base = Url::parse(base_url).ok()?;
    let target = base.join(location).ok()?;
    let plain = target.username().is_empty() && target.password().is_none();
    if target.origin() != base.origin() || !plain {
        return None;
    }
    let segments: Vec<&str> = target.path_segments()?.collect();
    let before = segments
        .iter()
        .rposition(|segment| *segment == segment_after)?;
    let segment = percent_decode_str(segments.get(before + 1)?)
        .decode_utf8()
        .ok()?;
    is_segment(&segment).then(|| segment.into_owned())
}

#[cfg(test)]
mod tests {
    use super::segment;

    const BASE: &str = "https://demo.example:8443/prefix";

    fn id(location: &str) -> Option<String> {
        segment(location, BASE, "id")
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
