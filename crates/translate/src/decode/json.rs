//! JSON to unified JSON.

use grammar::number::is_integer;
use serde_json::{Map, Value};

use super::counts::Counts;
use super::required::{Required, put};
use super::scalar;
use crate::document::Json;
use crate::mismatch::Mismatch;
use crate::shape::{Kind, Object, Shape, WireType};

/// A value that must be there: the whole, a required field, an item.
pub(super) fn value(
    json: &Json,
    shape: &Shape,
    required: Required,
    counts: &mut Counts,
) -> Result<Value, Mismatch> {
    match present(json, shape, required, counts)? {
        Some(value) => Ok(value),
        None => stand_in(json, shape, required, counts),
    }
}

/// `None` is absence: null, or what is empty in the language of some vendor (`""`, `[]`, `{}`) where
/// the shape has no such value.
fn present(
    json: &Json,
    shape: &Shape,
    required: Required,
    counts: &mut Counts,
) -> Result<Option<Value>, Mismatch> {
    let lenient = |counts: &mut Counts, value: Option<Value>| {
        counts.lenient += 1;
        Ok(value)
    };
    match (&shape.kind, json) {
        (_, Json::Null) => Ok(None),
        (Kind::Object(object), json) if is_empty(json) => {
            if required == Required::Now && needs(object) {
                return lenient(counts, None);
            }
            counts.lenient += usize::from(!matches!(json, Json::Object(_)));
            members_of(object, &[], required, counts).map(Some)
        }
        (Kind::Object(object), Json::Object(members)) => {
            members_of(object, members, required, counts).map(Some)
        }
        (Kind::Array(array), Json::Array(items)) => items
            .iter()
            .enumerate()
            .map(|(index, item)| {
                value(item, &array.items, Required::Now, counts)
                    .map_err(|mismatch| mismatch.inside(&index.to_string()))
            })
            .collect::<Result<_, _>>()
            .map(Some),
        (Kind::Array(_), json) if is_empty(json) => lenient(counts, Some(Value::Array(Vec::new()))),
        (Kind::Map(map), Json::Object(members)) => {
            entries_of(members, &map.values, counts).map(Some)
        }
        (Kind::Map(_), json) if is_empty(json) => lenient(counts, Some(Value::Object(Map::new()))),
        (kind, _) => match scalar::of_json(kind, json) {
            Some(read) => Ok(read.counted(counts)),
            None => Err(wrong(kind, json)),
        },
    }
}

/// What must be there becomes of a value that says nothing.
fn stand_in(
    json: &Json,
    shape: &Shape,
    required: Required,
    counts: &mut Counts,
) -> Result<Value, Mismatch> {
    match (&shape.kind, json) {
        _ if shape.nullable => Ok(Value::Null),
        // Neither a list nor a map can be missing by halves: null has no entries.
        (Kind::Array(_), Json::Null) => {
            counts.lenient += 1;
            Ok(Value::Array(Vec::new()))
        }
        (Kind::Map(_), Json::Null) => {
            counts.lenient += 1;
            Ok(Value::Object(Map::new()))
        }
        // Tells which member is missing.
        (Kind::Object(object), Json::Object(members)) => {
            members_of(object, members, required, counts)
        }
        (kind, _) => Err(wrong(kind, json)),
    }
}

fn wrong(kind: &Kind, json: &Json) -> Mismatch {
    let excerpt = json.scalar().unwrap_or_default();
    Mismatch::new(kind.words(), json.words()).with_excerpt(excerpt)
}

/// How scripts and converters spell "nothing in it": PHP knows one empty array for lists and maps, and
/// what turns XML into JSON makes a text of an empty element.
fn is_empty(json: &Json) -> bool {
    match json {
        Json::Object(members) => members.is_empty(),
        Json::Array(items) => items.is_empty(),
        Json::String(text) => scalar::is_blank(text),
        _ => false,
    }
}

/// Whether an object without members would lack something.
fn needs(object: &Object) -> bool {
    object
        .fields
        .iter()
        .any(|field| field.required && !field.shape.nullable)
}

fn members_of(
    object: &Object,
    members: &[(String, Json)],
    required: Required,
    counts: &mut Counts,
) -> Result<Value, Mismatch> {
    let mut out = Map::new();
    let mut known = 0;
    for field in &object.fields {
        let member = members
            .iter()
            .find_map(|(key, value)| (*key == field.wire).then_some(value));
        known += usize::from(member.is_some());
        let must = field.required && required == Required::Now;
        let result = match member {
            Some(member) if !is_of_wire(field.wire_type, member) => {
                Err(wrong(&field.shape.kind, member))
            }
            Some(member) if must => value(member, &field.shape, required, counts).map(Some),
            Some(member) => present(member, &field.shape, required, counts),
            None => Ok(None),
        };
        result
            .and_then(|value| put(&mut out, field, value, required))
            .map_err(|mismatch| mismatch.inside(&field.wire))?;
    }
    counts.unknown += members.len().saturating_sub(known);
    Ok(Value::Object(out))
}

/// Where the contract tells the vendor's own type, a value of a third one means nothing certain.
fn is_of_wire(wire_type: Option<WireType>, json: &Json) -> bool {
    match (wire_type, json) {
        (None, _) => true,
        (Some(WireType::Integer), Json::Number(lexeme)) => is_integer(lexeme),
        (Some(WireType::Integer), Json::Bool(_)) => false,
        (wire_type, Json::Array(items)) => items.iter().all(|item| is_of_wire(wire_type, item)),
        _ => true,
    }
}

/// A map's entries. One that says nothing is absent.
fn entries_of(
    members: &[(String, Json)],
    values: &Shape,
    counts: &mut Counts,
) -> Result<Value, Mismatch> {
    let mut out = Map::new();
    for (key, member) in members {
        let value = present(member, values, Required::Now, counts)
            .map_err(|mismatch| mismatch.inside(key))?;
        match value {
            Some(value) => {
                out.insert(key.clone(), value);
            }
            None if values.nullable => {
                out.insert(key.clone(), Value::Null);
            }
            None => counts.lenient += usize::from(*member == Json::Null),
        }
    }
    Ok(Value::Object(out))
}
