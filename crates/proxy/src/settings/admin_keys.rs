//! `admin_keys`: who may read the operators' pages from another machine.

use super::key::{Key, Need, Row, Sections, listed_sections, secret, text};
use super::node::Node;
use crate::secret::SecretSource;

/// An operator's key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdminKey {
    pub name: String,
    pub key: SecretSource,
}

static NAME: Key<String> = text("name", Need::Required, "stands in messages about the key");
static KEY: Row = secret("key", "the secret that stands behind `Bearer`");

pub static ADMIN_KEYS: Sections = listed_sections(
    "admin_keys",
    Need::Optional("none"),
    &[&NAME.row, &KEY],
    "who may read the operators' pages of the admin port from another machine, each with `Authorization: Bearer <key>`. Without any, nobody may",
);

pub fn read(root: &Node<'_>) -> Vec<AdminKey> {
    let mut keys: Vec<AdminKey> = Vec::new();
    for node in root.listed(&ADMIN_KEYS) {
        let (Some(name), Some(key)) = (node.ask(&NAME), node.secret(&KEY)) else {
            continue;
        };
        if keys.iter().any(|known| known.name == name) {
            node.refuse(
                &NAME.row,
                "duplicate-admin-key",
                &format!("two keys of operators are named `{name}`"),
                "Give each key a name of its own.",
            );
        }
        keys.push(AdminKey { name, key });
    }
    keys
}
