//! `$ref`: local, into `components`, never in a circle.

use grammar::pointer;
use serde_json::Value;
use validate::closest;

use super::Node;
use crate::code::Code;
use crate::keywords::REFERENCE;

impl<'a> Node<'a> {
    /// The text of `$ref` if the node is a reference.
    pub(crate) fn reference(&self) -> Option<Node<'a>> {
        self.get("$ref")
    }

    /// The node itself, or what its `$ref` into `#/components/{section}/` leads to. Beside a `$ref`
    /// only a summary and a description may stand (OpenAPI 3.1, "Reference Object"). `None`: reported.
    pub(crate) fn resolve(&self, section: &str) -> Option<Node<'a>> {
        let mut node = self.clone();
        let mut passed: Vec<String> = Vec::new();
        while let Some(reference) = node.reference() {
            for (name, member) in node.members() {
                if REFERENCE.names().any(|known| known == name) {
                    continue;
                }
                member.key().report_help(
                    Code::UnknownKeyword,
                    format!("`{name}` beside a `$ref` has no effect"),
                    "write it where the reference leads to, or write the whole out here",
                );
            }
            node.annotations(&REFERENCE);
            let target = reference.follow(section)?;
            if passed.iter().any(|pointer| **pointer == *target.pointer) {
                reference.report(
                    Code::RecursiveReference,
                    "the reference leads back to itself",
                );
                return None;
            }
            passed.push(target.pointer.to_string());
            node = target;
        }
        Some(node)
    }

    /// What the text of a `$ref` names. `None`: reported.
    pub(crate) fn follow(&self, section: &str) -> Option<Node<'a>> {
        let text = self.string()?;
        let prefix = format!("#/components/{section}/");
        let Some(name) = text
            .strip_prefix(&prefix)
            .filter(|name| !name.contains('/'))
        else {
            self.report_help(
                Code::UnresolvedReference,
                format!("`{text}` is not a reference into `components/{section}`"),
                format!("write '{prefix}NAME'; other places and documents are not read"),
            );
            return None;
        };
        let tokens = pointer::tokens(&format!("/{name}"))?;
        let name = tokens.first().map_or(name, String::as_str);
        let root: &'a Value = self.source.value();
        let components = root.get("components").and_then(|all| all.get(section));
        if let Some(value) = components.and_then(|all| all.get(name)) {
            let parent = format!("/components/{section}");
            return Some(self.source.node(value, &pointer::child(&parent, name)));
        }
        let names = components.and_then(Value::as_object).into_iter().flatten();
        let near = closest(name, names.map(|(name, _)| name.as_str()));
        let message = format!("`components/{section}` has no `{name}`");
        match near {
            Some(near) => {
                let help = format!("did you mean '{prefix}{near}'?");
                self.report_help(Code::UnresolvedReference, message, help);
            }
            None => self.report(Code::UnresolvedReference, message),
        }
        None
    }
}
