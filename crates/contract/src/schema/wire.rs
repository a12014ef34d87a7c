//! `x-name`, `x-form`, `x-type` and `xml`: how a field stands on the wire.

use translate::{FormStyle, WireType, XmlPlace};

use super::xml_name::is_xml_name;
use super::{Schema, SchemaKind, Wire, namespace};
use crate::code::Code;
use crate::keywords::XML;
use crate::source::Node;

/// Reads the words of a schema's own node, or those that stand beside a `$ref`: they win over those of the
/// component.
pub(super) fn beside<'a>(mut wire: Wire, node: &Node<'a>, schema: &Schema<'a>) -> Wire {
    if let Some(name) = node.get("x-name") {
        match name.string() {
            Some("") => name.report(Code::BadValue, "a name on the wire is not empty"),
            Some(text) if text == "xmlns" || text.starts_with("xmlns:") => name.report_help(
                Code::BadValue,
                format!("`{text}` declares a namespace, it names no field"),
                "say the namespace by `xml: {namespace: …, prefix: …}`",
            ),
            Some(text) => wire.name = Some(text.to_owned()),
            None => {}
        }
    }
    if let Some(form) = node.get("x-form") {
        wire.form = form_style(&form, schema);
    }
    if let Some(wire_type) = node.get("x-type") {
        match (wire_type.string(), &schema.kind) {
            (Some("integer"), SchemaKind::String { .. } | SchemaKind::Broken) => {
                wire.wire_type = Some(WireType::Integer);
            }
            (Some("integer"), _) => wire_type.key().report_help(
                Code::MisplacedKeyword,
                format!(
                    "`x-type: integer` stands on a string, not on type {}",
                    schema.type_name()
                ),
                "an integer that we call an integer needs no `x-type`",
            ),
            (Some(other), _) => wire_type.report_help(
                Code::BadValue,
                format!("there is no wire type `{other}`"),
                "`integer` is the only one there is",
            ),
            (None, _) => {}
        }
    }
    if let Some(flag) = node.get("x-sensitive") {
        wire.sensitive = flag.boolean().unwrap_or(wire.sensitive);
    }
    if let Some(xml) = node.get("xml")
        && xml.object(&XML).is_some()
    {
        read_xml(&xml, schema, &mut wire);
    }
    wire
}

/// Items are named by `xml.name` alone, and have no form or type of their own.
pub(super) fn stands_on_items(node: &Node<'_>, wire: &Wire) {
    let foreign = [
        (
            wire.name.is_some(),
            "`x-name` stands on the array; items are named by `xml.name`",
        ),
        (
            wire.form.is_some(),
            "`x-form` stands on an array that is a property",
        ),
        (
            wire.wire_type.is_some(),
            "`x-type` stands on properties; say `type: integer` for the items",
        ),
        (
            wire.sensitive,
            "`x-sensitive` stands on the array that is a property",
        ),
        (wire.xml.attribute, "`xml.attribute` stands on properties"),
        (
            wire.xml.wrapped,
            "`xml.wrapped` stands on an array that is a property",
        ),
    ];
    refuse_foreign(node, &foreign);
}

pub(super) fn stands_on_property(node: &Node<'_>, wire: &Wire) {
    let named = wire.item_name.is_some();
    refuse_foreign(
        node,
        &[(
            named,
            "`xml.name` stands on `items` only; a property is named by `x-name`",
        )],
    );
}

pub(super) fn stands_on_values(node: &Node<'_>, wire: &Wire) {
    let any = wire.name.is_some()
        || wire.form.is_some()
        || wire.wire_type.is_some()
        || wire.item_name.is_some()
        || wire.sensitive
        || wire.xml != XmlPlace::default();
    refuse_foreign(
        node,
        &[(
            any,
            "the values of a map bear the map's keys: no `x-` word and no `xml` has an effect here",
        )],
    );
}

fn refuse_foreign(node: &Node<'_>, foreign: &[(bool, &str)]) {
    for (stands, message) in foreign {
        if *stands {
            node.report(Code::MisplacedKeyword, *message);
        }
    }
}

/// The style of the type; a wrong one is reported and taken for the right one.
fn form_style(form: &Node<'_>, schema: &Schema<'_>) -> Option<FormStyle> {
    let (style, of_type) = match schema.kind {
        SchemaKind::Array(_) => (Some(FormStyle::Repeat), "repeat"),
        SchemaKind::Map(_) => (Some(FormStyle::Brackets), "brackets"),
        _ => (None, ""),
    };
    match form.string()? {
        word if word == of_type || schema.is_broken() => {}
        "repeat" => {
            form.key().report(
                Code::MisplacedKeyword,
                "`x-form: repeat` stands on arrays (`k=a&k=b`)",
            );
        }
        "brackets" => {
            form.key().report(
                Code::MisplacedKeyword,
                "`x-form: brackets` stands on maps (`k[x]=a`)",
            );
        }
        other => {
            let message = format!("there is no form style `{other}`");
            form.report_unknown(
                Code::BadValue,
                message,
                other,
                ["repeat", "brackets"].into_iter(),
            );
        }
    }
    style
}

fn read_xml(xml: &Node<'_>, schema: &Schema<'_>, wire: &mut Wire) {
    if let Some(name) = xml.get("name")
        && let Some(text) = name.string()
        && is_xml_name(&name, text)
    {
        wire.item_name = Some(text.to_owned());
    }
    let flag = |word: &str| {
        xml.get(word)
            .and_then(|flag| flag.boolean())
            .unwrap_or(false)
    };
    let text = |word: &str| {
        xml.get(word)
            .and_then(|text| text.string())
            .map(str::to_owned)
    };
    let place = XmlPlace {
        attribute: flag("attribute"),
        wrapped: flag("wrapped"),
        namespace: text("namespace"),
        prefix: text("prefix"),
    };
    if place.attribute && !schema.is_scalar() {
        let message = format!("an attribute holds a scalar, not an {}", schema.type_name());
        xml.report(Code::MisplacedKeyword, message);
    }
    if place.wrapped && !matches!(schema.kind, SchemaKind::Array(_) | SchemaKind::Broken) {
        xml.report(Code::MisplacedKeyword, "`wrapped` stands on arrays");
    }
    namespace::check(xml, &place);
    wire.xml = place;
}
