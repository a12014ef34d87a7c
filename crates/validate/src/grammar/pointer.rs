//! JSON Pointers (RFC 6901).

use std::borrow::Cow;

/// A token as it stands in a pointer (section 3: `~` is `~0`, `/` is `~1`).
pub fn escape(token: &str) -> Cow<'_, str> {
    if token.contains(['~', '/']) {
        Cow::Owned(token.replace('~', "~0").replace('/', "~1"))
    } else {
        Cow::Borrowed(token)
    }
}

/// The token that `escape` made this of.
pub fn unescape(escaped: &str) -> Cow<'_, str> {
    if escaped.contains('~') {
        Cow::Owned(escaped.replace("~1", "/").replace("~0", "~"))
    } else {
        Cow::Borrowed(escaped)
    }
}

/// `pointer` with one more token.
pub fn child(pointer: &str, token: &str) -> String {
    let mut child = String::with_capacity(pointer.len() + token.len() + 1);
    child.push_str(pointer);
    push(&mut child, token);
    child
}

/// Appends a token to `pointer`.
pub fn push(pointer: &mut String, token: &str) {
    pointer.push('/');
    pointer.push_str(&escape(token));
}

/// The pointer of unescaped tokens.
pub fn of(tokens: &[String]) -> String {
    tokens.iter().fold(String::new(), |mut pointer, token| {
        push(&mut pointer, token);
        pointer
    })
}

/// The unescaped tokens. `None` if the text is no pointer: it is neither empty nor begins with `/`,
/// or a `~` stands before something other than `0` and `1`.
pub fn tokens(pointer: &str) -> Option<Vec<String>> {
    if pointer.is_empty() {
        return Some(Vec::new());
    }
    let token = |escaped: &str| {
        let sound = |rest: &str| rest.starts_with(['0', '1']);
        escaped
            .split('~')
            .skip(1)
            .all(sound)
            .then(|| unescape(escaped).into_owned())
    };
    pointer.strip_prefix('/')?.split('/').map(token).collect()
}

/// The index of an array that a token names (section 4): digits without a leading zero.
pub fn index(token: &str) -> Option<usize> {
    let plain = token == "0" || token.starts_with(|first: char| matches!(first, '1'..='9'));
    plain.then(|| token.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_survive_both_ways() {
        let names = ["a/b".to_owned(), "~1".to_owned(), String::new()];
        assert_eq!(of(&names), "/a~1b/~01/");
        assert_eq!(tokens("/a~1b/~01/"), Some(names.to_vec()));
        assert_eq!(tokens(""), Some(Vec::new()));
        assert_eq!(of(&[]), "");
        assert_eq!(child("/a", "b/c~d"), "/a/b~1c~0d");
    }

    #[test]
    fn what_is_no_pointer_has_no_tokens() {
        for text in ["a", "a/b", "/~", "/~2", "#/a", "/a~"] {
            assert_eq!(tokens(text), None, "{text}");
        }
    }

    #[test]
    fn an_index_has_one_spelling() {
        assert_eq!((index("0"), index("10")), (Some(0), Some(10)));
        for text in ["", "01", "+1", "-1", "-", "1a", "99999999999999999999999"] {
            assert_eq!(index(text), None, "{text}");
        }
    }
}
