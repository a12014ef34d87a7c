//! How names stand in XML, for both directions.

use crate::{Array, Field, XmlPlace};

pub(crate) use validate::grammar::xml::{
    XML_NAMESPACE, XML_SPACE, is_nc_name, is_xml_char, may_bind, split_q_name,
};

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
