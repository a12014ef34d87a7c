//! The attributes of a start tag. quick-xml's own iterator lets `a="1"b="2"` and `a="<"` pass.

use std::borrow::Cow;

use super::namespaces::Namespaces;
use super::value::value;
use crate::document::AnswerLimits;
use crate::mismatch::{Limit, Mismatch};
use grammar::xml::{XML_SPACE, may_bind, split_q_name};

/// The namespace of `xsi:nil` and its like (XML Schema part 1 section 2.6).
pub(crate) const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Attribute<'t> {
    /// The local name.
    pub(crate) name: &'t str,
    pub(crate) namespace: Option<Box<str>>,
    pub(crate) value: Cow<'t, str>,
}

/// Appends all attributes but the namespace declarations, of which `namespaces` has taken note. `raw` is
/// what is between the tag's name and its end.
pub(super) fn read<'t>(
    raw: &'t str,
    limits: &AnswerLimits,
    namespaces: &Namespaces,
    attributes: &mut Vec<Attribute<'t>>,
) -> Result<(), Mismatch> {
    for (name, raw_value) in split(raw, limits)? {
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
        let namespace = match prefix {
            None => None,
            Some(_) => namespaces.of_attribute(name)?.map(Into::into),
        };
        attributes.push(Attribute {
            name: local,
            namespace,
            value,
        });
    }
    // Namespaces in XML 1.0 §6.3: no two of one local name in one namespace.
    distinct(attributes.iter().map(|one| (&one.namespace, one.name)))
}

/// Names and raw values, in order. The text must be `(S Name Eq AttValue)* S?` (XML 1.0, production 40).
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

/// Refuses two equal names, in time that grows with their number and not with its square.
fn distinct<N: Ord>(names: impl Iterator<Item = N>) -> Result<(), Mismatch> {
    let mut names: Vec<N> = names.collect();
    if names.len() < 2 {
        return Ok(());
    }
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

pub(super) fn not_a_name() -> Mismatch {
    Mismatch::new("an XML name", "what is not")
}
