//! Header fields that the settings name.

use http::HeaderName;

use super::node::NamesNode;

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

/// The header that a text names. `refuse` is told code, message and help where it names none of the deployment's.
pub fn header_name(
    text: &str,
    refuse: impl FnOnce(&'static str, &str, &str),
) -> Option<HeaderName> {
    match HeaderName::from_bytes(text.as_bytes()) {
        Ok(name) if OURS.contains(&name.as_str()) => {
            refuse(
                "reserved-header",
                &format!("`{name}` is set by the gateway"),
                "Leave it out: another value would make the vendor read another request.",
            );
            None
        }
        Ok(name) => Some(name),
        Err(_) => {
            refuse(
                "bad-header",
                &format!("`{text}` is not a header name"),
                "Use letters, digits and hyphens.",
            );
            None
        }
    }
}

/// Refuses members that are one header field to HTTP: which of them would be sent?
pub fn distinct(headers: &NamesNode<'_>) {
    headers.distinct(
        "duplicate-header",
        "names of header fields do not differ in case",
    );
}

pub fn refuse_value(headers: &NamesNode<'_>, name: &str) {
    headers.refuse(
        name,
        "bad-header",
        "a header cannot carry this value",
        "Use visible ASCII.",
    );
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
