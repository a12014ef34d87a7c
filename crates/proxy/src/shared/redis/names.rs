//! The keys in the store. Those that one script touches have one hash tag (`{…}`), as a proxy that shards may ask for.

use crate::shared::name::Account;

#[derive(Debug, Clone)]
pub struct Names {
    prefix: String,
}

impl Names {
    #[must_use]
    pub fn new(prefix: &str) -> Self {
        Self {
            prefix: prefix.to_owned(),
        }
    }

    /// The stream of an account's entries, and the hash of its epoch and its members: one, so that a server that throws
    /// keys away cannot lose the members and keep the epoch.
    pub(super) fn journal(&self, account: &Account) -> Vec<String> {
        let name = account.as_str();
        vec![self.of("journal", name), self.of("fleet", name)]
    }

    /// What is kept of one thing of a kind.
    #[must_use]
    pub fn of(&self, kind: &str, name: &str) -> String {
        format!("{}:{kind}:{{{name}}}", self.prefix)
    }
}
