//! JSON Pointers (RFC 6901).

/// `parent` with one more token, escaped.
pub(crate) fn child(parent: &str, token: &str) -> String {
    let mut pointer = String::with_capacity(parent.len() + token.len() + 1);
    pointer.push_str(parent);
    pointer.push('/');
    for character in token.chars() {
        match character {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            other => pointer.push(other),
        }
    }
    pointer
}

/// The unescaped tokens. `None` if the text is no pointer: it is neither empty nor begins with `/`,
/// or a `~` stands before something other than `0` and `1`.
pub(crate) fn tokens(pointer: &str) -> Option<Vec<String>> {
    if pointer.is_empty() {
        return Some(Vec::new());
    }
    pointer
        .strip_prefix('/')?
        .split('/')
        .map(unescape)
        .collect()
}

/// The pointer of some tokens.
pub(crate) fn join(tokens: &[String]) -> String {
    tokens
        .iter()
        .fold(String::new(), |pointer, token| child(&pointer, token))
}

fn unescape(token: &str) -> Option<String> {
    let mut plain = String::with_capacity(token.len());
    let mut characters = token.chars();
    while let Some(character) = characters.next() {
        plain.push(match character {
            '~' => match characters.next()? {
                '0' => '~',
                '1' => '/',
                _ => return None,
            },
            other => other,
        });
    }
    Some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_survive_both_ways() {
        let names = ["a/b".to_owned(), "~1".to_owned(), String::new()];
        assert_eq!(join(&names), "/a~1b/~01/");
        assert_eq!(tokens("/a~1b/~01/"), Some(names.to_vec()));
        assert_eq!(tokens(""), Some(Vec::new()));
    }

    #[test]
    fn what_is_no_pointer_has_no_tokens() {
        for text in ["a", "a/b", "/~", "/~2", "#/a"] {
            assert_eq!(tokens(text), None, "{text}");
        }
    }
}
