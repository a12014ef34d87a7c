//! JSON, read back by `serde_json` and by ourselves.

use proptest::prelude::*;
use serde_json::{Map, Value};
use translate::{Encoder, Encoding, Kind, Shape, WireType};

use crate::read::{Document, decode};

use super::generate::{For, json_shape, pair};

fn unified(shape: &Shape, wire_type: Option<WireType>, value: &Value) -> Value {
    match (&shape.kind, value) {
        (Kind::Object(object), Value::Object(members)) => {
            assert!(members.len() <= object.fields.len());
            let mut out = Map::new();
            for field in &object.fields {
                if let Some(member) = members.get(&field.wire) {
                    let member = unified(&field.shape, field.wire_type, member);
                    out.insert(field.name.to_string(), member);
                }
            }
            Value::Object(out)
        }
        (Kind::Array(array), Value::Array(items)) => items
            .iter()
            .map(|item| unified(&array.items, wire_type, item))
            .collect(),
        (Kind::Map(map), Value::Object(entries)) => entries
            .iter()
            .map(|(key, entry)| (key.clone(), unified(&map.values, None, entry)))
            .collect(),
        (Kind::String { .. }, Value::Number(number)) if wire_type.is_some() => {
            Value::from(number.as_u64().unwrap().to_string())
        }
        (Kind::String { .. }, Value::String(_)) if wire_type.is_some() => {
            panic!("a number was due")
        }
        _ => value.clone(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn through_serde_json((shape, value) in pair(json_shape(), For::Json)) {
        let encoder = Encoder { encoding: Encoding::Json, root: None, shape, limit: usize::MAX };
        let bytes = encoder.encode(&value).unwrap();
        let theirs: Value = serde_json::from_slice(&bytes).unwrap();
        prop_assert_eq!(unified(&encoder.shape, None, &theirs).to_string(), value.to_string());
        let document = Document::parse(Encoding::Json, None, &bytes).unwrap();
        let ours = decode(&document, &[], &encoder.shape).unwrap();
        prop_assert_eq!(ours.value.to_string(), value.to_string());
        prop_assert_eq!(ours.unknown_fields, 0);
    }
}
