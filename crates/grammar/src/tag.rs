//! Words of a cache tag, `name.kind=value`. The grammar is ours: a tag stands in the contract, in a
//! caller's purge and in metrics, and its marks `.`, `=` and `*` must not stand in its words.

/// Whether a text may be a tag's name or kind: letters and digits of ASCII, `_` and `-`, at least one.
#[must_use]
pub fn is_word(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    !text.is_empty() && text.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use super::is_word;

    #[test]
    fn words() {
        for good in ["room", "Room_2-b", "0"] {
            assert!(is_word(good), "{good}");
        }
        for bad in ["", "*", "a.b", "a=b", "a b", "ñ"] {
            assert!(!is_word(bad), "{bad}");
        }
    }
}
