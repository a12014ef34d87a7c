//! Tokens of HTTP.

/// A `token` (RFC 9110 section 5.6.2): a method, the name of a header field, a scheme, a parameter's
/// name.
#[must_use]
pub fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(is_token_byte)
}

/// A `tchar` (RFC 9110 section 5.6.2): what a token is made of.
#[must_use]
pub fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::is_token;

    #[test]
    fn tokens() {
        for good in ["a", "X-Request-Id", "!#$%&'*+-.^_`|~0"] {
            assert!(is_token(good), "{good}");
        }
        for bad in ["", "a b", "a:", "a/b", "\"a\"", "ñ", "a\t", "(a)"] {
            assert!(!is_token(bad), "{bad}");
        }
    }
}
