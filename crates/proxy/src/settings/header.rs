//! Header fields that the settings name.

use std::collections::BTreeSet;

use http::HeaderName;

use super::reader::Reader;

/// Header fields that frame, route or type the vendor call. A `Content-Length` from the settings, say, would
/// cut a write short, and its success would be a lie.
const OURS: &[&str] = &[
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "expect",
    "host",
    "keep-alive",
    "te",
    "traceparent",
    "tracestate",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

impl Reader<'_> {
    pub fn header_name(&self, key: &str) -> Option<HeaderName> {
        self.header_name_of(key, key)
    }

    pub fn header_name_of(&self, key: &str, text: &str) -> Option<HeaderName> {
        match HeaderName::from_bytes(text.as_bytes()) {
            Ok(name) if OURS.contains(&name.as_str()) => {
                self.refuse_at(
                    key,
                    "reserved-header",
                    &format!("`{name}` is set by the gateway"),
                    "Leave it out: another value would make the vendor read another request.",
                );
                None
            }
            Ok(name) => Some(name),
            Err(_) => {
                self.refuse_at(
                    key,
                    "bad-header",
                    &format!("`{text}` is not a header name"),
                    "Use letters, digits and hyphens.",
                );
                None
            }
        }
    }

    /// Refuses members that are one header field to HTTP: which of them would be sent?
    pub fn distinct_headers(&self) {
        let mut known = BTreeSet::new();
        for (key, _) in self.members() {
            if !known.insert(key.to_ascii_lowercase()) {
                self.refuse_at(
                    &key,
                    "duplicate-header",
                    &format!("`{key}` stands here already in another case"),
                    "Keep one of the two: names of header fields do not differ in case.",
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::HeaderName;

    /// The contract asks the one, the settings the other.
    #[test]
    fn a_header_name_is_a_token() {
        for byte in 0..=255_u8 {
            let text = char::from(byte).to_string();
            let name = HeaderName::from_bytes(text.as_bytes()).is_ok();
            let token = grammar::token::is_token(&text);
            assert_eq!(name, token, "{text:?}");
        }
    }
}
