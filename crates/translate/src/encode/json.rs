//! JSON to JSON: the vendor's names, the schema's order, nothing that the shape lacks.

use serde::Serialize;
use validate::{Node, Place, View};

use super::error::{EncodeError, EncodeErrorKind, note, wrong_type};
use super::scalar;
use crate::shape::{Kind, Shape, WireType};

pub(super) fn body(
    shape: &Shape,
    value: Node<'_>,
    bytes: &mut Vec<u8>,
    errors: &mut Vec<EncodeError>,
) {
    let mut document = Document { bytes, errors };
    document.value(shape, None, value, &Place::Root);
}

/// What is written. Where a value cannot be, an error is noted, and the bytes do not matter.
struct Document<'d> {
    bytes: &'d mut Vec<u8>,
    errors: &'d mut Vec<EncodeError>,
}

impl Document<'_> {
    fn value(
        &mut self,
        shape: &Shape,
        wire_type: Option<WireType>,
        value: Node<'_>,
        place: &Place<'_>,
    ) {
        match (&shape.kind, value.view()) {
            (_, View::Null) if shape.nullable => self.raw("null"),
            (Kind::Object(object), View::Object(members)) => {
                let mut separator = b'{';
                let mut members = members.in_order();
                for field in &object.fields {
                    if let Some(value) = members.get(&field.name) {
                        self.name(separator, &field.wire);
                        let place = Place::Key(place, &field.name);
                        self.value(&field.shape, field.wire_type, value, &place);
                        separator = b',';
                    }
                }
                self.close(separator, "{}");
            }
            (Kind::Array(array), View::Array(items)) => {
                let mut separator = b'[';
                for (index, item) in items.enumerate() {
                    self.bytes.push(separator);
                    let place = Place::Index(place, index);
                    self.value(&array.items, wire_type, item, &place);
                    separator = b',';
                }
                self.close(separator, "[]");
            }
            (Kind::Map(map), View::Object(entries)) => {
                let mut separator = b'{';
                for (key, value) in entries {
                    self.name(separator, key);
                    self.value(&map.values, wire_type, value, &Place::Key(place, key));
                    separator = b',';
                }
                self.close(separator, "{}");
            }
            (Kind::Object(_) | Kind::Array(_) | Kind::Map(_), _) => {
                note(self.errors, wrong_type(&shape.kind, value), place);
            }
            (kind, _) => {
                if let Err(kind) = self.scalar(kind, wire_type, value) {
                    note(self.errors, kind, place);
                }
            }
        }
    }

    fn scalar(
        &mut self,
        kind: &Kind,
        wire_type: Option<WireType>,
        value: Node<'_>,
    ) -> Result<(), EncodeErrorKind> {
        match (kind, value.view()) {
            // Here null can be said, but the schema forbids it.
            (_, View::Null) => return Err(wrong_type(kind, value)),
            (Kind::Number, View::Number(number)) => self.written(number),
            _ => {
                let text = scalar::text(kind, wire_type, value)?;
                match (kind, wire_type) {
                    (Kind::String { .. }, None) => self.written(&text),
                    // `true`, or the digits of an integer, which may have come as `1.0`.
                    _ => self.raw(&text),
                }
            }
        }
        Ok(())
    }

    fn name(&mut self, separator: u8, name: &str) {
        self.bytes.push(separator);
        self.written(name);
        self.raw(":");
    }

    /// Ends an array or object; `separator` is its bracket still where it has no parts.
    fn close(&mut self, separator: u8, brackets: &str) {
        let written = usize::from(separator == b',');
        self.raw(brackets.get(written..).unwrap_or_default());
    }

    fn raw(&mut self, text: &str) {
        self.bytes.extend_from_slice(text.as_bytes());
    }

    #[allow(clippy::expect_used)] // invariant: a Vec takes any number of bytes, and these have no keys
    fn written<T: Serialize + ?Sized>(&mut self, scalar: &T) {
        serde_json::to_writer(&mut *self.bytes, scalar).expect("writing to memory cannot fail");
    }
}
