//! One test per format; each fails if the format were ignored.

use serde_json::json;
use validate::{Format, Validator};

fn assert_format(name: &str, good: &[&str], bad: &[&str]) {
    let schema = json!({"type": "string", "format": name});
    let validator = Validator::compile(&schema).unwrap();
    for text in good {
        let violations = validator.check(&json!(text));
        assert!(violations.is_empty(), "{text:?}: {violations}");
    }
    for text in bad {
        let violations = validator.check(&json!(text));
        let codes: Vec<&str> = violations.iter().map(|violation| violation.code).collect();
        assert_eq!(codes, [name], "{text:?}");
    }
    // A format says nothing about other types.
    let any = Validator::compile(&json!({"format": name})).unwrap();
    assert!(any.check(&json!(5)).is_empty());
}

#[test]
fn identifier() {
    assert_format(
        "identifier",
        &["pr001", "a;b", "..."],
        &["", "..", "a/b", "%2f", "a\u{ff0f}b"],
    );
}

#[test]
fn http_url() {
    assert_format(
        "http-url",
        &[
            "http://a",
            "https://ispring.example/day/1?x=1#y",
            "HTTPS://Host.Example:8443",
            "https://[::1]/",
            "https://127.0.0.1:1",
            "https://ejemplo.example/ñ/%20",
            "https://host.example/a@b?c=d@e",
        ],
        &[
            "",
            "http",
            "http:",
            "http://",
            "https:host",
            "http:///host",
            "http://?x",
            "http://:80",
            "http://host:99999",
            "//host/x",
            "/x",
            "ftp://host",
            "javascript:alert(1)",
            "httpx://host",
            "http:\\\\host",
            "http://host\\@other",
            "http://user@host",
            "http://user:secret@host",
            "http://@host",
            "http://ho st",
            "http://host/a b",
            " http://host",
            "http://host ",
            "http://host/\n",
            "http://host/\u{a0}",
            "http://host/\u{7f}",
            "http://[::1",
        ],
    );
}

#[test]
fn uuid() {
    assert_format(
        "uuid",
        &[
            "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
            "6BA7B810-9DAD-11D1-80B4-00C04FD430C8",
            "00000000-0000-0000-0000-000000000000",
        ],
        &[
            "",
            "6ba7b8109dad11d180b400c04fd430c8",
            "6ba7b810-9dad-11d1-80b4-00c04fd430c",
            "6ba7b810-9dad-11d1-80b4-00c04fd430c88",
            "6ba7b810-9dad-11d1-80b40-0c04fd430c8",
            "{6ba7b810-9dad-11d1-80b4-00c04fd430c8}",
            "6ba7b810-9dad-11d1-80b4-00c04fd430cg",
            "6ba7b810-9dad-11d1-80b4-00c04fd430c８",
            " 6ba7b810-9dad-11d1-80b4-00c04fd430c8",
        ],
    );
}

#[test]
fn date_time() {
    assert_format(
        "date-time",
        &[
            "2026-03-09T10:00:00Z",
            "2026-03-09t10:00:00z",
            "2026-03-09T10:00:00.123456789+03:00",
            "2026-03-09T10:00:00-00:00",
            "2024-02-29T23:59:59Z",
            "2000-02-29T00:00:00Z",
            "1990-12-31T23:59:60Z",
            "1990-12-31T15:59:60-08:00",
            "1991-01-01T05:29:60+05:30",
        ],
        &[
            "",
            "2026-03-09",
            "2026-03-09T10:00:00",
            "2026-03-09 10:00:00Z",
            "2026-03-09T10:00Z",
            "2026-3-9T10:00:00Z",
            "2026-03-09T10:00:00+0300",
            "2026-03-09T10:00:00+03",
            "2026-03-09T10:00:00.Z",
            "2026-03-09T10:00:00Zx",
            "2026-03-09T24:00:00Z",
            "2026-03-09T10:60:00Z",
            "2026-03-09T10:00:61Z",
            "2026-03-09T10:00:60Z",
            "1990-12-31T23:59:60-08:00",
            "2026-03-09T10:00:00+24:00",
            "2026-03-09T10:00:00+03:60",
            "2026-02-29T10:00:00Z",
            "1900-02-29T10:00:00Z",
            "2026-04-31T10:00:00Z",
            "2026-13-01T10:00:00Z",
            "2026-00-01T10:00:00Z",
            "2026-01-00T10:00:00Z",
            "2026-01-32T10:00:00Z",
            "+2026-01-01T10:00:00Z",
            "２026-01-01T10:00:00Z",
            "2026-03-09T10:00:00−03:00",
        ],
    );
}

#[test]
fn email_like() {
    assert_format(
        "email-like",
        &[
            "netex@elearning.com",
            "a@b",
            "ñ@coruña.example",
            "\"x\"@[127.0.0.1]",
        ],
        &[
            "",
            "@",
            "a@",
            "@b",
            "a",
            "a@b@c",
            "a b@c",
            "a@b ",
            "a@\u{a0}b",
            "a\t@b",
        ],
    );
}

#[test]
fn every_format_is_named_and_found_by_its_name() {
    for format in Format::ALL {
        assert_eq!(Format::named(format.name()), Some(format));
    }
    assert_eq!(Format::named("email"), None);
}

#[test]
fn a_format_tells_what_is_wrong() {
    let told = |format: Format, text: &str| format.check(text).unwrap_err();
    assert_eq!(
        told(Format::HttpUrl, "http://user:pw@host"),
        "must be an absolute URL such as `https://host.example/path`, but it holds a user name before the host"
    );
    assert_eq!(
        told(Format::DateTime, "2026-02-30T10:00:00Z"),
        "must be an RFC 3339 date and time with an offset, such as `2026-03-09T10:00:00+03:00`, but its day does not exist in that month"
    );
    assert_eq!(
        told(Format::DateTime, "2026-02-20T10:00:00"),
        "must be an RFC 3339 date and time with an offset, such as `2026-03-09T10:00:00+03:00`, but it has no offset `Z` or `±hh:mm`"
    );
    assert_eq!(
        told(Format::EmailLike, ""),
        "must look like `name@host.example`, but it is empty"
    );
}
