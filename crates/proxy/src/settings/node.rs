//! One mapping of the settings, read by the rows of its keys; every mistake is kept with its place.

mod names;
mod secret;

use std::path::PathBuf;

use contract::Diagnostic;
use grammar::pointer;
use serde_json::Value;

use super::key::{Key, Need, Preset, Refusal, Row, Section, Sections, Variants};
use super::reading::{Asked, Reading};
pub use names::NamesNode;
pub use secret::CredentialValue;

/// A secret by value. Who prints this finding must not print the line that it points at.
pub const SECRET_IN_THE_OPEN: &str = "secret-in-the-open";

/// A mapping. One that is not there reads as an empty one.
pub struct Node<'a> {
    reading: &'a Reading<'a>,
    value: &'a Value,
    pointer: String,
}

impl<'a> Node<'a> {
    /// All of the settings.
    pub fn root(reading: &'a Reading<'a>, rows: &[&'static Row]) -> Self {
        let root = Self {
            reading,
            value: reading.source.value(),
            pointer: String::new(),
        };
        if !root.value.is_object() {
            root.refuse_pointer(
                "",
                "not-a-mapping",
                "the settings are not a mapping",
                "Write `key: value` lines; see config/gateway.yaml.",
            );
        }
        root.only(rows, &[]);
        root
    }

    /// The value of a key. `None`: it is not there, or it was refused; also that it is not there where it
    /// must be.
    pub fn ask<T>(&self, key: &'static Key<T>) -> Option<T> {
        let value = self.member(&key.row)?;
        self.parsed(&key.row, (key.parse)(&key.row, value))
    }

    /// The value of a key, or what the program chooses where it is not there.
    pub fn ask_or<T: ToString>(&self, key: &'static Key<T>, chosen: T) -> T {
        if !self.has(&key.row) {
            self.reading.asked(Asked {
                pointer: self.child_pointer(key.row.name),
                row: &key.row,
                member: None,
                chosen: Some(chosen.to_string()),
            });
            return chosen;
        }
        self.ask(key).unwrap_or(chosen)
    }

    /// The value of a key; its default also where it was refused.
    pub fn get<T: Clone>(&self, key: &'static Preset<T>) -> T {
        self.read(key).unwrap_or_else(|| key.default.clone())
    }

    /// The value of a key or its default. `None`: it was refused.
    pub fn read<T: Clone>(&self, key: &'static Preset<T>) -> Option<T> {
        match self.member(&key.row) {
            None => Some(key.default.clone()),
            Some(value) => self.parsed(&key.row, (key.parse)(&key.row, value)),
        }
    }

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

    pub fn has(&self, row: &Row) -> bool {
        self.value.get(row.name).is_some()
    }

    /// Whether an environment variable gave the value.
    fn is_overridden(&self, row: &Row) -> bool {
        let pointer = self.child_pointer(row.name);
        self.reading.source.is_overridden(&pointer)
    }

    /// A path of the settings, whole: a relative one starts at their folder, wherever the process runs.
    pub fn path(&self, path: &str) -> PathBuf {
        let path = self.reading.folder.join(path);
        // Without a working directory it stays as it is.
        std::path::absolute(&path).unwrap_or(path)
    }

    /// Notes a file that whoever opens files has to look at.
    pub fn ca_file(&self, row: &Row, path: PathBuf) {
        self.reading.ca_file(self.child_pointer(row.name), path);
    }

    pub fn refuse(&self, row: &Row, code: &'static str, message: &str, help: &str) {
        self.refuse_pointer(&self.child_pointer(row.name), code, message, help);
    }

    /// Refuses two values that do not go together, where an environment variable gave one of them, else
    /// at the first.
    pub fn refuse_pair(&self, rows: [&Row; 2], code: &'static str, message: &str, help: &str) {
        let [first, second] = rows;
        let at = if self.is_overridden(second) && !self.is_overridden(first) {
            second
        } else {
            first
        };
        self.refuse(at, code, message, help);
    }

    fn refuse_pointer(&self, pointer: &str, code: &'static str, message: &str, help: &str) {
        self.reading.refuse(Diagnostic {
            code,
            message: message.to_owned(),
            pointer: pointer.to_owned(),
            place: self.reading.source.place(pointer),
            help: help.to_owned(),
        });
    }

    /// Refuses every key that is not in `known`. `near` may be meant too.
    fn only(&self, known: &[&'static Row], near: &[&'static Row]) {
        let keys = self
            .value
            .as_object()
            .into_iter()
            .flat_map(|one| one.keys());
        let names = |rows: &[&'static Row]| rows.iter().map(|row| row.name).collect::<Vec<_>>();
        let known = names(known);
        for key in keys.filter(|key| !known.contains(&key.as_str())) {
            let others = names(near).into_iter().filter(|name| name != key);
            let near = validate::closest(key, known.iter().copied().chain(others));
            let pointer = self.child_pointer(key);
            self.reading.refuse(Diagnostic {
                code: "unknown-key",
                message: format!("unknown key `{key}`"),
                place: self.reading.source.key_place(&pointer),
                pointer,
                help: near.map_or_else(
                    || format!("Known keys here: {}.", known.join(", ")),
                    |near| format!("Did you mean `{near}`?"),
                ),
            });
        }
    }

    /// The value of a row, which counts as asked.
    fn member(&self, row: &'static Row) -> Option<&'a Value> {
        self.reading.asked(Asked {
            pointer: self.child_pointer(row.name),
            row,
            member: None,
            chosen: None,
        });
        let value = self.value.get(row.name);
        // Where the mapping itself is missing, that was told.
        if value.is_none() && matches!(row.need, Need::Required) && self.value.is_object() {
            self.missing(row);
        }
        value
    }

    fn missing(&self, row: &Row) {
        let name = row.name;
        self.reading.refuse(Diagnostic {
            code: "missing-key",
            message: format!("`{name}` is missing"),
            pointer: self.child_pointer(name),
            place: self.reading.source.key_place(&self.pointer),
            help: format!("Add `{name}`; see config/gateway.yaml."),
        });
    }

    fn parsed<T>(&self, row: &Row, result: Result<T, Refusal>) -> Option<T> {
        match result {
            Ok(value) => return Some(value),
            Err(Refusal::WrongType) => self.wrong_type(row.name, &row.holds.wanted()),
            Err(Refusal::Other {
                code,
                message,
                help,
            }) => self.refuse(row, code, &message, &help),
        }
        None
    }

    fn mapping(&self, row: &'static Row) -> Option<Node<'a>> {
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

    fn child(&self, name: &str) -> Option<Node<'a>> {
        Some(Node {
            reading: self.reading,
            value: self.value.get(name)?,
            pointer: self.child_pointer(name),
        })
    }

    fn child_pointer(&self, name: &str) -> String {
        pointer::child(&self.pointer, name)
    }

    fn wrong_type(&self, name: &str, wanted: &str) {
        self.refuse_pointer(
            &self.child_pointer(name),
            "wrong-type",
            &format!("`{name}` is not {wanted}"),
            &format!("Write {wanted}."),
        );
    }
}
