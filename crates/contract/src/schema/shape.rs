//! The shape of a tree: what `translate` needs of it.

use grammar::Pointer;
use translate::{Array, Field, Map, Object, Shape};

use super::{Property, Schema, SchemaKind};

impl Schema<'_> {
    /// The shape without the fields at `left_out` (pointers from the root). `None` where something
    /// broken was reported.
    pub(crate) fn shape(&self, left_out: &[Pointer]) -> Option<Shape> {
        self.part(left_out, &Pointer::root())
    }

    fn part(&self, left_out: &[Pointer], at: &Pointer) -> Option<Shape> {
        let kind = match &self.kind {
            SchemaKind::Broken => return None,
            SchemaKind::String { date_time } => translate::Kind::String {
                date_time: *date_time,
            },
            SchemaKind::Integer => translate::Kind::Integer,
            SchemaKind::Number => translate::Kind::Number,
            SchemaKind::Boolean => translate::Kind::Boolean,
            SchemaKind::Object(object) => {
                let mut fields = Vec::with_capacity(object.properties.len());
                for property in &object.properties {
                    let field = at.child(property.name.as_str());
                    if !left_out.contains(&field) {
                        fields.push(property.field(left_out, &field)?);
                    }
                }
                translate::Kind::Object(Object { fields })
            }
            SchemaKind::Array(items) => translate::Kind::Array(Box::new(Array {
                items: items.shape(&[])?,
                item_name: items.wire.item_name.clone(),
                item_xml: items.wire.xml.clone(),
            })),
            SchemaKind::Map(values) => translate::Kind::Map(Box::new(Map {
                values: values.shape(&[])?,
            })),
        };
        Some(Shape {
            kind,
            nullable: self.nullable,
        })
    }
}

impl Property<'_> {
    /// The vendor's name.
    pub(crate) fn wire_name(&self) -> &str {
        self.schema.wire.name.as_deref().unwrap_or(&self.name)
    }

    fn field(&self, left_out: &[Pointer], at: &Pointer) -> Option<Field> {
        let wire = &self.schema.wire;
        Some(Field {
            name: self.name.as_str().into(),
            wire: self.wire_name().to_owned(),
            required: self.required,
            shape: self.schema.part(left_out, at)?,
            wire_type: wire.wire_type,
            xml: wire.xml.clone(),
            form: wire.form,
        })
    }
}
