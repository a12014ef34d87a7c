use std::borrow::Cow;

use quick_xml::events::BytesStart;
use quick_xml::name::{NamespaceResolver, QName, ResolveResult};

use super::value::value;
use crate::mismatch::Mismatch;

pub(super) const MALFORMED: &str = "a malformed namespace declaration, or too many";

/// What prefixes stand for. Only elements that declare something open a level: most documents have one or
/// none of them.
#[derive(Default)]
pub(super) struct Namespaces(NamespaceResolver);

impl Namespaces {
    pub(super) fn open(&mut self, start: &BytesStart<'_>) -> Result<(), Mismatch> {
        self.0
            .push(start)
            .map_err(|_| Mismatch::new("well-formed XML", MALFORMED))
    }

    pub(super) fn close(&mut self) {
        self.0.pop();
    }

    /// The namespace of an element by its qualified name.
    pub(super) fn of_element(&self, name: &str) -> Result<Option<Cow<'_, str>>, Mismatch> {
        bound(self.0.resolve_element(QName(name)).0)
    }

    /// The same of an attribute, to which the default namespace does not apply.
    pub(super) fn of_attribute(&self, name: &str) -> Result<Option<Cow<'_, str>>, Mismatch> {
        bound(self.0.resolve_attribute(QName(name)).0)
    }
}

fn bound(namespace: ResolveResult<'_>) -> Result<Option<Cow<'_, str>>, Mismatch> {
    match namespace {
        ResolveResult::Unbound => Ok(None),
        // quick-xml keeps the declaration as it was written, references and all.
        ResolveResult::Bound(namespace) => value(namespace.0).map(Some),
        ResolveResult::Unknown(_) => Err(Mismatch::new("declared prefixes", "an unbound prefix")),
    }
}
