//! JSON to unified JSON.

use serde_json::{Map, Value};

use super::{Required, put, scalar};
use crate::document::Json;
use crate::mismatch::Mismatch;
use crate::{Kind, Object, Shape};

pub(super) fn value(
    json: &Json,
    shape: &Shape,
    required: Required,
    unknown: &mut usize,
) -> Result<Value, Mismatch> {
    match (&shape.kind, json) {
        (_, Json::Null) if shape.nullable => Ok(Value::Null),
        (Kind::Object(object), Json::Object(members)) => {
            members_of(object, members, required, unknown)
        }
        (Kind::Array(array), Json::Array(items)) => items
            .iter()
            .enumerate()
            .map(|(index, item)| {
                value(item, &array.items, Required::Now, unknown)
                    .map_err(|mismatch| mismatch.inside(&index.to_string()))
            })
            .collect(),
        (Kind::Map(map), Json::Object(members)) => members
            .iter()
            .map(|(key, member)| {
                let value = value(member, &map.values, Required::Now, unknown)
                    .map_err(|mismatch| mismatch.inside(key))?;
                Ok((key.clone(), value))
            })
            .collect(),
        (kind, _) => scalar::of_json(kind, json).ok_or_else(|| {
            let excerpt = json.scalar().unwrap_or_default();
            Mismatch::new(kind.words(), json.words()).with_excerpt(excerpt)
        }),
    }
}

fn members_of(
    object: &Object,
    members: &[(String, Json)],
    required: Required,
    unknown: &mut usize,
) -> Result<Value, Mismatch> {
    let mut out = Map::new();
    let mut known = 0;
    for field in &object.fields {
        let member = members
            .iter()
            .find_map(|(key, value)| (*key == field.wire).then_some(value));
        known += usize::from(member.is_some());
        let result = match member {
            // A null is absence, except where the field must be there: then it is the wrong type.
            Some(Json::Null)
                if field.shape.nullable || !field.required || required == Required::Later =>
            {
                put(&mut out, field, None, required)
            }
            Some(member) => value(member, &field.shape, required, unknown)
                .and_then(|value| put(&mut out, field, Some(value), required)),
            None => put(&mut out, field, None, required),
        };
        result.map_err(|mismatch| mismatch.inside(&field.wire))?;
    }
    *unknown += members.len().saturating_sub(known);
    Ok(Value::Object(out))
}
