//! XML 1.0 documents: declaration, root, elements in the order of the schema, nothing between them.

mod namespaces;

use std::collections::BTreeSet;

use quick_xml::Writer;
use quick_xml::escape::partial_escape;
use quick_xml::events::{BytesStart, Event};
use validate::{Items, Members, Node, Place, View};

use self::namespaces::Namespaces;
use super::error::{EncodeError, EncodeErrorKind, note, wrong_type};
use super::root::Root;
use super::scalar;
use crate::shape::{Field, Kind, Object, Shape, WireType, XmlPlace};
use grammar::xml::{is_nc_name, is_xml_char};

const DECLARATION: &[u8] = br#"<?xml version="1.0" encoding="UTF-8"?>"#;

/// Writes behind `bytes`, and returns them.
pub(super) fn body(
    root: Option<&Root>,
    shape: &Shape,
    value: Node<'_>,
    (mut bytes, errors): (Vec<u8>, &mut Vec<EncodeError>),
) -> Vec<u8> {
    let Some(root) = root else {
        note(errors, EncodeErrorKind::RootMissing, &Place::Root);
        return bytes;
    };
    bytes.extend_from_slice(DECLARATION);
    let mut document = Document {
        writer: Writer::new(bytes),
        namespaces: Namespaces::default(),
        errors,
    };
    let root = Element {
        name: &root.name,
        place: &root.place,
        shape,
        wire_type: None,
    };
    document.element(root, value, &Place::Root);
    document.writer.into_inner()
}

/// An element that is to be written: what the schema says of it.
#[derive(Clone, Copy)]
struct Element<'s> {
    name: &'s str,
    place: &'s XmlPlace,
    shape: &'s Shape,
    wire_type: Option<WireType>,
}

struct Document<'e> {
    writer: Writer<Vec<u8>>,
    namespaces: Namespaces,
    errors: &'e mut Vec<EncodeError>,
}

impl Document<'_> {
    /// Writes as it is.
    fn raw(&mut self, text: &str) {
        self.writer.get_mut().extend_from_slice(text.as_bytes());
    }

    fn error(&mut self, kind: EncodeErrorKind, place: &Place<'_>) {
        note(self.errors, kind, place);
    }

    /// `<name …>content</name>`. An empty value is written in the long spelling, `<a></a>`.
    fn element(&mut self, element: Element<'_>, value: Node<'_>, place: &Place<'_>) {
        self.check_name(element.name, place);
        let outer = self.namespaces.depth();
        let (name, declaration) = self.namespaces.element(element.name, element.place);
        let attributes = match (&element.shape.kind, value.view()) {
            (Kind::Object(object), View::Object(members)) if object.has_attributes() => {
                Some((object, members))
            }
            _ => None,
        };
        if declaration.is_none() && attributes.is_none() {
            // Most elements are bare, and an event of quick-xml's costs 140 instructions more than its bytes.
            self.raw("<");
            self.raw(&name);
            self.raw(">");
        } else {
            let mut start = BytesStart::new(&*name);
            if let Some((attribute, namespace)) = declaration {
                start.push_attribute((attribute.as_str(), namespace.as_str()));
            }
            if let Some((object, members)) = attributes {
                self.attributes(&mut start, object, members, place);
            }
            self.start(start);
        }
        self.content(element, value, place);
        self.raw("</");
        self.raw(&name);
        self.raw(">");
        self.namespaces.leave(outer);
    }

    #[allow(clippy::expect_used)] // invariant: a Vec takes any number of bytes
    fn start(&mut self, start: BytesStart<'_>) {
        self.writer
            .write_event(Event::Start(start))
            .expect("writing to memory cannot fail");
    }

    fn content(&mut self, element: Element<'_>, value: Node<'_>, place: &Place<'_>) {
        match (&element.shape.kind, value.view()) {
            (_, View::Null) => self.error(EncodeErrorKind::NullNotRepresentable, place),
            (Kind::Object(object), View::Object(members)) => {
                let mut members = members.in_order();
                for field in object.fields.iter().filter(|field| !field.xml.attribute) {
                    if let Some(value) = members.get(&field.name) {
                        self.field(field, value, &Place::Key(place, &field.name));
                    }
                }
            }
            (Kind::Array(array), View::Array(items)) => {
                let item = Element {
                    name: array.item_name(element.name),
                    place: &array.item_xml,
                    shape: &array.items,
                    wire_type: element.wire_type,
                };
                self.items(item, items, place);
            }
            (Kind::Map(map), View::Object(entries)) => {
                for (key, value) in entries {
                    let entry = Element {
                        name: key,
                        place: &XmlPlace::default(),
                        shape: &map.values,
                        wire_type: element.wire_type,
                    };
                    self.element(entry, value, &Place::Key(place, key));
                }
            }
            (Kind::Object(_) | Kind::Array(_) | Kind::Map(_), _) => {
                self.error(wrong_type(&element.shape.kind, value), place);
            }
            (kind, _) => match scalar::text(kind, element.wire_type, value) {
                Ok(text) if stands_as_it_is(text.as_bytes()) => self.raw(&text),
                Ok(text) => {
                    self.check_text(&text, place);
                    self.raw(&partial_escape(&*text));
                }
                Err(kind) => self.error(kind, place),
            },
        }
    }

    fn field(&mut self, field: &Field, value: Node<'_>, place: &Place<'_>) {
        match (&field.shape.kind, value.view()) {
            (Kind::Array(array), View::Array(items)) if !field.xml.wrapped => {
                // No element at all is how the wire says that the property is absent.
                if items.is_empty() {
                    return self.error(EncodeErrorKind::EmptyNotRepresentable, place);
                }
                let item = Element {
                    name: array.item_name(&field.wire),
                    place: array.item_place(field),
                    shape: &array.items,
                    wire_type: field.wire_type,
                };
                self.items(item, items, place);
            }
            _ => {
                let element = Element {
                    name: &field.wire,
                    place: &field.xml,
                    shape: &field.shape,
                    wire_type: field.wire_type,
                };
                self.element(element, value, place);
            }
        }
    }

    fn items(&mut self, item: Element<'_>, values: Items<'_>, place: &Place<'_>) {
        for (index, value) in values.enumerate() {
            self.element(item, value, &Place::Index(place, index));
        }
    }

    fn attributes(
        &mut self,
        start: &mut BytesStart<'_>,
        object: &Object,
        members: Members<'_>,
        place: &Place<'_>,
    ) {
        for field in object.fields.iter().filter(|field| field.xml.attribute) {
            let Some(value) = members.get(&field.name) else {
                continue;
            };
            let place = Place::Key(place, &field.name);
            if !scalar::is_scalar(&field.shape.kind) {
                self.error(EncodeErrorKind::XmlAttribute, &place);
                continue;
            }
            match scalar::text(&field.shape.kind, field.wire_type, value) {
                Ok(text) => {
                    self.check_name(&field.wire, &place);
                    self.check_text(&text, &place);
                    let (name, declaration) = self.namespaces.attribute(&field.wire, &field.xml);
                    if let Some((attribute, namespace)) = declaration {
                        start.push_attribute((attribute.as_str(), namespace.as_str()));
                    }
                    // quick-xml also writes TAB, LF and CR as references here, since an attribute
                    // is read with blanks in their place.
                    start.push_attribute((&*name, &*text));
                }
                Err(kind) => self.error(kind, &place),
            }
        }
    }

    fn check_name(&mut self, name: &str, place: &Place<'_>) {
        if !is_nc_name(name) {
            self.error(EncodeErrorKind::XmlName(name.to_owned()), place);
        }
    }

    /// One error per character that cannot be said, each kind once.
    fn check_text(&mut self, text: &str, place: &Place<'_>) {
        let mut told = BTreeSet::new();
        for character in text.chars().filter(|&character| !is_xml_char(character)) {
            if told.insert(character) {
                self.error(EncodeErrorKind::XmlForbidden(character), place);
            }
        }
    }
}

/// Whether a text is content of an element as it is, seen without decoding it: no character that would be
/// escaped, no control, and none of those at the end of the plane (U+FFFE, U+FFFF), which begin with 0xEF.
/// Nearly every text is so. Eight bytes are looked at in one step: a subtraction borrows from the high bit of a
/// byte that is meant, or from one above it.
fn stands_as_it_is(text: &[u8]) -> bool {
    const ONES: u64 = u64::MAX / 255;
    let (words, rest) = text.as_chunks::<8>();
    let suspect = words.iter().fold(0, |suspect, word| {
        let word = u64::from_le_bytes(*word);
        let is = |byte: u8| {
            let other = word ^ (ONES * u64::from(byte));
            other.wrapping_sub(ONES) & !other
        };
        let control = word.wrapping_sub(ONES * 0x20) & !word;
        suspect | control | is(b'<') | is(b'>') | is(b'&') | is(0xef)
    });
    let marks = |byte: &u8| matches!(byte, 0..0x20 | b'<' | b'>' | b'&' | 0xef);
    suspect & (ONES << 7) == 0 && !rest.iter().any(marks)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_as_it_is_needs_no_escape_and_no_check() {
        for character in (0..0x1_0000).filter_map(char::from_u32) {
            for around in ["", "seven b", "ñ and more than eight"] {
                let text = format!("{around}{character}{around}");
                if stands_as_it_is(text.as_bytes()) {
                    assert!(is_xml_char(character), "{text:?}");
                    assert_eq!(partial_escape(&*text), text);
                }
            }
        }
        assert!(stands_as_it_is("Núria Vila 'n' \"Co\", 日本".as_bytes()));
    }
}
