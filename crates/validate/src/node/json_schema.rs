//! Nodes as what jsonschema validates: no copy is made for it.

use std::borrow::Cow;

use jsonschema::JsonType;
use jsonschema::json::{self, Json, NodeIdentity, cmp};
use serde_json::{Number, Value};

use super::members::MembersIter;
use super::{Holder, Items, Members, Node, View};

/// The representation of which [`Node`]s are the values.
#[derive(Debug)]
pub(crate) struct Instance;

impl Json for Instance {
    type Node<'a> = Node<'a>;
    type PreparedKey = String;
    type StringBuffer = ();

    /// A member is looked for one by one, so one pass over all is never dearer.
    const KEYS_PER_LOOKUP: usize = 1 << 16;
    const ACYCLIC: bool = true;

    fn prepare_key(key: &str) -> String {
        key.to_owned()
    }

    fn with_string_node<T>((): &mut (), text: &str, f: impl FnOnce(Node<'_>) -> T) -> T {
        f(text.into())
    }
}

impl<'a> json::Node<'a, Instance> for Node<'a> {
    type Object = Members<'a>;
    type Array = Items<'a>;
    type Number = &'a Number;

    fn as_object(&self) -> Option<Members<'a>> {
        match self.view() {
            View::Object(members) => Some(members),
            _ => None,
        }
    }

    fn as_array(&self) -> Option<Items<'a>> {
        match self.view() {
            View::Array(items) => Some(items),
            _ => None,
        }
    }

    fn as_string(&self) -> Option<Cow<'a, str>> {
        match self.view() {
            View::Text(text) => Some(Cow::Borrowed(text)),
            _ => None,
        }
    }

    fn as_number(&self) -> Option<&'a Number> {
        match self.view() {
            View::Number(number) => Some(number),
            _ => None,
        }
    }

    fn as_boolean(&self) -> Option<bool> {
        match self.view() {
            View::Bool(flag) => Some(flag),
            _ => None,
        }
    }

    fn is_null(&self) -> bool {
        Node::is_null(*self)
    }

    fn json_type(&self) -> JsonType {
        match self.view() {
            View::Null => JsonType::Null,
            View::Bool(_) => JsonType::Boolean,
            View::Number(_) => JsonType::Number,
            View::Text(_) => JsonType::String,
            View::Array(_) => JsonType::Array,
            View::Object(_) => JsonType::Object,
        }
    }

    fn string_length_within(&self, min: u64, max: u64) -> Option<bool> {
        let View::Text(text) = self.view() else {
            return None;
        };
        // A character takes one to four bytes, so most texts need not be counted.
        let bytes = text.len() as u64;
        let fewest = bytes.div_ceil(4);
        if bytes < min || fewest > max {
            return Some(false);
        }
        if min <= fewest && bytes <= max {
            return Some(true);
        }
        Some((min..=max).contains(&(text.chars().count() as u64)))
    }

    fn equals_value(&self, expected: &Value) -> bool {
        match (self.view(), expected) {
            (View::Text(text), Value::String(expected)) => text == expected,
            (View::Text(_), _) | (_, Value::String(_)) => false,
            _ => cmp::equal(&self.to_value(), expected),
        }
    }

    fn to_value(&self) -> Cow<'a, Value> {
        match self.0 {
            Holder::Tree(value) => Cow::Borrowed(value),
            Holder::Flat { .. } | Holder::Text(_) => Cow::Owned(Node::to_value(*self)),
        }
    }

    fn identity(&self) -> Option<NodeIdentity> {
        let address = match self.0 {
            Holder::Tree(value) => std::ptr::from_ref(value).addr(),
            Holder::Flat { all, at } => std::ptr::from_ref(all.item(at)?).addr(),
            Holder::Text(text) => text.as_ptr().addr(),
        };
        Some(NodeIdentity::new(address))
    }
}

impl<'a> json::Object<'a, Instance> for Members<'a> {
    type Node = Node<'a>;
    type MemberName = &'a str;
    type MembersIter = MembersIter<'a>;

    fn len(&self) -> usize {
        Members::len(self)
    }

    fn get(&self, key: &String) -> Option<Node<'a>> {
        Members::get(self, key)
    }

    fn members(&self) -> MembersIter<'a> {
        self.iter()
    }
}

impl<'a> json::Array<'a, Instance> for Items<'a> {
    type Node = Node<'a>;
    type ElementsIter = Items<'a>;

    fn len(&self) -> usize {
        ExactSizeIterator::len(self)
    }

    fn elements(&self) -> Items<'a> {
        *self
    }
}

#[cfg(test)]
mod tests {
    use jsonschema::json::conformance::{assert_conformance, document};

    use super::*;
    use crate::flat::FlatJson;

    #[test]
    fn nodes_keep_the_contract_of_jsonschema() {
        let tree = document();
        assert_conformance::<Instance>(&Node::from(&tree));
        let flat = FlatJson::from(&tree);
        assert_conformance::<Instance>(&flat.root());
    }
}
