//! Who we are to a server of the store, or to a sentinel.

use crate::secret::SecretSource;
use crate::settings::key::Row;
use crate::settings::node::{CredentialValue, Node};

/// Who we are to a server.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Login {
    pub username: Option<CredentialValue>,
    pub password: Option<SecretSource>,
}

impl Login {
    /// Every secret.
    pub fn secrets(&self) -> impl Iterator<Item = &SecretSource> {
        let username = match &self.username {
            Some(CredentialValue::Secret(source)) => Some(source),
            _ => None,
        };
        username.into_iter().chain(&self.password)
    }

    /// From the two keys of a server.
    pub fn read(node: &Node<'_>, username: &'static Row, password: &'static Row) -> Self {
        let login = Self {
            username: node.text_or_secret(username),
            password: node.secret(password),
        };
        if node.has(username) && !node.has(password) {
            node.refuse(
                username,
                "useless-username",
                "`username` is never used without a password",
                "Add `password`, or leave it out.",
            );
        }
        login
    }
}
