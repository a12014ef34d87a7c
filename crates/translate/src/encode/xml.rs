//! XML 1.0 documents: declaration, root, elements in the order of the schema, nothing between them.

mod namespaces;

use std::collections::BTreeSet;

use quick_xml::Writer;
use quick_xml::escape::partial_escape;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use serde_json::{Map, Value};
use validate::Place;

use self::namespaces::Namespaces;
use super::error::{EncodeError, EncodeErrorKind, note, wrong_type};
use super::root::Root;
use super::scalar;
use crate::shape::{Field, Kind, Object, Shape, WireType, XmlPlace};
use grammar::xml::{is_nc_name, is_xml_char};

pub(super) fn body(
    root: Option<&Root>,
    shape: &Shape,
    value: &Value,
    errors: &mut Vec<EncodeError>,
) -> Vec<u8> {
    let Some(root) = root else {
        note(errors, EncodeErrorKind::RootMissing, &Place::Root);
        return Vec::new();
    };
    let mut document = Document {
        writer: Writer::new(Vec::new()),
        namespaces: Namespaces::default(),
        errors,
    };
    document.event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)));
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
    #[allow(clippy::expect_used)] // invariant: a Vec takes any number of bytes
    fn event(&mut self, event: Event<'_>) {
        self.writer
            .write_event(event)
            .expect("writing to memory cannot fail");
    }

    fn error(&mut self, kind: EncodeErrorKind, place: &Place<'_>) {
        note(self.errors, kind, place);
    }

    /// `<name …>content</name>`. An empty value is written in the long spelling, `<a></a>`.
    fn element(&mut self, element: Element<'_>, value: &Value, place: &Place<'_>) {
        self.check_name(element.name, place);
        let outer = self.namespaces.depth();
        let (name, declaration) = self.namespaces.element(element.name, element.place);
        let mut start = BytesStart::new(name.as_str());
        if let Some((attribute, namespace)) = declaration {
            start.push_attribute((attribute.as_str(), namespace.as_str()));
        }
        if let (Kind::Object(object), Value::Object(members)) = (&element.shape.kind, value) {
            self.attributes(&mut start, object, members, place);
        }
        self.event(Event::Start(start));
        self.content(element, value, place);
        self.event(Event::End(BytesEnd::new(name)));
        self.namespaces.leave(outer);
    }

    fn content(&mut self, element: Element<'_>, value: &Value, place: &Place<'_>) {
        match (&element.shape.kind, value) {
            (_, Value::Null) => self.error(EncodeErrorKind::NullNotRepresentable, place),
            (Kind::Object(object), Value::Object(members)) => {
                for field in object.fields.iter().filter(|field| !field.xml.attribute) {
                    if let Some(value) = members.get(&field.name) {
                        self.field(field, value, &Place::Key(place, &field.name));
                    }
                }
            }
            (Kind::Array(array), Value::Array(items)) => {
                let item = Element {
                    name: array.item_name(element.name),
                    place: &array.item_xml,
                    shape: &array.items,
                    wire_type: element.wire_type,
                };
                self.items(item, items, place);
            }
            (Kind::Map(map), Value::Object(entries)) => {
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
                Ok(text) => {
                    self.check_text(&text, place);
                    if !text.is_empty() {
                        let text = partial_escape(&*text);
                        self.event(Event::Text(BytesText::from_escaped(text)));
                    }
                }
                Err(kind) => self.error(kind, place),
            },
        }
    }

    fn field(&mut self, field: &Field, value: &Value, place: &Place<'_>) {
        match (&field.shape.kind, value) {
            (Kind::Array(array), Value::Array(items)) if !field.xml.wrapped => {
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

    fn items(&mut self, item: Element<'_>, values: &[Value], place: &Place<'_>) {
        for (index, value) in values.iter().enumerate() {
            self.element(item, value, &Place::Index(place, index));
        }
    }

    fn attributes(
        &mut self,
        start: &mut BytesStart<'_>,
        object: &Object,
        members: &Map<String, Value>,
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
                    start.push_attribute((name.as_str(), &*text));
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
