//! The attributes of a start tag. quick-xml's own iterator lets `a="1"b="2"` and `a="<"` pass.

use quick_xml::XmlVersion;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::BytesStart;
use quick_xml::events::attributes::Attribute as Raw;
use quick_xml::name::QName;
use quick_xml::reader::NsReader;

use super::{Attribute, bound, not_a_name, over};
use crate::document::AnswerLimits;
use crate::mismatch::Mismatch;
use crate::xml_names::{XML_SPACE, is_xml_char, split_q_name};

/// All attributes but the namespace declarations, which `reader` has taken note of.
pub(super) fn of(
    reader: &NsReader<&[u8]>,
    start: &BytesStart<'_>,
    limits: &AnswerLimits,
) -> Result<Vec<Attribute>, Mismatch> {
    let raw = split(start.attributes_raw(), limits)?;
    let mut attributes: Vec<Attribute> = Vec::new();
    for (name, raw_value) in raw {
        let (prefix, local) = split_q_name(name).ok_or_else(not_a_name)?;
        let value = value(raw_value)?;
        if prefix == Some("xmlns") && value.is_empty() {
            return Err(Mismatch::new("a namespace for a prefix", "an empty one"));
        }
        if prefix == Some("xmlns") || name == "xmlns" {
            continue;
        }
        let (namespace, _) = reader.resolver().resolve_attribute(QName(name));
        let namespace = bound(namespace)?;
        let known = attributes
            .iter()
            .any(|known| *known.name == *local && known.namespace == namespace);
        if known {
            return Err(twice());
        }
        attributes.push(Attribute {
            name: local.into(),
            namespace,
            value,
        });
    }
    Ok(attributes)
}

/// Names and raw values, in order. What is between the tag's name and its end must be
/// `(S Name Eq AttValue)* S?` (XML 1.0, production 40).
fn split<'t>(tag: &'t str, limits: &AnswerLimits) -> Result<Vec<(&'t str, &'t str)>, Mismatch> {
    let malformed = || Mismatch::new("attributes as name=\"value\"", "what is not");
    let mut found: Vec<(&str, &str)> = Vec::new();
    let mut rest = tag;
    loop {
        let trimmed = rest.trim_start_matches(XML_SPACE);
        if trimmed.is_empty() {
            return Ok(found);
        }
        if trimmed.len() == rest.len() {
            return Err(malformed());
        }
        let (name, after) = trimmed.split_once('=').ok_or_else(malformed)?;
        let name = name.trim_end_matches(XML_SPACE);
        let after = after.trim_start_matches(XML_SPACE);
        let quote = after
            .chars()
            .next()
            .filter(|quote| matches!(quote, '"' | '\''))
            .ok_or_else(malformed)?;
        let (value, after) = after
            .get(1..)
            .and_then(|after| after.split_once(quote))
            .ok_or_else(malformed)?;
        if value.contains('<') {
            return Err(malformed());
        }
        if value.len() > limits.text {
            return Err(over(limits.text, "bytes in one value"));
        }
        if found.len() >= limits.attributes {
            return Err(over(limits.attributes, "attributes"));
        }
        if found.iter().any(|(known, _)| *known == name) {
            return Err(twice());
        }
        found.push((name, value));
        rest = after;
    }
}

/// The value after references are resolved and blanks normalised (XML 1.0 §3.3.3).
pub(super) fn value(raw: &str) -> Result<String, Mismatch> {
    let attribute = Raw {
        key: QName(""),
        value: raw.into(),
    };
    let value = attribute
        // Not `normalized_value`: its table of entities grows to HTML's if any crate of the program
        // turns that feature of quick-xml on.
        .normalized_value_with(XmlVersion::Implicit1_0, 1, resolve_xml_entity)
        .map_err(|_| Mismatch::new("one of XML's five entities", "another reference"))?;
    if value.chars().all(is_xml_char) {
        Ok(value.into_owned())
    } else {
        Err(Mismatch::new(
            "a reference to a character of XML 1.0",
            "another character reference",
        ))
    }
}

fn twice() -> Mismatch {
    Mismatch::new("attributes with different names", "one name twice")
}
