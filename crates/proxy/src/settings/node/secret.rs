//! Secrets stand in the settings by reference: `{env: NAME}` or `{file: PATH}`.

use serde_json::Value;

use super::mapping::Node;
use crate::secret::SecretSource;
use crate::settings::key::{Need, Row, ValueType};

/// A secret by value. Who prints this finding must not print the line that it points at.
pub const SECRET_IN_THE_OPEN: &str = "secret-in-the-open";

/// The two keys of a reference. They are part of each secret, and so no rows of the table.
static ENV: Row = part("env", "the name of an environment variable");
static FILE: Row = part("file", "a file that holds nothing else");

const fn part(name: &'static str, help: &'static str) -> Row {
    Row {
        name,
        holds: ValueType::Text,
        need: Need::Optional("the other"),
        help,
    }
}

/// A value that may be public or a secret.
#[derive(Debug, Clone, PartialEq)]
pub enum CredentialValue {
    Literal(String),
    Secret(SecretSource),
}

impl Node<'_> {
    pub fn secret(&self, row: &'static Row) -> Option<SecretSource> {
        self.member(row)?;
        match self.text_or_reference(row.name)? {
            CredentialValue::Secret(source) => Some(source),
            CredentialValue::Literal(_) => {
                let name = row.name;
                self.refuse(
                    row,
                    SECRET_IN_THE_OPEN,
                    &format!("`{name}` is a secret and stands here in the open"),
                    "Write {env: NAME} or {file: PATH}.",
                );
                None
            }
        }
    }

    pub fn text_or_secret(&self, row: &'static Row) -> Option<CredentialValue> {
        self.member(row)?;
        self.text_or_reference(row.name)
    }

    pub(super) fn text_or_reference(&self, name: &str) -> Option<CredentialValue> {
        let child = self.child(name)?;
        match child.value {
            Value::String(text) => Some(CredentialValue::Literal(text.clone())),
            Value::Object(members) if members.len() == 1 => {
                child.reference().map(CredentialValue::Secret)
            }
            _ => {
                self.wrong_type(name, "{env: NAME} or {file: PATH}");
                None
            }
        }
    }

    /// `{env: NAME}` or `{file: PATH}`, with a name that the system can look for.
    fn reference(&self) -> Option<SecretSource> {
        self.only(&[&ENV, &FILE], &[]);
        let text = |row: &Row| {
            let value = self.value.get(row.name)?;
            if !value.is_string() {
                self.wrong_type(row.name, "a string");
            }
            value.as_str()
        };
        if let Some(name) = text(&ENV) {
            if name.is_empty() || name.contains(['=', '\0']) {
                self.refuse(
                    &ENV,
                    "bad-secret",
                    &format!("no environment variable is called `{name}`"),
                    "Write the name alone, such as {env: NETEX_TOKEN}.",
                );
                return None;
            }
            return Some(SecretSource::Env(name.to_owned()));
        }
        let path = text(&FILE)?;
        if path.trim().is_empty() || path.contains('\0') {
            self.refuse(
                &FILE,
                "bad-secret",
                "`file` names no file",
                "Write a path, such as {file: /run/secrets/netex}.",
            );
            return None;
        }
        Some(SecretSource::File(self.path(path)))
    }
}
