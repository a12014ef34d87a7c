//! A mapping whose keys are names of the deployment, not of ours.

use std::collections::BTreeSet;

use super::mapping::Node;
use super::secret::CredentialValue;
use crate::settings::key::{Names, Row};
use crate::settings::reading::ReadKey;

/// Members under free names.
pub struct NamesNode<'a> {
    node: Node<'a>,
    row: &'static Row,
}

impl<'a> Node<'a> {
    /// The members of a mapping under free names. `None`: it is not there, or is none.
    pub fn names(&self, names: &'static Names) -> Option<NamesNode<'a>> {
        Some(NamesNode {
            node: self.mapping(&names.row)?,
            row: &names.row,
        })
    }
}

impl NamesNode<'_> {
    /// All names, in the order of the file.
    pub fn all(&self) -> Vec<String> {
        let members = self.node.value.as_object().into_iter();
        members.flat_map(|one| one.keys()).cloned().collect()
    }

    pub fn text(&self, name: &str) -> Option<String> {
        self.note(name);
        let text = self.node.value.get(name)?.as_str();
        if text.is_none() {
            self.node.wrong_type(name, "a string");
        }
        text.map(str::to_owned)
    }

    pub fn value(&self, name: &str) -> Option<CredentialValue> {
        self.note(name);
        self.node.text_or_reference(name)
    }

    pub fn refuse(&self, name: &str, code: &'static str, message: &str, help: &str) {
        let pointer = self.node.child_pointer(name);
        self.node.refuse_pointer(&pointer, code, message, help);
    }

    /// Refuses names that differ in case only: `what` says why one of them must go.
    pub fn distinct(&self, code: &'static str, why: &str) {
        let mut known = BTreeSet::new();
        for name in self.all() {
            if !known.insert(name.to_ascii_lowercase()) {
                let message = format!("`{name}` stands here already in another case");
                self.refuse(
                    &name,
                    code,
                    &message,
                    &format!("Keep one of the two: {why}."),
                );
            }
        }
    }

    fn note(&self, name: &str) {
        self.node.reading.asked(ReadKey {
            pointer: self.node.child_pointer(name),
            row: self.row,
            member: Some(name.to_owned()),
            chosen: None,
        });
    }
}
