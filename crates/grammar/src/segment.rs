//! One segment of a URL's path.

/// Whether a decoded text stays one segment of a path: an empty or dot segment would address another
/// resource, and some servers split at a slash though it is encoded.
pub fn is_segment(text: &str) -> bool {
    let splits = |c: char| matches!(c, '/' | '\\') || c.is_control();
    !matches!(text, "" | "." | "..") && !text.contains(splits)
}

#[cfg(test)]
mod tests {
    use super::is_segment;

    #[test]
    fn segments() {
        for good in ["a", "...", "a b", "%2F", ";", "ñ"] {
            assert!(is_segment(good), "{good}");
        }
        for bad in ["", ".", "..", "/", "a/b", "a\\", "a\n", "\u{85}"] {
            assert!(!is_segment(bad), "{bad:?}");
        }
    }
}
