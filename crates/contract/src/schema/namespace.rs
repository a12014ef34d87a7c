//! `xml.namespace` and `xml.prefix`: bindings that no XML document can declare ("Namespaces in XML 1.0",
//! section 3). Written all the same, they would make each request of theirs ill-formed.

use grammar::xml::{XML_NAMESPACE as XML, may_bind};
use translate::XmlPlace;

use super::xml_name::is_xml_name;
use crate::code::Code;
use crate::source::Node;

/// Reports a namespace and prefix that do not go together. `place` is what `xml` says.
pub(super) fn check(xml: &Node<'_>, place: &XmlPlace) {
    if let (Some(node), Some(prefix)) = (xml.get("prefix"), &place.prefix) {
        self::prefix(xml, &node, prefix, place);
    }
    if let (Some(node), Some(namespace)) = (xml.get("namespace"), &place.namespace) {
        self::namespace(&node, namespace, place);
    }
}

fn prefix(xml: &Node<'_>, node: &Node<'_>, prefix: &str, place: &XmlPlace) {
    let bound = place.namespace.as_deref();
    if prefix == "xmlns" || prefix == "xml" && bound != Some(XML) {
        node.report_help(
            Code::ReservedName,
            format!("the prefix `{prefix}` is XML's own"),
            format!("choose another prefix; `xml` stands with the namespace '{XML}' alone"),
        );
    } else if is_xml_name(node, prefix) && bound.is_none() {
        xml.report_help(
            Code::MissingKeyword,
            "a prefix without a namespace",
            "add `namespace`",
        );
    }
}

fn namespace(node: &Node<'_>, namespace: &str, place: &XmlPlace) {
    // An attribute in a namespace always has a prefix, if only one that the encoder chooses.
    let prefixed = place.prefix.is_some() || place.attribute;
    // Those are told at the prefix.
    let reserved = matches!(place.prefix.as_deref(), Some("xml" | "xmlns"));
    if namespace.is_empty() && prefixed {
        node.report_help(
            Code::BadValue,
            "a prefix cannot stand for no namespace",
            "write the namespace, or take `namespace` and `prefix` out",
        );
    } else if !reserved && !namespace.is_empty() && !may_bind(place.prefix.as_deref(), namespace) {
        node.report_help(
            Code::ReservedName,
            format!("`{namespace}` is XML's own"),
            format!("choose another namespace; '{XML}' stands with `prefix: xml` alone"),
        );
    }
}
