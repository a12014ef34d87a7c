//! JSON Pointers (RFC 6901), built token by token.

/// `pointer` followed by one more token, escaped (RFC 6901 §3: `~` is `~0`, `/` is `~1`).
pub(crate) fn child(pointer: &str, token: &str) -> String {
    let mut child = String::with_capacity(pointer.len() + token.len() + 1);
    child.push_str(pointer);
    push(&mut child, token);
    child
}

/// Appends a token to `pointer`.
pub(crate) fn push(pointer: &mut String, token: &str) {
    pointer.push('/');
    for character in token.chars() {
        match character {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            other => pointer.push(other),
        }
    }
}

/// The pointer of a path of unescaped tokens.
pub(crate) fn of(tokens: &[String]) -> String {
    let mut pointer = String::new();
    for token in tokens {
        push(&mut pointer, token);
    }
    pointer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_escaped() {
        assert_eq!(child("/a", "b/c~d"), "/a/b~1c~0d");
        assert_eq!(of(&["x".into(), String::new()]), "/x/");
        assert_eq!(of(&[]), "");
    }
}
