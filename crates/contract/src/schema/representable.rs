//! Whether every value that a schema admits can be written in an encoding.

use std::collections::BTreeMap;

use grammar::Pointer;
use translate::Encoding;

use super::xml_name::is_xml_name;
use super::{Object, Property, Schema, SchemaKind};
use crate::code::Code;
use crate::source::Node;

/// Refuses what a request's encoding cannot say. `left_out`: fields that are not sent.
pub(crate) fn request(schema: &Schema<'_>, encoding: Encoding, left_out: &[Pointer]) {
    let SchemaKind::Object(object) = &schema.kind else {
        return;
    };
    for property in &object.properties {
        let left_out = left_out
            .iter()
            .any(|pointer| matches!(pointer.tokens(), [name] if *name == property.name));
        if !left_out {
            match encoding {
                Encoding::Form => form(property),
                Encoding::Xml => xml(&property.node, &property.schema),
                Encoding::Json => {}
            }
        }
    }
    wire_names(schema, encoding);
}

/// Refuses what an answer's encoding cannot name.
pub(crate) fn answer(schema: &Schema<'_>, encoding: Encoding) {
    wire_names(schema, encoding);
}

fn form(property: &Property<'_>) {
    let (node, schema) = (&property.node, &property.schema);
    no_null(node, schema, "a form");
    match &schema.kind {
        SchemaKind::Array(inner) | SchemaKind::Map(inner) => {
            let array = matches!(schema.kind, SchemaKind::Array(_));
            let (what, style, least) = match array {
                true => ("an array", "repeat", "minItems"),
                false => ("a map", "brackets", "minProperties"),
            };
            if schema.wire.form.is_none() {
                node.report_help(
                    Code::MissingKeyword,
                    format!("{what} stands in a form without `x-form`"),
                    format!("add `x-form: {style}`"),
                );
            }
            not_empty(node, schema, least, "in a form");
            if !inner.is_scalar() || inner.nullable {
                let message = format!("{what} in a form holds scalars only");
                node.report(Code::NotRepresentable, message);
            }
        }
        SchemaKind::Object(_) => node.report_help(
            Code::NotRepresentable,
            "an object cannot stand inside a form",
            "give its fields names of their own, or make it a map with `x-form: brackets`",
        ),
        _ => {}
    }
}

fn xml(node: &Node<'_>, schema: &Schema<'_>) {
    no_null(node, schema, "XML");
    match &schema.kind {
        SchemaKind::Array(items) => {
            if !schema.wire.xml.wrapped {
                not_empty(node, schema, "minItems", "as unwrapped XML");
            }
            if matches!(items.kind, SchemaKind::Array(_)) {
                node.report(
                    Code::NotRepresentable,
                    "an array of arrays cannot stand in XML",
                );
            }
            xml(&items.node, items);
        }
        SchemaKind::Map(values) => xml(&values.node, values),
        SchemaKind::Object(object) => {
            for property in object.properties.iter().filter(|one| !one.schema.read_only) {
                xml(&property.node, &property.schema);
            }
        }
        _ => {}
    }
}

fn no_null(node: &Node<'_>, schema: &Schema<'_>, encoding: &str) {
    if schema.nullable {
        node.report_help(
            Code::NotRepresentable,
            format!("null cannot be said in {encoding}"),
            "take 'null' out of the `type`: an absent field is not sent",
        );
    }
}

fn not_empty(node: &Node<'_>, schema: &Schema<'_>, least: &str, place: &str) {
    let bound = schema
        .check(least)
        .and_then(|check| check.node.value.as_u64());
    if bound.unwrap_or(0) == 0 && !schema.is_broken() {
        let what = if least == "minItems" { "array" } else { "map" };
        node.report_help(
            Code::NotRepresentable,
            format!("an empty {what} cannot be said {place}"),
            format!("add `{least}: 1`"),
        );
    }
}

/// Names that meet on the wire, and names that XML cannot bear.
fn wire_names(schema: &Schema<'_>, encoding: Encoding) {
    match &schema.kind {
        SchemaKind::Object(object) => {
            unique(object, encoding);
            for property in &object.properties {
                if encoding == Encoding::Xml {
                    is_xml_name(&property.node.key(), property.wire_name());
                }
                wire_names(&property.schema, encoding);
            }
        }
        SchemaKind::Array(inner) | SchemaKind::Map(inner) => wire_names(inner, encoding),
        _ => {}
    }
}

/// A map writes the keys `k[…]`, whatever stands between the brackets; another field of such a name could
/// be one of them.
pub(crate) fn meets_map(map: &str, key: &str) -> bool {
    key.strip_prefix(map)
        .is_some_and(|rest| rest.starts_with('['))
}

fn unique(object: &Object<'_>, encoding: Encoding) {
    if encoding == Encoding::Form {
        bracketed(object);
    }
    let mut taken: BTreeMap<(bool, &str), &Property<'_>> = BTreeMap::new();
    for property in &object.properties {
        let xml = &property.schema.wire.xml;
        let own = property.wire_name();
        // The children of an unwrapped array bear the items' name, not the property's.
        let name = match &property.schema.kind {
            SchemaKind::Array(items) if encoding == Encoding::Xml && !xml.wrapped => {
                items.wire.item_name.as_deref().unwrap_or(own)
            }
            _ => own,
        };
        let attribute = encoding == Encoding::Xml && xml.attribute;
        if let Some(other) = taken.insert((attribute, name), property) {
            property.node.key().report_beside(
                Code::DuplicateWireName,
                format!(
                    "`{}` and `{}` both are `{name}` on the wire",
                    property.name, other.name
                ),
                &other.node.key(),
                "the other one",
            );
        }
    }
}

fn bracketed(object: &Object<'_>) {
    let is_map = |one: &&Property<'_>| matches!(one.schema.kind, SchemaKind::Map(_));
    for map in object.properties.iter().filter(is_map) {
        for other in &object.properties {
            if meets_map(map.wire_name(), other.wire_name()) {
                other.node.key().report(
                    Code::DuplicateWireName,
                    format!(
                        "`{}` is `{}` on the wire, as an entry of the map `{}` can be",
                        other.name,
                        other.wire_name(),
                        map.name
                    ),
                );
            }
        }
    }
}
