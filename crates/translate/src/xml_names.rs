//! Characters and names of XML 1.0 (fifth edition), for both directions.

use crate::{Array, Field, XmlPlace};

/// Production 2 `Char`: what an XML 1.0 document can carry, in any spelling.
pub(crate) const fn is_xml_char(character: char) -> bool {
    matches!(character,
        '\u{9}' | '\u{A}' | '\u{D}' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}'
        | '\u{10000}'..='\u{10FFFF}')
}

/// Production 3 `S`.
pub(crate) const XML_SPACE: [char; 4] = [' ', '\t', '\n', '\r'];

/// An `NCName` (Namespaces in XML 1.0, production 4): a name without a colon.
pub(crate) fn is_nc_name(name: &str) -> bool {
    let mut characters = name.chars();
    characters.next().is_some_and(is_name_start) && characters.all(is_name_char)
}

/// Splits a `QName` into prefix and local part; `None` where it is not one.
pub(crate) fn split_q_name(name: &str) -> Option<(Option<&str>, &str)> {
    let (prefix, local) = match name.split_once(':') {
        Some((prefix, local)) => (Some(prefix), local),
        None => (None, name),
    };
    (prefix.is_none_or(is_nc_name) && is_nc_name(local)).then_some((prefix, local))
}

/// Production 4 `NameStartChar`, the colon left out.
const fn is_name_start(character: char) -> bool {
    matches!(character,
        'A'..='Z' | '_' | 'a'..='z' | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}'
        | '\u{F8}'..='\u{2FF}' | '\u{370}'..='\u{37D}' | '\u{37F}'..='\u{1FFF}'
        | '\u{200C}'..='\u{200D}' | '\u{2070}'..='\u{218F}' | '\u{2C00}'..='\u{2FEF}'
        | '\u{3001}'..='\u{D7FF}' | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}'
        | '\u{10000}'..='\u{EFFFF}')
}

/// Production 4a `NameChar`, the colon left out.
const fn is_name_char(character: char) -> bool {
    is_name_start(character)
        || matches!(character,
            '-' | '.' | '0'..='9' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}')
}

/// The element name of an array's items: `items.xml.name`, or else the name of the property (or of
/// the enclosing element) that holds the array.
pub(crate) fn item_name<'a>(array: &'a Array, holder: &'a str) -> &'a str {
    array.item_name.as_deref().unwrap_or(holder)
}

/// The namespace of an array's items. Unwrapped items stand in the place of the property itself,
/// so they take its namespace where `items.xml` declares none.
pub(crate) fn item_place<'a>(array: &'a Array, field: &'a Field) -> &'a XmlPlace {
    if array.item_xml.namespace.is_none() && !field.xml.wrapped {
        &field.xml
    } else {
        &array.item_xml
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for name in ["a", "_a-1.b", "ñ", "día", "名前"] {
            assert!(is_nc_name(name), "{name}");
        }
        for name in ["", "1a", "-a", "a b", "a:b", "a/b", "a<", "×"] {
            assert!(!is_nc_name(name), "{name}");
        }
        assert_eq!(split_q_name("p:a"), Some((Some("p"), "a")));
        assert_eq!(split_q_name("a"), Some((None, "a")));
        for name in [":a", "a:", "a:b:c", ":"] {
            assert_eq!(split_q_name(name), None, "{name}");
        }
    }

    #[test]
    fn characters() {
        for character in ['\t', '\r', 'a', '\u{85}', '\u{FFFD}', '😀'] {
            assert!(is_xml_char(character));
        }
        for character in ['\0', '\u{1}', '\u{1F}', '\u{B}', '\u{FFFE}', '\u{FFFF}'] {
            assert!(!is_xml_char(character));
        }
    }
}
