//! Which namespaces are declared where the writer stands.

use std::borrow::Cow;

use crate::shape::XmlPlace;

/// A declaration that has to be written: the attribute's name and the namespace.
type Declaration = Option<(String, String)>;

/// The bindings in scope, innermost last. An element without a namespace of its own is written
/// bare and so stands in the default namespace around it, if there is one: that is what those who
/// write `xml.namespace` on a parent mean, and a reader by local name takes it either way.
#[derive(Default)]
pub(super) struct Namespaces {
    bindings: Vec<(Option<String>, String)>,
}

impl Namespaces {
    pub(super) fn depth(&self) -> usize {
        self.bindings.len()
    }

    /// Forgets what was declared since `depth` was taken.
    pub(super) fn leave(&mut self, depth: usize) {
        self.bindings.truncate(depth);
    }

    /// The name to write for an element, and what to declare on it.
    pub(super) fn element<'n>(
        &mut self,
        name: &'n str,
        place: &XmlPlace,
    ) -> (Cow<'n, str>, Declaration) {
        match (&place.namespace, &place.prefix) {
            (None, _) => (Cow::Borrowed(name), None),
            (Some(namespace), prefix) => {
                let qualified = match prefix {
                    Some(prefix) => Cow::Owned(format!("{prefix}:{name}")),
                    None => Cow::Borrowed(name),
                };
                (qualified, self.declare(prefix.as_deref(), namespace))
            }
        }
    }

    /// The same for an attribute. The default namespace does not reach attributes (Namespaces in
    /// XML 1.0 §6.2), so one that has a namespace but no prefix is given a free one; so is one whose
    /// prefix means something else here, since to rebind it would move the element itself.
    pub(super) fn attribute<'n>(
        &mut self,
        name: &'n str,
        place: &XmlPlace,
    ) -> (Cow<'n, str>, Declaration) {
        let Some(namespace) = &place.namespace else {
            return (Cow::Borrowed(name), None);
        };
        let prefix = place
            .prefix
            .clone()
            .filter(|prefix| {
                self.bound(Some(prefix))
                    .is_none_or(|bound| bound == namespace)
            })
            .unwrap_or_else(|| self.free_prefix());
        let declaration = self.declare(Some(&prefix), namespace);
        (Cow::Owned(format!("{prefix}:{name}")), declaration)
    }

    fn bound(&self, prefix: Option<&str>) -> Option<&str> {
        self.bindings
            .iter()
            .rev()
            .find(|(known, _)| known.as_deref() == prefix)
            .map(|(_, namespace)| namespace.as_str())
    }

    fn declare(&mut self, prefix: Option<&str>, namespace: &str) -> Declaration {
        if self.bound(prefix) == Some(namespace) {
            return None;
        }
        self.bindings
            .push((prefix.map(str::to_owned), namespace.to_owned()));
        let attribute = match prefix {
            Some(prefix) => format!("xmlns:{prefix}"),
            None => "xmlns".to_owned(),
        };
        Some((attribute, namespace.to_owned()))
    }

    fn free_prefix(&self) -> String {
        let mut number = self.bindings.len();
        loop {
            number += 1;
            let prefix = format!("ns{number}");
            if self.bound(Some(&prefix)).is_none() {
                return prefix;
            }
        }
    }
}
