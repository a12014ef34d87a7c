//! JSON: a tree of all values, and then the value of the shape out of it.

use grammar::json::{self as reader, Event, SyntaxError};
use grammar::number::is_integer;
use serde_json::{Map, Value};
use translate::{Field, Kind, Mismatch, Object, Shape, WireType};

use super::outcome::{Counts, Told, mismatch};
use super::scalar;

#[derive(Debug, Clone, PartialEq)]
pub enum Json {
    Null,
    Bool(bool),
    /// The number as it was written.
    Number(String),
    String(String),
    Array(Vec<Json>),
    Object(Vec<(String, Json)>),
}

pub fn parse(text: &str) -> Result<Json, SyntaxError> {
    reader::read(text, build)
}

fn build(event: Event<'_, '_>) -> Result<Json, SyntaxError> {
    Ok(match event.value {
        reader::Value::Null => Json::Null,
        reader::Value::Bool(flag) => Json::Bool(flag),
        reader::Value::Number(lexeme) => Json::Number(lexeme.to_owned()),
        reader::Value::String(literal) => Json::String(literal.decode().text.into_owned()),
        reader::Value::Array(mut items) => {
            let mut array = Vec::new();
            while let Some(item) = items.next_item()? {
                array.push(build(item)?);
            }
            Json::Array(array)
        }
        reader::Value::Object(mut members) => {
            let mut object = Vec::new();
            while let Some((name, member)) = members.next_member()? {
                object.push((name.decode().text.into_owned(), build(member)?));
            }
            Json::Object(object)
        }
    })
}

impl Json {
    pub const fn words(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::String(_) => "a string",
            Self::Array(_) => "an array",
            Self::Object(_) => "an object",
        }
    }

    pub fn member(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Object(members) => members
                .iter()
                .find_map(|(key, value)| (key == name).then_some(value)),
            _ => None,
        }
    }

    /// A scalar's text: a string itself, a number's lexeme, `true` or `false`.
    pub fn scalar(&self) -> Option<&str> {
        match self {
            Self::String(text) | Self::Number(text) => Some(text),
            Self::Bool(flag) => Some(if *flag { "true" } else { "false" }),
            _ => None,
        }
    }
}

/// A value that must be there: the whole, a required field, an item.
pub fn value(json: &Json, shape: &Shape, counts: &mut Counts) -> Result<Value, Mismatch> {
    match present(json, shape, counts)? {
        Some(value) => Ok(value),
        None => stand_in(json, shape, counts),
    }
}

/// `None` is absence: null, or what is empty in the language of some vendor (`""`, `[]`, `{}`) where
/// the shape has no such value.
fn present(json: &Json, shape: &Shape, counts: &mut Counts) -> Result<Option<Value>, Mismatch> {
    let lenient = |counts: &mut Counts, value: Option<Value>| {
        counts.lenient += 1;
        Ok(value)
    };
    match (&shape.kind, json) {
        (_, Json::Null) => Ok(None),
        (Kind::Object(object), json) if is_empty(json) => {
            if needs(object) {
                return lenient(counts, None);
            }
            counts.lenient += usize::from(!matches!(json, Json::Object(_)));
            members_of(object, &[], counts).map(Some)
        }
        (Kind::Object(object), Json::Object(members)) => {
            members_of(object, members, counts).map(Some)
        }
        (Kind::Array(array), Json::Array(items)) => items
            .iter()
            .enumerate()
            .map(|(index, item)| {
                value(item, &array.items, counts)
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
fn stand_in(json: &Json, shape: &Shape, counts: &mut Counts) -> Result<Value, Mismatch> {
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
        (Kind::Object(object), Json::Object(members)) => members_of(object, members, counts),
        (kind, _) => Err(wrong(kind, json)),
    }
}

fn wrong(kind: &Kind, json: &Json) -> Mismatch {
    let excerpt = json.scalar().unwrap_or_default();
    mismatch(kind.words(), json.words()).with_excerpt(excerpt)
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
    counts: &mut Counts,
) -> Result<Value, Mismatch> {
    let mut out = Map::new();
    let mut known = 0;
    for field in &object.fields {
        let member = members
            .iter()
            .find_map(|(key, value)| (*key == field.wire).then_some(value));
        known += usize::from(member.is_some());
        let must = field.required;
        let result = match member {
            Some(member) if !is_of_wire(field.wire_type, member) => {
                Err(wrong(&field.shape.kind, member))
            }
            Some(member) if must => value(member, &field.shape, counts).map(Some),
            Some(member) => present(member, &field.shape, counts),
            None => Ok(None),
        };
        result
            .and_then(|value| put(&mut out, field, value))
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
        let value = present(member, values, counts).map_err(|mismatch| mismatch.inside(key))?;
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

/// Puts a field's value where the shape wants it.
pub fn put(
    out: &mut Map<String, Value>,
    field: &Field,
    value: Option<Value>,
) -> Result<(), Mismatch> {
    let value = match value {
        Some(Value::Null) | None if field.required && field.shape.nullable => Some(Value::Null),
        None if field.required => {
            return Err(mismatch(field.shape.kind.words(), "nothing"));
        }
        Some(Value::Null) | None => None,
        some => some,
    };
    if let Some(value) = value {
        out.insert(field.name.to_string(), value);
    }
    Ok(())
}
