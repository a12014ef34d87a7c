use std::borrow::Cow;

use grammar::xml::is_xml_char;
use quick_xml::XmlVersion;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::attributes::Attribute as Raw;
use quick_xml::name::QName;

use crate::mismatch::Mismatch;

/// The value of an attribute after references are resolved and blanks normalised (XML 1.0 §3.3.3).
pub(super) fn value(raw: &str) -> Result<Cow<'_, str>, Mismatch> {
    // Most values have neither.
    if !raw.contains(['&', '\t', '\n', '\r']) {
        return Ok(Cow::Borrowed(raw));
    }
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
        Ok(Cow::Owned(value.into_owned()))
    } else {
        Err(Mismatch::new(
            "a reference to a character of XML 1.0",
            "another character reference",
        ))
    }
}
