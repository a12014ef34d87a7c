//! XML, read back by `roxmltree` and by ourselves.

use proptest::prelude::*;
use roxmltree::Node;
use serde_json::{Map, Value};
use translate::{Array, Encoder, Encoding, Field, Kind, Shape};

use crate::read::{Document, decode};

use super::generate::{For, pair, xml_shape};

fn scalar(shape: &Shape, text: &str) -> Value {
    match shape.kind {
        Kind::String { .. } => Value::from(text),
        Kind::Number => Value::from(text.parse::<f64>().unwrap()),
        _ => serde_json::from_str(text).unwrap(),
    }
}

fn text(node: Node<'_, '_>) -> String {
    assert!(node.children().all(|child| child.is_text()));
    node.text().unwrap_or_default().to_owned()
}

fn elements<'a, 'i>(node: Node<'a, 'i>) -> impl Iterator<Item = Node<'a, 'i>> {
    node.children()
        .inspect(|child| assert!(child.is_element(), "text between elements"))
        .filter(Node::is_element)
}

fn unified(shape: &Shape, holder: &str, node: Node<'_, '_>) -> Value {
    match &shape.kind {
        Kind::Object(object) => {
            let mut out = Map::new();
            for field in &object.fields {
                if let Some(value) = member(field, node) {
                    out.insert(field.name.to_string(), value);
                }
            }
            Value::Object(out)
        }
        Kind::Array(array) => items(array, holder, elements(node)),
        Kind::Map(map) => elements(node)
            .map(|child| {
                let name = child.tag_name().name();
                (name.to_owned(), unified(&map.values, name, child))
            })
            .collect(),
        _ => scalar(shape, &text(node)),
    }
}

fn member(field: &Field, node: Node<'_, '_>) -> Option<Value> {
    let namespace = field.xml.namespace.as_deref();
    if field.xml.attribute {
        let found = match namespace {
            Some(namespace) => node.attribute((namespace, &*field.wire)),
            None => node.attribute(&*field.wire),
        };
        return found.map(|value| scalar(&field.shape, value));
    }
    let named = |child: &Node<'_, '_>, name: &str| {
        child.tag_name().name() == name
            && (namespace.is_none() || child.tag_name().namespace() == namespace)
    };
    match &field.shape.kind {
        Kind::Array(array) if !field.xml.wrapped => {
            let name = array.item_name.as_deref().unwrap_or(&field.wire);
            let children = elements(node).filter(|child| named(child, name));
            Some(items(array, &field.wire, children))
        }
        _ => {
            let found: Vec<_> = elements(node)
                .filter(|child| named(child, &field.wire))
                .collect();
            assert!(found.len() <= 1, "{found:?}");
            found
                .first()
                .map(|child| unified(&field.shape, &field.wire, *child))
        }
    }
}

fn items<'a, 'i: 'a>(
    array: &Array,
    holder: &str,
    nodes: impl Iterator<Item = Node<'a, 'i>>,
) -> Value {
    let name = array.item_name.as_deref().unwrap_or(holder);
    nodes
        .map(|child| {
            assert_eq!(child.tag_name().name(), name);
            unified(&array.items, name, child)
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn through_roxmltree((shape, value) in pair(xml_shape(), For::Xml)) {
        let root = Some("request".into());
        let encoder = Encoder { encoding: Encoding::Xml, root, shape, limit: usize::MAX };
        let bytes = encoder.encode(&value).unwrap();
        let written = std::str::from_utf8(&bytes).unwrap();
        let theirs = roxmltree::Document::parse(written).unwrap();
        let root = theirs.root_element();
        prop_assert_eq!(root.tag_name().name(), "request");
        prop_assert_eq!(unified(&encoder.shape, "request", root).to_string(), value.to_string(), "{}", written);
        let document = Document::parse(Encoding::Xml, None, &bytes).unwrap();
        let at = vec![vec!["request".to_owned()]];
        let ours = decode(&document, &at, &encoder.shape).unwrap();
        prop_assert_eq!(ours.value.to_string(), value.to_string(), "{}", written);
        prop_assert_eq!(ours.unknown_fields, 0);
    }
}
