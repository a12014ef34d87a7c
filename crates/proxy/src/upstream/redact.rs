//! Vendors repeat what they were sent, our credentials among it.

/// A shorter text stands in ordinary words too, and striking it out would tell what it is.
const SHORTEST: usize = 6;
const STRUCK: &str = "***";

/// Takes a secret out of a text, also where the text was cut in the middle of it.
pub fn strike(text: &mut String, secret: &str) {
    if secret.len() < SHORTEST {
        return;
    }
    if text.contains(secret) {
        *text = text.replace(secret, STRUCK);
    }
    let end = text.trim_end_matches(['\u{2026}', '.']).len();
    let cut = (SHORTEST..secret.len())
        .rev()
        .filter(|length| secret.is_char_boundary(*length))
        .find(|length| text[..end].ends_with(&secret[..*length]));
    if let Some(length) = cut {
        text.replace_range(end - length..end, STRUCK);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn struck(text: &str) -> String {
        let mut text = text.to_owned();
        strike(&mut text, "SECRET-tok");
        text
    }

    #[test]
    fn a_secret_is_struck_out_whole_or_cut() {
        assert_eq!(
            struck("bad token SECRET-tok, SECRET-tok"),
            "bad token ***, ***"
        );
        assert_eq!(struck("bad token SECRET-t"), "bad token ***");
        assert_eq!(struck("bad token SECRET-\u{2026}"), "bad token ***\u{2026}");
        assert_eq!(struck("SECRET"), "***");
        assert_eq!(struck("the SECR of it"), "the SECR of it");
        let mut text = "a word".to_owned();
        strike(&mut text, "word");
        assert_eq!(text, "a word", "too short to be told from words");
        let mut text = "\u{fc}\u{fc}\u{fc}\u{fc}\u{2026}".to_owned();
        strike(&mut text, "\u{fc}\u{fc}\u{fc}\u{fc}\u{fc}");
        assert_eq!(text, "***\u{2026}");
    }
}
