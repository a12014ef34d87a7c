//! `application/x-www-form-urlencoded`, for bodies and for vendor queries.

use serde_json::{Map, Value};
use validate::Place;

use super::error::{EncodeError, EncodeErrorKind, note, wrong_type};
use super::scalar;
use crate::shape::{Field, FormStyle, Kind, Shape};

/// The form of a whole request.
pub(super) fn body(shape: &Shape, value: &Value, errors: &mut Vec<EncodeError>) -> Vec<u8> {
    let (Kind::Object(object), Value::Object(members)) = (&shape.kind, value) else {
        let kind = match shape.kind {
            Kind::Object(_) => wrong_type(&shape.kind, value),
            _ => EncodeErrorKind::FormNested,
        };
        note(errors, kind, &Place::Root);
        return Vec::new();
    };
    let mut pairs = Vec::new();
    for field in &object.fields {
        if let Some(value) = members.get(&field.name) {
            match form_pairs(field, value) {
                Ok(more) => pairs.extend(more),
                Err(more) => errors.extend(more),
            }
        }
    }
    write_form(&pairs).into_bytes()
}

/// One property as names and values that are not encoded yet: none, one or many, as `x-form` says.
/// Pointers of errors begin at the property.
pub fn form_pairs(field: &Field, value: &Value) -> Result<Vec<(String, String)>, Vec<EncodeError>> {
    let place = Place::Key(&Place::Root, &field.name);
    let entry = |shape: &Shape, value: &Value| {
        if !scalar::is_scalar(&shape.kind) {
            return Err(EncodeErrorKind::FormNested);
        }
        scalar::text(&shape.kind, field.wire_type, value).map(std::borrow::Cow::into_owned)
    };
    match (&field.shape.kind, field.form, value) {
        (Kind::Array(array), Some(FormStyle::Repeat), Value::Array(items)) => {
            collect(&place, items.iter().enumerate(), |(index, item)| {
                let text = entry(&array.items, item);
                text.map(|text| (field.wire.clone(), text))
                    .map_err(|kind| (Place::Index(&place, index), kind))
            })
        }
        (Kind::Map(map), Some(FormStyle::Brackets), Value::Object(entries)) => {
            collect(&place, Map::iter(entries), |(key, value)| {
                // Readers differ on where `k[a]b]` ends, and take `k[]` for an array.
                let pair = if key.is_empty() || key.contains(['[', ']']) {
                    Err(EncodeErrorKind::FormKey(key.clone()))
                } else {
                    let text = entry(&map.values, value);
                    text.map(|text| (format!("{}[{key}]", field.wire), text))
                };
                pair.map_err(|kind| (Place::Key(&place, key), kind))
            })
        }
        (Kind::Array(_), Some(FormStyle::Repeat), _)
        | (Kind::Map(_), Some(FormStyle::Brackets), _) => {
            Err(only(wrong_type(&field.shape.kind, value), &place))
        }
        _ => match entry(&field.shape, value) {
            Ok(text) => Ok(vec![(field.wire.clone(), text)]),
            Err(kind) => Err(only(kind, &place)),
        },
    }
}

fn only(kind: EncodeErrorKind, place: &Place<'_>) -> Vec<EncodeError> {
    let mut errors = Vec::new();
    note(&mut errors, kind, place);
    errors
}

/// All entries, or all errors; no entry cannot be told from an absent property, so it is an error.
fn collect<'p, T>(
    place: &Place<'_>,
    entries: impl ExactSizeIterator<Item = T>,
    mut pair: impl FnMut(T) -> Result<(String, String), (Place<'p>, EncodeErrorKind)>,
) -> Result<Vec<(String, String)>, Vec<EncodeError>> {
    if entries.len() == 0 {
        return Err(only(EncodeErrorKind::EmptyNotRepresentable, place));
    }
    let (mut pairs, mut errors) = (Vec::new(), Vec::new());
    for entry in entries {
        match pair(entry) {
            Ok(pair) => pairs.push(pair),
            Err((place, kind)) => note(&mut errors, kind, &place),
        }
    }
    if errors.is_empty() {
        Ok(pairs)
    } else {
        Err(errors)
    }
}

/// Percent-encoded UTF-8 as the WHATWG URL standard writes forms: a space is `+`, so a plus sign is
/// `%2B` and a telephone number keeps it.
#[must_use]
#[allow(clippy::expect_used)] // invariant: only keys and values that are not scalars can fail
pub fn write_form(pairs: &[(String, String)]) -> String {
    serde_urlencoded::to_string(pairs).expect("pairs of strings are always a form")
}
