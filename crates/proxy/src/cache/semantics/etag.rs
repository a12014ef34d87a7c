//! Strong entity tags over body bytes, and the `If-None-Match` of reads (RFC 9110 §8.8.3, §13.1.2).

use std::fmt::Write;

use http::header::IF_NONE_MATCH;
use http::{HeaderMap, HeaderValue};
use sha2::{Digest, Sha256};

/// A strong entity tag: equal bytes have equal tags, after a restart and at every replica.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ETag(HeaderValue);

impl ETag {
    /// The first half of the SHA-256 of a body.
    #[must_use]
    pub fn of(body: &[u8]) -> Self {
        let mut text = String::with_capacity(34);
        text.push('"');
        for byte in Sha256::digest(body).iter().take(16) {
            // Writing to a string does not fail.
            let _ = write!(text, "{byte:02x}");
        }
        text.push('"');
        // Quotes and hex digits are always a header value.
        Self(HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static("\"\"")))
    }

    #[must_use]
    pub fn header(&self) -> HeaderValue {
        self.0.clone()
    }

    /// Whether these are the bytes of the tag, its quotes among them.
    #[must_use]
    pub fn is(&self, opaque: &[u8]) -> bool {
        self.0.as_bytes() == opaque
    }

    /// Whether `If-None-Match` names this tag, or `*`: then a GET or HEAD is answered 304. The
    /// comparison is weak; a field that cannot be read matches nothing.
    #[must_use]
    pub fn is_named_in(&self, headers: &HeaderMap) -> bool {
        headers
            .get_all(IF_NONE_MATCH)
            .iter()
            .any(|value| self.is_in(value.as_bytes()))
    }

    /// The same of one line.
    #[must_use]
    pub fn is_in(&self, list: &[u8]) -> bool {
        let mut rest = list.trim_ascii();
        // What nearly every caller sends: the tag as it came.
        if rest == b"*" || rest == self.0.as_bytes() {
            return true;
        }
        while !rest.is_empty() {
            let Some((tag, after)) = opaque_tag(rest) else {
                return false;
            };
            if tag == self.0.as_bytes() {
                return true;
            }
            rest = after.trim_ascii_start();
            match rest.strip_prefix(b",") {
                Some(next) => rest = next.trim_ascii_start(),
                None if rest.is_empty() => {}
                None => return false,
            }
        }
        false
    }
}

/// The first tag of a list with its quotes and without `W/`, and what follows it. Commas may stand
/// inside a tag, and empty elements between tags (RFC 9110 §5.6.1).
fn opaque_tag(list: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut list = list;
    while let Some(next) = list.strip_prefix(b",") {
        list = next.trim_ascii_start();
    }
    let (_, tag, after) = next_tag(list)?;
    Some((tag, after))
}

/// The tag that a list begins with: whether it is weak, its bytes with their quotes, and what follows.
pub(super) fn next_tag(list: &[u8]) -> Option<(bool, &[u8], &[u8])> {
    let strong = list.strip_prefix(b"W/");
    let tag = strong.unwrap_or(list);
    let inner = tag.strip_prefix(b"\"")?;
    let end = inner.iter().position(|byte| *byte == b'"')?;
    let (tag, after) = tag.split_at_checked(end + 2)?;
    Some((strong.is_some(), tag, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(value: &str) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(IF_NONE_MATCH, HeaderValue::from_str(value).unwrap());
        ETag::of(b"body").is_named_in(&headers)
    }

    fn own() -> String {
        ETag::of(b"body").header().to_str().unwrap().to_owned()
    }

    #[test]
    fn equal_bytes_have_equal_tags_everywhere() {
        assert_eq!(
            ETag::of(b"{}").header(),
            "\"44136fa355b3678a1146ad16f7e8649e\""
        );
        assert_ne!(ETag::of(b"{}"), ETag::of(b"{ }"));
    }

    #[test]
    fn lists_weak_tags_and_the_star_match() {
        let own = own();
        for value in [
            own.clone(),
            format!("W/{own}"),
            "*".to_owned(),
            " * ".to_owned(),
            format!("\"other\", {own}"),
            format!("\"a,b\",W/\"c\",{own}  "),
            format!(",, {own},"),
            format!("\"\",{own}"),
        ] {
            assert!(matches(&value), "{value}");
        }
    }

    #[test]
    fn everything_else_does_not() {
        let own = own();
        let bare = own.trim_matches('"').to_owned();
        for value in [
            String::new(),
            "\"other\"".to_owned(),
            bare.clone(),
            format!("\"{bare}"),
            format!("w/{own}"),
            format!("\"x\" {own}"),
            format!("*, {own}x").replace(&own, "\"y\""),
            format!("junk, {own}"),
        ] {
            assert!(!matches(&value), "{value}");
        }
    }

    #[test]
    fn several_fields_are_one_list() {
        let mut headers = HeaderMap::new();
        headers.append(IF_NONE_MATCH, HeaderValue::from_static("\"other\""));
        headers.append(IF_NONE_MATCH, ETag::of(b"body").header());
        assert!(ETag::of(b"body").is_named_in(&headers));
    }
}
