//! `allOf` of references: the parts' properties come first, in order, before the object's own.

use super::{Object, Schema, SchemaKind};
use crate::code::Code;
use crate::source::Node;

/// Puts the parts' properties and checks into the object. `false` if a part could not be read.
/// `target` reads what a reference leads to, and reports one that leads nowhere.
pub(super) fn merge<'a>(
    target: &mut dyn FnMut(&Node<'a>) -> Option<Schema<'a>>,
    parts: &Node<'a>,
    object: &mut Object<'a>,
    schema: &mut Schema<'a>,
) -> bool {
    if parts.list().is_none() {
        return false;
    }
    let mut whole = true;
    for part in parts.entries() {
        whole &= add(target, &part, object, schema);
    }
    whole
}

fn add<'a>(
    target: &mut dyn FnMut(&Node<'a>) -> Option<Schema<'a>>,
    part: &Node<'a>,
    object: &mut Object<'a>,
    schema: &mut Schema<'a>,
) -> bool {
    let reference = match part.reference() {
        Some(reference) if part.members().count() == 1 => reference,
        _ => {
            part.report_help(
                Code::UnsupportedKeyword,
                "a part of `allOf` is not a bare `$ref`",
                "put the part under `components/schemas`, or its properties beside `allOf`",
            );
            return false;
        }
    };
    let Some(base) = target(&reference) else {
        return false;
    };
    let other = match base.kind {
        SchemaKind::Broken => return false,
        SchemaKind::Object(other) => other,
        _ => {
            part.report(
                Code::TypeMismatch,
                "a part of `allOf` is not an object with properties",
            );
            return false;
        }
    };
    if base.wire.sensitive {
        part.report_help(
            Code::MisplacedKeyword,
            "`x-sensitive` has no effect on a part of `allOf`",
            "mark the properties whose values are personal",
        );
    }
    object.closed |= other.closed;
    // As the public document shows them: a word of the whole takes the place of the part's.
    let whole = schema.node.clone();
    let shown = base.examples.into_iter();
    schema
        .examples
        .extend(shown.filter(|example| whole.get(example.word).is_none()));
    let (own, theirs) = (&mut schema.wire.xml, &base.wire.xml);
    if own.namespace.is_none() {
        own.namespace.clone_from(&theirs.namespace);
        own.prefix.clone_from(&theirs.prefix);
    } else if theirs.namespace.is_some() && own != theirs && schema.node.get("xml").is_none() {
        part.report_help(
            Code::UnsupportedKeyword,
            "two of the schemas that are made one here have different `xml`",
            "keep one of them, or write `xml` beside `allOf`",
        );
    }
    for property in other.properties {
        if let Some(first) = object.property(&property.name) {
            let message = format!("another part already has the property `{}`", property.name);
            let (first, label) = (first.node.key(), "the other part has it here");
            part.report_beside(Code::Duplicate, message, &first, label);
        } else {
            object.properties.push(property);
        }
    }
    for check in base.checks {
        if schema.check(check.word).is_some() {
            part.report_help(
                Code::UnsupportedKeyword,
                format!(
                    "`{}` stands in two of the schemas that are made one here",
                    check.word
                ),
                "keep one of them",
            );
        } else {
            schema.checks.push(check);
        }
    }
    true
}
