//! A JSON value as its readers see it, whatever holds it.

mod json_schema;
mod members;

use std::borrow::Cow;

use grammar::{Pointer, pointer};
use serde::ser::{Serialize, Serializer};
use serde_json::{Number, Value};

use crate::flat::{FlatJson, Item};
pub(crate) use json_schema::Instance;
pub use members::{Items, Members};

/// A value in a [`FlatJson`] or a `serde_json::Value`, or a text alone.
#[derive(Debug, Clone, Copy)]
pub struct Node<'v>(Holder<'v>);

#[derive(Debug, Clone, Copy)]
enum Holder<'v> {
    Flat { all: &'v FlatJson, at: usize },
    Tree(&'v Value),
    Text(&'v str),
}

/// What a value is.
#[derive(Debug, Clone, Copy)]
pub enum View<'v> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(&'v Number),
    /// A text.
    Text(&'v str),
    /// An array.
    Array(Items<'v>),
    /// An object.
    Object(Members<'v>),
}

impl<'v> From<&'v Value> for Node<'v> {
    fn from(value: &'v Value) -> Self {
        Self(Holder::Tree(value))
    }
}

impl<'v> From<&'v str> for Node<'v> {
    fn from(text: &'v str) -> Self {
        Self(Holder::Text(text))
    }
}

impl<'v> From<&'v FlatJson> for Node<'v> {
    fn from(value: &'v FlatJson) -> Self {
        value.root()
    }
}

impl FlatJson {
    /// The whole value.
    #[must_use]
    pub fn root(&self) -> Node<'_> {
        Node::of_flat(self, 0)
    }

    /// The value as a tree.
    #[must_use]
    pub fn to_value(&self) -> Value {
        self.root().to_value()
    }
}

/// The same values, however they were written.
impl PartialEq for FlatJson {
    fn eq(&self, other: &Self) -> bool {
        self.to_value() == other.to_value()
    }
}

impl<'v> Node<'v> {
    /// The value whose head stands at a place of the flat list.
    pub(crate) const fn of_flat(all: &'v FlatJson, at: usize) -> Self {
        Self(Holder::Flat { all, at })
    }

    /// What it is.
    #[must_use]
    #[inline]
    pub fn view(self) -> View<'v> {
        match self.0 {
            Holder::Flat { all, at } => match all.item(at) {
                // There is an item for each node.
                None | Some(Item::Null) => View::Null,
                Some(Item::Bool(flag)) => View::Bool(*flag),
                Some(Item::Number(number)) => View::Number(number),
                Some(Item::Text(text)) => View::Text(all.text(*text)),
                Some(Item::Array(parts)) => View::Array(Items::of_flat(all, at + 1, parts.count)),
                Some(Item::Object(parts)) => {
                    View::Object(Members::of_flat(all, at + 1, parts.count))
                }
            },
            Holder::Tree(value) => match value {
                Value::Null => View::Null,
                Value::Bool(flag) => View::Bool(*flag),
                Value::Number(number) => View::Number(number),
                Value::String(text) => View::Text(text),
                Value::Array(items) => View::Array(Items::of_tree(items)),
                Value::Object(members) => View::Object(Members::of_tree(members)),
            },
            Holder::Text(text) => View::Text(text),
        }
    }

    /// Whether it is `null`.
    #[must_use]
    pub fn is_null(self) -> bool {
        matches!(self.view(), View::Null)
    }

    /// What a pointer names in it, if that is there.
    #[must_use]
    pub fn find(self, place: &Pointer) -> Option<Self> {
        place
            .tokens()
            .iter()
            .try_fold(self, |node, token| match node.view() {
                View::Object(members) => members.get(token),
                View::Array(mut items) => items.nth(pointer::index(token)?),
                _ => None,
            })
    }

    /// A scalar as a text: a text itself, of a number or boolean what JSON writes. `None` for what has parts,
    /// and for `null`.
    #[must_use]
    pub fn scalar_text(self) -> Option<Cow<'v, str>> {
        match self.view() {
            View::Text(text) => Some(Cow::Borrowed(text)),
            View::Number(number) => Some(Cow::Owned(number.to_string())),
            View::Bool(flag) => Some(Cow::Borrowed(if flag { "true" } else { "false" })),
            View::Null | View::Array(_) | View::Object(_) => None,
        }
    }

    /// A copy of it as a tree.
    #[must_use]
    pub fn to_value(self) -> Value {
        if let Holder::Tree(value) = self.0 {
            return value.clone();
        }
        match self.view() {
            View::Null => Value::Null,
            View::Bool(flag) => Value::Bool(flag),
            View::Number(number) => Value::Number(number.clone()),
            View::Text(text) => Value::String(text.to_owned()),
            View::Array(items) => items.map(Node::to_value).collect(),
            View::Object(members) => members
                .iter()
                .map(|(name, member)| (name.to_owned(), member.to_value()))
                .collect(),
        }
    }

    /// About how many bytes its texts take, where that is known without looking at them.
    #[must_use]
    pub fn text_bytes(self) -> usize {
        match self.0 {
            Holder::Flat { all, .. } => all.text_bytes(),
            Holder::Tree(_) => 0,
            Holder::Text(text) => text.len(),
        }
    }
}

impl Serialize for Node<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.view() {
            View::Null => serializer.serialize_unit(),
            View::Bool(flag) => serializer.serialize_bool(flag),
            View::Number(number) => number.serialize(serializer),
            View::Text(text) => serializer.serialize_str(text),
            View::Array(items) => serializer.collect_seq(items),
            View::Object(members) => serializer.collect_map(members),
        }
    }
}
