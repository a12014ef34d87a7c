//! Tokens of HTTP.

/// A `token` (RFC 9110 section 5.6.2): the name of a header field, a scheme, a parameter's name.
pub fn is_token(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.bytes().all(fits)
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
