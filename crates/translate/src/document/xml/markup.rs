//! The declaration and processing instructions.

use quick_xml::events::{BytesDecl, BytesPI};

use crate::mismatch::Mismatch;
use grammar::xml::{XML_SPACE, is_nc_name};

/// `<?xml …?>` stands at the very start or nowhere, and says 1.x (XML 1.0 §2.8: a 1.0 processor
/// reads any 1.x as 1.0).
pub(super) fn check_declaration(
    declaration: &BytesDecl<'_>,
    at_start: bool,
) -> Result<(), Mismatch> {
    if !at_start {
        return Err(Mismatch::new(
            "an XML declaration at the start only",
            "one further on",
        ));
    }
    let content: &str = declaration;
    let mut rest = content.strip_prefix("xml").unwrap_or(content);
    // In this order, each at most once, the version always (production 23).
    let mut expected = ["version", "encoding", "standalone"].iter();
    let mut versioned = false;
    while !rest.trim_start_matches(XML_SPACE).is_empty() {
        let (name, value, after) = pseudo_attribute(rest).ok_or_else(malformed)?;
        if !expected.any(|known| *known == name) || !is_value_of(name, value) {
            return Err(malformed());
        }
        versioned |= name == "version";
        rest = after;
    }
    if versioned { Ok(()) } else { Err(malformed()) }
}

/// Productions 26, 81 and 32.
fn is_value_of(name: &str, value: &str) -> bool {
    match name {
        "version" => value.strip_prefix("1.").is_some_and(|minor| {
            !minor.is_empty() && minor.bytes().all(|byte| byte.is_ascii_digit())
        }),
        "encoding" => {
            value.starts_with(|c: char| c.is_ascii_alphabetic())
                && value
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
        }
        _ => matches!(value, "yes" | "no"),
    }
}

/// A name, its value and what follows.
fn pseudo_attribute(text: &str) -> Option<(&str, &str, &str)> {
    let (name, after) = text.strip_prefix(XML_SPACE)?.split_once('=')?;
    let after = after.trim_start_matches(XML_SPACE);
    let quote = after
        .chars()
        .next()
        .filter(|quote| matches!(quote, '"' | '\''))?;
    let (value, after) = after.get(1..)?.split_once(quote)?;
    Some((name.trim_matches(XML_SPACE), value, after))
}

/// A processing instruction is skipped, but its target must be a name other than `xml` in any case
/// (production 17).
pub(super) fn check_instruction(instruction: &BytesPI<'_>) -> Result<(), Mismatch> {
    let target = instruction.target();
    if is_nc_name(target) && !target.eq_ignore_ascii_case("xml") {
        Ok(())
    } else {
        Err(Mismatch::new(
            "a processing instruction with a name",
            "a malformed one",
        ))
    }
}

fn malformed() -> Mismatch {
    Mismatch::new("an XML declaration of version 1.x", "another one")
}
