//! The name of a member, and how it begins a member in JSON.

use std::fmt;
use std::ops::Deref;

use grammar::json::write_string;

/// A name in the unified JSON. It also stands ready as it is written there, since a list of rooms has it in
/// each of them: looking for what must be escaped would take a twentieth of the work on a list in XML.
#[derive(Clone, PartialEq, Eq)]
pub struct MemberName {
    /// The literal with its quotes, and the colon behind it.
    key: Box<str>,
    name: Box<str>,
}

impl MemberName {
    /// `"name":`, escaped.
    pub(crate) fn key(&self) -> &str {
        &self.key
    }
}

impl From<&str> for MemberName {
    fn from(name: &str) -> Self {
        let mut key = String::new();
        write_string(&mut key, name);
        key.push(':');
        Self {
            key: key.into(),
            name: name.into(),
        }
    }
}

impl Deref for MemberName {
    type Target = str;

    fn deref(&self) -> &str {
        &self.name
    }
}

impl fmt::Debug for MemberName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.name.fmt(formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_begins_its_member_as_json_spells_it() {
        for name in ["external_id", "ñ \"x\"\n\\", ""] {
            let ready = MemberName::from(name);
            assert_eq!(&*ready, name);
            let spelt = serde_json::Value::from(name).to_string() + ":";
            assert_eq!(ready.key(), spelt);
        }
    }
}
