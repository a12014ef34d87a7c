//! JSON to JSON: the vendor's names, the schema's order, nothing that the shape lacks.

use serde_json::{Map, Value};
use validate::Place;

use super::error::{EncodeError, EncodeErrorKind, note, wrong_type};
use super::scalar;
use crate::shape::{Kind, Shape, WireType};

pub(super) fn body(shape: &Shape, value: &Value, errors: &mut Vec<EncodeError>) -> Vec<u8> {
    translated(shape, None, value, &Place::Root, errors)
        .to_string()
        .into_bytes()
}

/// The value with wire names. Where it cannot be, an error is noted and what is returned does not
/// matter.
fn translated(
    shape: &Shape,
    wire_type: Option<WireType>,
    value: &Value,
    place: &Place<'_>,
    errors: &mut Vec<EncodeError>,
) -> Value {
    match (&shape.kind, value) {
        (_, Value::Null) if shape.nullable => Value::Null,
        (Kind::Object(object), Value::Object(members)) => {
            let mut out = Map::new();
            for field in &object.fields {
                if let Some(value) = members.get(&field.name) {
                    let place = Place::Key(place, &field.name);
                    let value = translated(&field.shape, field.wire_type, value, &place, errors);
                    out.insert(field.wire.clone(), value);
                }
            }
            Value::Object(out)
        }
        (Kind::Array(array), Value::Array(items)) => items
            .iter()
            .enumerate()
            .map(|(index, item)| {
                let place = Place::Index(place, index);
                translated(&array.items, wire_type, item, &place, errors)
            })
            .collect(),
        (Kind::Map(map), Value::Object(entries)) => entries
            .iter()
            .map(|(key, value)| {
                let place = Place::Key(place, key);
                (
                    key.clone(),
                    translated(&map.values, wire_type, value, &place, errors),
                )
            })
            .collect(),
        (Kind::Object(_) | Kind::Array(_) | Kind::Map(_), _) => {
            note(errors, wrong_type(&shape.kind, value), place);
            Value::Null
        }
        (kind, _) => scalar_value(kind, wire_type, value).unwrap_or_else(|kind| {
            note(errors, kind, place);
            Value::Null
        }),
    }
}

fn scalar_value(
    kind: &Kind,
    wire_type: Option<WireType>,
    value: &Value,
) -> Result<Value, EncodeErrorKind> {
    if value.is_null() {
        return Err(wrong_type(kind, value)); // here null can be said, but the schema forbids it
    }
    let text = scalar::text(kind, wire_type, value)?;
    match (kind, wire_type) {
        (Kind::String { .. }, None) | (Kind::Boolean | Kind::Number, _) => Ok(value.clone()),
        // An integer that came as `1.0` is written `1`.
        (Kind::Integer, _) if value.is_i64() || value.is_u64() => Ok(value.clone()),
        // `x-type: integer` allows 18 digits, and a float integer is below 2^53: both fit.
        _ => text
            .parse::<i64>()
            .map(Value::from)
            .map_err(|_| EncodeErrorKind::NotWireInteger),
    }
}
