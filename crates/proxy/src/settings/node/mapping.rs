//! One mapping of the settings, read by the rows of its keys; every mistake is kept with its place.

use std::path::PathBuf;

use contract::Diagnostic;
use grammar::pointer;
use serde_json::Value;

use crate::settings::key::{Key, Need, Preset, Refusal, Row};
use crate::settings::reading::{ReadKey, Reading};

/// A mapping. One that is not there reads as an empty one.
pub struct Node<'a> {
    pub(super) reading: &'a Reading<'a>,
    pub(super) value: &'a Value,
    pub(super) pointer: String,
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
            self.reading.asked(ReadKey {
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

    /// Refuses the mapping as such: something is missing in it.
    pub fn refuse_self(&self, code: &'static str, message: &str, help: &str) {
        self.reading.refuse(Diagnostic {
            code,
            message: message.to_owned(),
            pointer: self.pointer.clone(),
            place: self.reading.source.key_place(&self.pointer),
            help: help.to_owned(),
            related: Vec::new(),
        });
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

    pub(super) fn refuse_pointer(
        &self,
        pointer: &str,
        code: &'static str,
        message: &str,
        help: &str,
    ) {
        self.reading.refuse(Diagnostic {
            code,
            message: message.to_owned(),
            pointer: pointer.to_owned(),
            place: self.reading.source.place(pointer),
            help: help.to_owned(),
            related: Vec::new(),
        });
    }

    /// Refuses every key that is not in `known`. `near` may be meant too.
    pub(super) fn only(&self, known: &[&'static Row], near: &[&'static Row]) {
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
                related: Vec::new(),
            });
        }
    }

    /// The value of a row, which counts as asked.
    pub(super) fn member(&self, row: &'static Row) -> Option<&'a Value> {
        self.reading.asked(ReadKey {
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
            related: Vec::new(),
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

    pub(super) fn child(&self, name: &str) -> Option<Node<'a>> {
        Some(Node {
            reading: self.reading,
            value: self.value.get(name)?,
            pointer: self.child_pointer(name),
        })
    }

    pub(super) fn child_pointer(&self, name: &str) -> String {
        pointer::child(&self.pointer, name)
    }

    pub(super) fn wrong_type(&self, name: &str, wanted: &str) {
        self.refuse_pointer(
            &self.child_pointer(name),
            "wrong-type",
            &format!("`{name}` is not {wanted}"),
            &format!("Write {wanted}."),
        );
    }
}
