//! The attributes of a start tag. quick-xml's own iterator lets `a="1"b="2"` and `a="<"` pass.

use quick_xml::XmlVersion;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::BytesStart;
use quick_xml::events::attributes::Attribute as Raw;
use quick_xml::name::{QName, ResolveResult};
use quick_xml::reader::NsReader;

use super::element::Attribute;
use crate::document::AnswerLimits;
use crate::mismatch::{Limit, Mismatch};
use grammar::xml::{XML_SPACE, is_xml_char, may_bind, split_q_name};

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
        let declared = match prefix {
            Some("xmlns") => Some(Some(local)),
            None if local == "xmlns" => Some(None),
            _ => None,
        };
        if let Some(declared) = declared {
            // quick-xml knows reserved names by their spelling only, and none as the default.
            if !may_bind(declared, &value) {
                return Err(Mismatch::new(
                    "namespaces that a document may declare",
                    "a reserved one, or none for a prefix",
                ));
            }
            continue;
        }
        let (namespace, _) = reader.resolver().resolve_attribute(QName(name));
        let namespace = bound(namespace)?;
        attributes.push(Attribute {
            name: local.into(),
            namespace,
            value,
        });
    }
    // Namespaces in XML 1.0 §6.3: no two of one local name in one namespace.
    distinct(attributes.iter().map(|one| (&one.namespace, &one.name)))?;
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
            distinct(found.iter().map(|(name, _)| *name))?;
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
            return Err(Mismatch::over(
                Limit::Text,
                limits.text,
                "bytes in one value",
            ));
        }
        if found.len() >= limits.attributes {
            return Err(Mismatch::over(
                Limit::Attributes,
                limits.attributes,
                "attributes",
            ));
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

/// Refuses two equal names, in time that grows with their number and not with its square.
fn distinct<N: Ord>(names: impl Iterator<Item = N>) -> Result<(), Mismatch> {
    let mut names: Vec<N> = names.collect();
    names.sort_unstable();
    if names.is_sorted_by(|before, after| before < after) {
        Ok(())
    } else {
        Err(twice())
    }
}

fn twice() -> Mismatch {
    Mismatch::new("attributes with different names", "one name twice")
}

/// The namespace that a prefix is bound to.
pub(super) fn bound(namespace: ResolveResult<'_>) -> Result<Option<Box<str>>, Mismatch> {
    match namespace {
        ResolveResult::Unbound => Ok(None),
        // quick-xml keeps the declaration as it was written, references and all.
        ResolveResult::Bound(namespace) => {
            value(namespace.into_inner()).map(|namespace| Some(namespace.into_boxed_str()))
        }
        ResolveResult::Unknown(_) => Err(Mismatch::new("declared prefixes", "an unbound prefix")),
    }
}

pub(super) fn not_a_name() -> Mismatch {
    Mismatch::new("an XML name", "what is not")
}
