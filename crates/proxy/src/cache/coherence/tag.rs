//! Cache tags (surrogate keys): `name.kind`, `name.kind=value` and `name.*`, what a write changes and a read shows.

use std::fmt;
use std::sync::Arc;

use grammar::tag::is_word;

use super::fence_tag::FenceTag;

/// One tag. Names and kinds come from the contract, values from requests and answers.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Tag {
    name: Arc<str>,
    reach: Reach,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Reach {
    /// `name.*`
    All,
    Kind(Arc<str>, Option<Arc<str>>),
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no tag; write name.kind, name.kind=value or name.*")]
pub struct NotATag(String);

impl Tag {
    /// The same thing in its other spelling: a vendor that reads ids as numbers takes `02101` for
    /// `2101`, and shows the second.
    #[must_use]
    pub fn without_zeros(&self) -> Option<Self> {
        let Reach::Kind(kind, Some(value)) = &self.reach else {
            return None;
        };
        let bare = value.trim_start_matches('0');
        let bare = if bare.is_empty() { "0" } else { bare };
        let number = value.bytes().all(|byte| byte.is_ascii_digit());
        (number && bare.len() < value.len())
            .then(|| Self::of_kind(self.name.clone(), kind.clone(), Some(bare.into())))
    }

    #[must_use]
    pub fn all(name: Arc<str>) -> Self {
        Self {
            name,
            reach: Reach::All,
        }
    }

    #[must_use]
    pub fn of_kind(name: Arc<str>, kind: Arc<str>, value: Option<Arc<str>>) -> Self {
        Self {
            name,
            reach: Reach::Kind(kind, value),
        }
    }

    /// Reads a tag as [`fmt::Display`] writes it.
    ///
    /// # Errors
    /// The text is none.
    pub fn parse(text: &str) -> Result<Self, NotATag> {
        let refuse = || {
            NotATag(
                text.chars()
                    .take(100)
                    .flat_map(char::escape_default)
                    .collect(),
            )
        };
        let (name, rest) = text.split_once('.').ok_or_else(refuse)?;
        let (kind, value) = match rest.split_once('=') {
            Some((kind, value)) => (kind, Some(value)),
            None => (rest, None),
        };
        if !is_word(name) {
            return Err(refuse());
        }
        match (kind, value) {
            ("*", None) => Ok(Self::all(name.into())),
            (kind, value) if is_word(kind) => Ok(Self::of_kind(
                name.into(),
                kind.into(),
                value.map(Arc::from),
            )),
            _ => Err(refuse()),
        }
    }

    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// `None` for `name.*`.
    #[must_use]
    pub fn kind(&self) -> Option<&str> {
        match &self.reach {
            Reach::All => None,
            Reach::Kind(kind, _) => Some(kind),
        }
    }

    #[must_use]
    pub fn has_value(&self) -> bool {
        matches!(self.reach, Reach::Kind(_, Some(_)))
    }

    /// Whether an entry with the tag `other` is meant by this tag.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        self == other
            || (self.name == other.name && (self.reach == Reach::All || other.reach == Reach::All))
    }

    /// Two tags of one kind with different values: an answer about something else than was asked.
    #[must_use]
    pub fn contradicts(&self, other: &Self) -> bool {
        match (&self.reach, &other.reach) {
            (Reach::Kind(kind, Some(value)), Reach::Kind(other_kind, Some(other_value))) => {
                self.name == other.name && kind == other_kind && value != other_value
            }
            _ => false,
        }
    }

    /// Bytes on the heap, for the budget.
    #[must_use]
    pub fn weight(&self) -> usize {
        match &self.reach {
            Reach::Kind(_, Some(value)) => value.len() + 16,
            _ => 0,
        }
    }
}

impl FenceTag for Tag {
    fn whole(&self) -> Self {
        Self::all(self.name.clone())
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.reach {
            Reach::All => write!(f, "{}.*", self.name),
            Reach::Kind(kind, None) => write!(f, "{}.{kind}", self.name),
            Reach::Kind(kind, Some(value)) => write!(f, "{}.{kind}={value}", self.name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(text: &str) -> Tag {
        Tag::parse(text).unwrap()
    }

    #[test]
    fn a_tag_reads_as_it_is_written() {
        for text in [
            "room.list",
            "room.*",
            "room.id=2145",
            "room.external_id=a.b=c",
            "room.id=",
        ] {
            assert_eq!(tag(text).to_string(), text);
        }
        for bad in [
            "", "room", "room.", ".id", "*", "*.*", "room.*=1", "room.a b", "ro=om.id", "\u{7}.x",
        ] {
            assert!(Tag::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_whole_name_covers_all_of_it_and_is_covered_by_each() {
        assert!(tag("room.*").covers(&tag("room.id=1")));
        assert!(tag("room.id=1").covers(&tag("room.*")));
        assert!(tag("room.id=1").covers(&tag("room.id=1")));
        assert!(!tag("room.id=1").covers(&tag("room.id=2")));
        assert!(!tag("room.*").covers(&tag("day.list")));
    }

    #[test]
    fn another_value_of_the_same_kind_contradicts() {
        assert!(tag("room.id=1").contradicts(&tag("room.id=2")));
        assert!(!tag("room.id=1").contradicts(&tag("room.id=1")));
        assert!(!tag("room.id=1").contradicts(&tag("room.external_id=2")));
        assert!(!tag("room.id=1").contradicts(&tag("room.id")));
        assert!(!tag("room.id=1").contradicts(&tag("room.*")));
    }
}
