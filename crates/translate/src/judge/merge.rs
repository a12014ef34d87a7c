//! The unified answer grows from several producers: whoever gives a field first, wins.

use serde_json::{Map, Value};

use crate::mismatch::Mismatch;
use crate::shape::{Field, Kind, Shape};

/// The shape at a path of members, and the property that holds it.
pub(super) fn shape_at<'s>(
    shape: &'s Shape,
    to: &[String],
) -> Option<(&'s Shape, Option<&'s Field>)> {
    to.iter()
        .try_fold((shape, None), |(shape, _), name| match &shape.kind {
            Kind::Object(object) => {
                let field = object.fields.iter().find(|field| field.name == *name)?;
                Some((&field.shape, Some(field)))
            }
            Kind::Map(map) => Some((&map.values, None)),
            _ => None,
        })
}

/// Puts `value` at `to`, where nothing is there yet; objects are merged member by member.
pub(super) fn put(answer: &mut Option<Value>, to: &[String], value: Value) {
    match to.split_first() {
        None => match answer {
            None => *answer = Some(value),
            Some(known) => fill(known, value),
        },
        Some((name, rest)) => {
            let parent = answer.get_or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(members) = parent {
                let mut member = members.shift_remove(name);
                put(&mut member, rest, value);
                if let Some(member) = member {
                    members.insert(name.clone(), member);
                }
            }
        }
    }
}

fn fill(known: &mut Value, value: Value) {
    let (Value::Object(known), Value::Object(members)) = (known, value) else {
        return;
    };
    for (name, member) in members {
        match known.get_mut(&name) {
            Some(there) => fill(there, member),
            None => {
                known.insert(name, member);
            }
        }
    }
}

/// Whether something other than null stands at a path of members.
pub(super) fn says(answer: &Value, to: &[String]) -> bool {
    to.iter()
        .try_fold(answer, |value, name| value.get(name))
        .is_some_and(|value| !value.is_null())
}

/// The merged value in the order of the shape and without what the shape lacks. Where the shape
/// does not allow null, null is absence. A required field that nobody gave is a mismatch, or null
/// where the shape allows that.
pub(super) fn finish(value: Value, shape: &Shape) -> Result<Value, Mismatch> {
    match (&shape.kind, value) {
        (Kind::Object(object), Value::Object(mut members)) => {
            let mut out = Map::new();
            for field in &object.fields {
                let member = members
                    .shift_remove(&field.name)
                    .filter(|member| field.shape.nullable || !member.is_null());
                let member = match member {
                    Some(member) => finish(member, &field.shape)
                        .map_err(|mismatch| mismatch.inside(&field.name))?,
                    None if !field.required => continue,
                    None if field.shape.nullable => Value::Null,
                    None => {
                        let expected = field.shape.kind.words();
                        return Err(Mismatch::new(expected, "nothing").inside(&field.name));
                    }
                };
                out.insert(field.name.clone(), member);
            }
            Ok(Value::Object(out))
        }
        (Kind::Array(array), Value::Array(items)) => items
            .into_iter()
            .enumerate()
            .map(|(index, item)| {
                finish(item, &array.items).map_err(|mismatch| mismatch.inside(&index.to_string()))
            })
            .collect(),
        (Kind::Map(map), Value::Object(entries)) => entries
            .into_iter()
            .map(|(key, entry)| {
                let entry = finish(entry, &map.values).map_err(|mismatch| mismatch.inside(&key))?;
                Ok((key, entry))
            })
            .collect(),
        (_, value) => Ok(value),
    }
}
