//! JSON Pointers (RFC 6901).

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde_json::Value;
use thiserror::Error;

/// A pointer that was read: its tokens, unescaped. The one without tokens points at the whole document.
/// It is shown with its escapes, and points into whatever its holder says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Pointer(Vec<String>);

/// Why a text is no [`Pointer`]: it is neither empty nor begins with `/`, or a `~` stands before
/// something other than `0` and `1` (section 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error(
    "a JSON Pointer (RFC 6901) is empty or begins with `/`, and holds `~` as `~0` or `~1` only"
)]
pub struct NotAPointer;

/// A value in which a pointer can be followed.
pub trait Node {
    /// The member or item that an unescaped token names (section 4); `None` if there is none.
    fn child(&self, token: &str) -> Option<&Self>;
}

impl Pointer {
    /// The pointer to the whole document.
    #[must_use]
    pub const fn root() -> Self {
        Self(Vec::new())
    }

    /// Whether it points at the whole document.
    #[must_use]
    pub const fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// The unescaped tokens, outermost first.
    #[must_use]
    pub fn tokens(&self) -> &[String] {
        &self.0
    }

    /// Whether it points at what `other` points at, or into it.
    #[must_use]
    pub fn is_within(&self, other: &Self) -> bool {
        self.0.starts_with(&other.0)
    }

    /// The last token; empty where it points at the whole document.
    #[must_use]
    pub fn last(&self) -> &str {
        self.0.last().map_or("", String::as_str)
    }

    /// The pointer with one more token, which is not escaped yet.
    #[must_use]
    pub fn child(&self, token: impl Into<String>) -> Self {
        let mut tokens = Vec::with_capacity(self.0.len() + 1);
        tokens.extend_from_slice(&self.0);
        tokens.push(token.into());
        Self(tokens)
    }

    /// What it points at in `root`; `None` if that is not there.
    #[must_use]
    pub fn find<'n, N: Node>(&self, root: &'n N) -> Option<&'n N> {
        find(&self.0, root)
    }
}

impl FromIterator<String> for Pointer {
    fn from_iter<T: IntoIterator<Item = String>>(tokens: T) -> Self {
        Self(tokens.into_iter().collect())
    }
}

impl FromStr for Pointer {
    type Err = NotAPointer;

    fn from_str(text: &str) -> Result<Self, NotAPointer> {
        tokens(text).map(Self).ok_or(NotAPointer)
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .iter()
            .try_for_each(|token| write!(f, "/{}", escape(token)))
    }
}

impl Node for Value {
    fn child(&self, token: &str) -> Option<&Self> {
        match self {
            Self::Object(members) => members.get(token),
            Self::Array(items) => items.get(index(token)?),
            _ => None,
        }
    }
}

/// What unescaped tokens lead to in `root`.
pub fn find<'n, N: Node>(tokens: &[String], root: &'n N) -> Option<&'n N> {
    tokens
        .iter()
        .try_fold(root, |node, token| node.child(token))
}

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
    fn a_pointer_is_followed_as_serde_json_follows_it() {
        let document = serde_json::json!({"a/b": [{"": 1}, {"~": 2}], "": {"0": 3}, "01": 4});
        for text in [
            "",
            "/a~1b",
            "/a~1b/0/",
            "/a~1b/1/~0",
            "/a~1b/01",
            "/a~1b/-",
            "//0",
            "/01",
            "/a~1b/2",
            "/x",
        ] {
            let pointer: Pointer = text.parse().unwrap();
            assert_eq!(pointer.find(&document), document.pointer(text), "{text}");
            assert_eq!(pointer.to_string(), text);
        }
        let pointer = Pointer::root().child("a/b").child("0");
        assert_eq!(pointer.to_string(), "/a~1b/0");
        assert_eq!((pointer.is_root(), pointer.tokens().len()), (false, 2));
    }

    #[test]
    fn what_is_no_pointer_has_no_tokens() {
        for text in ["a", "a/b", "/~", "/~2", "#/a", "/a~"] {
            assert_eq!(text.parse::<Pointer>(), Err(NotAPointer), "{text}");
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
