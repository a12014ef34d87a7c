//! Forms, read back by `form_urlencoded`.

use proptest::prelude::*;
use serde_json::{Map, Value};
use translate::{Encoder, Encoding, Kind, Shape};

use super::generate::{For, form_shape, pair};

fn scalar(shape: &Shape, text: &str) -> Value {
    match shape.kind {
        Kind::String { .. } => Value::from(text),
        Kind::Number => Value::from(text.parse::<f64>().unwrap()),
        _ => serde_json::from_str(text).unwrap(),
    }
}

fn unified(shape: &Shape, bytes: &[u8]) -> Value {
    let pairs: Vec<(String, String)> = form_urlencoded::parse(bytes).into_owned().collect();
    let Kind::Object(object) = &shape.kind else {
        panic!("only objects are forms")
    };
    let mut out = Map::new();
    for field in &object.fields {
        let of_key = |key: &str| {
            pairs
                .iter()
                .filter(|pair| pair.0 == key)
                .collect::<Vec<_>>()
        };
        match &field.shape.kind {
            Kind::Array(array) => {
                let items = of_key(&field.wire);
                if !items.is_empty() {
                    let items = items.iter().map(|(_, text)| scalar(&array.items, text));
                    out.insert(field.name.to_string(), items.collect());
                }
            }
            Kind::Map(map) => {
                let prefix = format!("{}[", field.wire);
                let entries: Map<String, Value> = pairs
                    .iter()
                    .filter_map(|(key, text)| {
                        let key = key.strip_prefix(&prefix)?.strip_suffix(']')?;
                        Some((key.to_owned(), scalar(&map.values, text)))
                    })
                    .collect();
                if !entries.is_empty() {
                    out.insert(field.name.to_string(), Value::Object(entries));
                }
            }
            _ => match of_key(&field.wire).as_slice() {
                [] => {}
                [(_, text)] => {
                    out.insert(field.name.to_string(), scalar(&field.shape, text));
                }
                many => panic!("{many:?}"),
            },
        }
    }
    Value::Object(out)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn through_form_urlencoded((shape, value) in pair(form_shape(), For::Form)) {
        let encoder = Encoder { encoding: Encoding::Form, root: None, shape, limit: usize::MAX };
        let bytes = encoder.encode(&value).unwrap();
        prop_assert!(bytes.is_ascii());
        prop_assert_eq!(unified(&encoder.shape, &bytes), value, "{}", String::from_utf8_lossy(&bytes));
    }
}
