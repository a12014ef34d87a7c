//! What holds other keys: sections, variants, sections under free names, lists.

use serde_json::Value;

use super::mapping::Node;
use crate::settings::key::{Key, Row, Section, Sections, Variants};

impl<'a> Node<'a> {
    /// A mapping whose absence says that all of its defaults hold.
    pub fn section(&self, section: &'static Section) -> Node<'a> {
        self.optional(section).unwrap_or(Node {
            value: &Value::Null,
            pointer: self.child_pointer(section.row.name),
            reading: self.reading,
        })
    }

    /// A mapping. `None`: it is not there, or is none.
    pub fn optional(&self, section: &'static Section) -> Option<Node<'a>> {
        let node = self.mapping(&section.row)?;
        node.only(section.rows, &[]);
        Some(node)
    }

    /// A mapping whose keys depend on its `kind`, and that kind. `None`: it is not there, or no such kind is.
    pub fn variant(
        &self,
        section: &'static Variants,
        kind: &'static Key<String>,
    ) -> Option<(Node<'a>, &'static str)> {
        let node = self.mapping(&section.row)?;
        let text = node.ask(kind)?;
        let kinds = || section.variants.iter().flat_map(|variant| variant.kinds);
        let Some(known) = kinds().find(|known| **known == text) else {
            let mut words: Vec<&str> = kinds().copied().collect();
            words.dedup();
            let help = validate::closest(&text, words.iter().copied()).map_or_else(
                || format!("Use one of {}.", words.join(", ")),
                |near| format!("Did you mean `{near}`?"),
            );
            let message = format!("there is no authentication kind `{text}`");
            node.refuse(&kind.row, "unknown-auth", &message, &help);
            return None;
        };
        let fitting = section
            .variants
            .iter()
            .filter(|variant| variant.kinds.contains(known));
        let fitting: Vec<_> = fitting.collect();
        let told = |rows: &[&'static Row]| rows.last().is_some_and(|row| node.has(row));
        let named = fitting.iter().skip(1).find(|variant| told(variant.rows));
        let others = fitting.iter().flat_map(|variant| variant.rows);
        if let Some(variant) = named.or(fitting.first()) {
            node.only(variant.rows, &others.copied().collect::<Vec<_>>());
        }
        Some((node, known))
    }

    /// The members of a mapping under free names.
    pub fn named(&self, sections: &'static Sections) -> Vec<(String, Node<'a>)> {
        let Some(node) = self.mapping(&sections.row) else {
            return Vec::new();
        };
        let names = node
            .value
            .as_object()
            .into_iter()
            .flat_map(|one| one.keys());
        let members = names.filter_map(|name| {
            let member = node.child(name)?;
            if !member.value.is_object() {
                node.wrong_type(name, "a mapping");
                return None;
            }
            member.only(sections.rows, &[]);
            Some((name.clone(), member))
        });
        members.collect()
    }

    /// The items of a list of mappings.
    pub fn listed(&self, sections: &'static Sections) -> Vec<Node<'a>> {
        let items = self.items(&sections.row).into_iter();
        let nodes = items.filter_map(|item| {
            if !item.value.is_object() {
                item.refuse_pointer(
                    &item.pointer,
                    "wrong-type",
                    "an item of the list is not a mapping",
                    "Write a mapping.",
                );
                return None;
            }
            item.only(sections.rows, &[]);
            Some(item)
        });
        nodes.collect()
    }

    /// A list of texts, without those items that are none. `None`: it is not there.
    pub fn texts(&self, row: &'static Row) -> Option<Vec<String>> {
        let items = self.items(row);
        if !self.has(row) {
            return None;
        }
        let texts = items.into_iter().filter_map(|item| {
            let text = item.value.as_str().map(str::to_owned);
            if text.is_none() {
                item.refuse_pointer(
                    &item.pointer,
                    "wrong-type",
                    "an item of the list is not a text",
                    "Write a text.",
                );
            }
            text
        });
        Some(texts.collect())
    }

    pub(super) fn mapping(&self, row: &'static Row) -> Option<Node<'a>> {
        self.member(row)?;
        let node = self.child(row.name)?;
        if node.value.is_object() {
            return Some(node);
        }
        self.wrong_type(row.name, "a mapping");
        None
    }

    fn items(&self, row: &'static Row) -> Vec<Node<'a>> {
        let Some(value) = self.member(row) else {
            return Vec::new();
        };
        let Some(items) = value.as_array() else {
            self.wrong_type(row.name, "a list");
            return Vec::new();
        };
        let list = self.child_pointer(row.name);
        let nodes = items.iter().enumerate().map(|(index, value)| Node {
            reading: self.reading,
            value,
            pointer: format!("{list}/{index}"),
        });
        nodes.collect()
    }
}
