use serde_json::{Map, Value, map};

use super::Node;
use crate::flat::{FlatJson, Item};

/// The items of an array that are left.
#[derive(Debug, Clone, Copy)]
pub struct Items<'v>(Holder<'v, &'v [Value]>);

/// The members of an object, in the order of its text.
#[derive(Debug, Clone, Copy)]
pub struct Members<'v>(Holder<'v, &'v Map<String, Value>>);

/// Goes through the members of an object.
#[derive(Debug, Clone)]
pub struct MembersIter<'v>(Holder<'v, map::Iter<'v>>);

#[derive(Debug, Clone, Copy)]
enum Holder<'v, T> {
    Flat(Flat<'v>),
    Tree(T),
}

/// Parts that stand one behind the other in a flat list.
#[derive(Debug, Clone, Copy)]
struct Flat<'v> {
    all: &'v FlatJson,
    /// Where the next one begins.
    at: usize,
    left: usize,
}

impl<'v> Flat<'v> {
    #[inline]
    fn item(&mut self) -> Option<Node<'v>> {
        self.left = self.left.checked_sub(1)?;
        let node = Node::of_flat(self.all, self.at);
        self.at += self.all.item(self.at).map_or(1, Item::width);
        Some(node)
    }

    #[inline]
    fn member(&mut self) -> Option<(&'v str, Node<'v>)> {
        if self.left == 0 {
            return None;
        }
        let Some(Item::Text(name)) = self.all.item(self.at) else {
            return None;
        };
        self.at += 1;
        Some((self.all.text(*name), self.item()?))
    }
}

impl<'v> Items<'v> {
    pub(super) const fn of_flat(all: &'v FlatJson, at: usize, left: usize) -> Self {
        Self(Holder::Flat(Flat { all, at, left }))
    }

    pub(super) const fn of_tree(items: &'v [Value]) -> Self {
        Self(Holder::Tree(items))
    }

    /// Whether no item is left.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl<'v> Iterator for Items<'v> {
    type Item = Node<'v>;

    #[inline]
    fn next(&mut self) -> Option<Node<'v>> {
        match &mut self.0 {
            Holder::Flat(flat) => flat.item(),
            Holder::Tree(items) => {
                let (first, rest) = items.split_first()?;
                *items = rest;
                Some(first.into())
            }
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = match &self.0 {
            Holder::Flat(flat) => flat.left,
            Holder::Tree(items) => items.len(),
        };
        (left, Some(left))
    }
}

impl ExactSizeIterator for Items<'_> {}

impl<'v> Members<'v> {
    pub(super) const fn of_flat(all: &'v FlatJson, at: usize, left: usize) -> Self {
        Self(Holder::Flat(Flat { all, at, left }))
    }

    pub(super) const fn of_tree(members: &'v Map<String, Value>) -> Self {
        Self(Holder::Tree(members))
    }

    /// The member of this name. One of many members is looked for one by one: objects have few, and
    /// those that look ask for as many as the schema names.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Node<'v>> {
        match self.0 {
            Holder::Flat(Flat { all, at, left }) => {
                let at = all.member(at, left, name)?;
                Some(Node::of_flat(all, at))
            }
            Holder::Tree(members) => members.get(name).map(Node::from),
        }
    }

    /// For a reader that asks for the names about in the order of the text.
    #[must_use]
    pub fn in_order(self) -> MembersInOrder<'v> {
        MembersInOrder {
            all: self,
            rest: self.iter(),
        }
    }

    /// All of them.
    #[must_use]
    pub fn iter(&self) -> MembersIter<'v> {
        MembersIter(match self.0 {
            Holder::Flat(flat) => Holder::Flat(flat),
            Holder::Tree(members) => Holder::Tree(members.iter()),
        })
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        match self.0 {
            Holder::Flat(flat) => flat.left,
            Holder::Tree(members) => members.len(),
        }
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// The members of an object, each looked for behind the one that was found last.
#[derive(Debug, Clone)]
pub struct MembersInOrder<'v> {
    all: Members<'v>,
    rest: MembersIter<'v>,
}

impl<'v> MembersInOrder<'v> {
    /// The member of this name.
    pub fn get(&mut self, name: &str) -> Option<Node<'v>> {
        if let Holder::Flat(rest) = &mut self.rest.0 {
            let mut next = *rest;
            // Callers send about what the schema names, in its order: then it is the next one.
            if let Some((known, member)) = next.member()
                && known == name
            {
                *rest = next;
                return Some(member);
            }
        }
        self.all.get(name)
    }
}

impl<'v> IntoIterator for Members<'v> {
    type Item = (&'v str, Node<'v>);
    type IntoIter = MembersIter<'v>;

    fn into_iter(self) -> MembersIter<'v> {
        self.iter()
    }
}

impl<'v> Iterator for MembersIter<'v> {
    type Item = (&'v str, Node<'v>);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        match &mut self.0 {
            Holder::Flat(flat) => flat.member(),
            Holder::Tree(members) => members
                .next()
                .map(|(name, member)| (name.as_str(), member.into())),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = match &self.0 {
            Holder::Flat(flat) => flat.left,
            Holder::Tree(members) => members.len(),
        };
        (left, Some(left))
    }
}

impl ExactSizeIterator for MembersIter<'_> {}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::View;
    use super::*;

    #[test]
    fn members_are_found_in_any_order() {
        let tree = json!({"a": [{"x": 0}], "b": {"c": 1, "a": 2}, "c": 3});
        let flat = FlatJson::from(&tree);
        for node in [flat.root(), Node::from(&tree)] {
            let View::Object(members) = node.view() else {
                panic!("an object");
            };
            for names in [
                ["a", "b", "c"],
                ["c", "b", "a"],
                ["b", "x", "c"],
                ["a", "c", "a"],
            ] {
                let mut in_order = members.in_order();
                for name in names {
                    let found = in_order.get(name).map(Node::to_value);
                    assert_eq!(found.as_ref(), tree.get(name), "{name} of {names:?}");
                    assert_eq!(members.get(name).map(Node::to_value), found);
                }
                // What follows the last one is no member of this object.
                assert_eq!(in_order.get("").map(Node::to_value), None::<Value>);
            }
        }
    }
}
