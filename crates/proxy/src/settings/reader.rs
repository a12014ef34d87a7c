//! Reads a marked YAML tree key by key and keeps every mistake with its place.

use std::cell::RefCell;
use std::net::SocketAddr;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::time::Duration;

use contract::Diagnostic;
use contract::yaml::Document;
use grammar::pointer;
use serde_json::Value;

use super::auth::HeaderSource;
use super::units;
use crate::secret::SecretSource;

/// A secret by value. Who prints this finding must not print the line that it points at.
pub const SECRET_IN_THE_OPEN: &str = "secret-in-the-open";

/// One node of the tree.
pub struct Reader<'a> {
    document: &'a Document,
    errors: &'a RefCell<Vec<Diagnostic>>,
    /// Where relative paths start.
    folder: &'a Path,
    value: &'a Value,
    pointer: String,
}

impl<'a> Reader<'a> {
    pub fn root(
        document: &'a Document,
        errors: &'a RefCell<Vec<Diagnostic>>,
        folder: &'a Path,
    ) -> Self {
        let root = Self {
            document,
            errors,
            folder,
            value: &document.value,
            pointer: String::new(),
        };
        if !root.value.is_object() {
            root.refuse(
                "",
                "not-a-mapping",
                "the settings are not a mapping",
                "Write `key: value` lines; see config/gateway.yaml.",
            );
        }
        root
    }

    /// Refuses every key that is not in `known`.
    pub fn only(&self, known: &[&str]) {
        let Value::Object(members) = self.value else {
            return;
        };
        for key in members.keys().filter(|key| !known.contains(&key.as_str())) {
            let help = validate::closest(key, known.iter().copied()).map_or_else(
                || format!("Known keys here: {}.", known.join(", ")),
                |near| format!("Did you mean `{near}`?"),
            );
            let pointer = self.child_pointer(key);
            self.push(
                &pointer,
                self.document.key_place(&pointer),
                "unknown-key",
                &format!("unknown key `{key}`"),
                &help,
            );
        }
    }

    pub fn refuse_at(&self, key: &str, code: &'static str, message: &str, help: &str) {
        self.refuse(&self.child_pointer(key), code, message, help);
    }

    fn refuse(&self, pointer: &str, code: &'static str, message: &str, help: &str) {
        let place = self
            .document
            .place(pointer)
            .or_else(|| self.document.place(&self.pointer));
        self.push(pointer, place, code, message, help);
    }

    fn push(
        &self,
        pointer: &str,
        place: Option<contract::Place>,
        code: &'static str,
        message: &str,
        help: &str,
    ) {
        // That the value could not be read was reported; null stands for it.
        if code != "unknown-key" && self.document.is_unread(pointer) {
            return;
        }
        self.errors.borrow_mut().push(Diagnostic {
            code,
            message: message.to_owned(),
            pointer: pointer.to_owned(),
            place: place.unwrap_or(contract::Place::START),
            help: help.to_owned(),
        });
    }

    fn child_pointer(&self, key: &str) -> String {
        pointer::child(&self.pointer, key)
    }

    fn child(&self, key: &str) -> Option<Reader<'a>> {
        let value = self.value.get(key)?;
        Some(Reader {
            document: self.document,
            errors: self.errors,
            folder: self.folder,
            value,
            pointer: self.child_pointer(key),
        })
    }

    fn wrong_type(&self, key: &str, wanted: &str) {
        self.refuse_at(
            key,
            "wrong-type",
            &format!("`{key}` is not {wanted}"),
            &format!("Write {wanted}."),
        );
    }

    pub fn missing(&self, key: &str) {
        let place = self
            .document
            .key_place(&self.pointer)
            .or_else(|| self.document.place(&self.pointer));
        self.push(
            &self.child_pointer(key),
            place,
            "missing-key",
            &format!("`{key}` is missing"),
            &format!("Add `{key}`; see config/gateway.yaml."),
        );
    }

    pub fn has(&self, key: &str) -> bool {
        self.value.get(key).is_some()
    }

    pub fn optional_string(&self, key: &str) -> Option<String> {
        let value = self.value.get(key)?;
        let Value::String(text) = value else {
            self.wrong_type(key, "a string");
            return None;
        };
        Some(text.clone())
    }

    /// A required string; its absence is an error.
    pub fn string(&self, key: &str) -> Option<String> {
        if self.value.get(key).is_none() {
            self.missing(key);
        }
        self.optional_string(key)
    }

    pub fn one_of(&self, key: &str, words: &[&str]) -> Option<String> {
        let text = self.optional_string(key)?;
        if words.contains(&text.as_str()) {
            return Some(text);
        }
        self.refuse_at(
            key,
            "unknown-word",
            &format!("`{key}` cannot be `{text}`"),
            &format!("Use one of {}.", words.join(", ")),
        );
        None
    }

    pub fn flag(&self, key: &str, default: bool) -> bool {
        match self.value.get(key) {
            None => default,
            Some(Value::Bool(flag)) => *flag,
            Some(_) => {
                self.wrong_type(key, "true or false");
                default
            }
        }
    }

    pub fn count(&self, key: &str, default: usize, range: RangeInclusive<usize>) -> usize {
        let Some(value) = self.value.get(key) else {
            return default;
        };
        let number = value
            .as_u64()
            .and_then(|number| usize::try_from(number).ok());
        match number.filter(|number| range.contains(number)) {
            Some(number) => number,
            None => {
                self.wrong_type(
                    key,
                    &format!("a whole number from {} to {}", range.start(), range.end()),
                );
                default
            }
        }
    }

    pub fn size(&self, key: &str, default: usize) -> usize {
        let Some(value) = self.value.get(key) else {
            return default;
        };
        match value
            .as_str()
            .and_then(units::size)
            .filter(|size| *size > 0)
        {
            Some(size) => size,
            None => {
                self.wrong_type(key, "a size with its unit, such as 64KiB or 1MiB");
                default
            }
        }
    }

    pub fn duration(&self, key: &str, default: Duration) -> Duration {
        let duration = self.duration_or_zero(key, default);
        if duration.is_zero() {
            self.wrong_type(key, "a time above zero, such as 500ms, 10s or 2m");
            return default;
        }
        duration
    }

    pub fn duration_or_zero(&self, key: &str, default: Duration) -> Duration {
        let Some(value) = self.value.get(key) else {
            return default;
        };
        match value.as_str().and_then(contract::duration) {
            Some(duration) => duration,
            None => {
                self.wrong_type(key, "a time with its unit, such as 500ms, 10s or 2m");
                default
            }
        }
    }

    pub fn address(&self, key: &str, default: &str) -> Option<SocketAddr> {
        let text = match self.value.get(key) {
            None => default.to_owned(),
            Some(_) => self.optional_string(key)?,
        };
        match text.parse() {
            Ok(address) => Some(address),
            Err(_) => {
                self.refuse_at(
                    key,
                    "bad-address",
                    &format!("`{text}` is not an address"),
                    "Write IP:PORT, for example 127.0.0.1:8080.",
                );
                None
            }
        }
    }

    pub fn object(&self, key: &str) -> Option<Reader<'a>> {
        let child = self.child(key)?;
        if child.value.is_object() {
            return Some(child);
        }
        self.wrong_type(key, "a mapping");
        None
    }

    pub fn required_object(&self, key: &str) -> Option<Reader<'a>> {
        if self.value.get(key).is_none() {
            self.missing(key);
        }
        self.object(key)
    }

    pub fn members(&self) -> Vec<(String, Reader<'a>)> {
        let Value::Object(members) = self.value else {
            return Vec::new();
        };
        let keys = members.keys();
        keys.filter_map(|key| Some((key.clone(), self.child(key)?)))
            .collect()
    }

    pub fn list(&self, key: &str) -> Vec<Reader<'a>> {
        let Some(child) = self.child(key) else {
            return Vec::new();
        };
        let Value::Array(items) = child.value else {
            self.wrong_type(key, "a list");
            return Vec::new();
        };
        let items = items.iter().enumerate();
        items
            .map(|(index, value)| Reader {
                document: self.document,
                errors: self.errors,
                folder: self.folder,
                value,
                pointer: format!("{}/{index}", child.pointer),
            })
            .collect()
    }

    /// A list of texts, without those items that are none.
    pub fn strings(&self, key: &str) -> Vec<String> {
        let items = self.list(key).into_iter().enumerate();
        items
            .filter_map(|(index, item)| {
                let text = item.value.as_str().map(str::to_owned);
                if text.is_none() {
                    self.wrong_type(&format!("{key}/{index}"), "a text");
                }
                text
            })
            .collect()
    }

    /// A secret, which stands in the settings by reference only.
    pub fn secret(&self, key: &str) -> Option<SecretSource> {
        match self.literal_or_secret(key)? {
            HeaderSource::Secret(source) => Some(source),
            HeaderSource::Literal(_) => {
                self.refuse_at(
                    key,
                    SECRET_IN_THE_OPEN,
                    &format!("`{key}` is a secret and stands here in the open"),
                    "Write {env: NAME} or {file: PATH}.",
                );
                None
            }
        }
    }

    pub fn literal_or_secret(&self, key: &str) -> Option<HeaderSource> {
        if self.value.get(key).is_none() {
            self.missing(key);
            return None;
        }
        let child = self.child(key)?;
        match child.value {
            Value::String(text) => Some(HeaderSource::Literal(text.clone())),
            Value::Object(members) if members.len() == 1 => {
                child.only(&["env", "file"]);
                child.reference().map(HeaderSource::Secret)
            }
            _ => {
                self.wrong_type(key, "{env: NAME} or {file: PATH}");
                None
            }
        }
    }

    /// `{env: NAME}` or `{file: PATH}`, with a name that the system can look for.
    fn reference(&self) -> Option<SecretSource> {
        if let Some(name) = self.optional_string("env") {
            if name.is_empty() || name.contains(['=', '\0']) {
                self.refuse_at(
                    "env",
                    "bad-secret",
                    &format!("no environment variable is called `{name}`"),
                    "Write the name alone, such as {env: NETEX_TOKEN}.",
                );
                return None;
            }
            return Some(SecretSource::Env(name));
        }
        let path = self.optional_string("file")?;
        if path.trim().is_empty() || path.contains('\0') {
            self.refuse_at(
                "file",
                "bad-secret",
                "`file` names no file",
                "Write a path, such as {file: /run/secrets/netex}.",
            );
            return None;
        }
        Some(SecretSource::File(self.path(&path)))
    }

    /// A path of the settings, whole: a relative one starts at their folder, wherever the process runs.
    pub fn path(&self, path: &str) -> PathBuf {
        let path = self.folder.join(path);
        // Without a working directory it stays as it is.
        std::path::absolute(&path).unwrap_or(path)
    }
}
