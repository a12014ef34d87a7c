//! Shapes, and values that fit them.

use proptest::prelude::*;
use serde_json::{Map, Value};
use translate::{Field, FormStyle, Kind, Object, Shape};

use crate::shapes::*;

/// Texts with what breaks encoders. `xml`: only what XML 1.0 can carry.
pub fn text(xml: bool) -> BoxedStrategy<String> {
    let piece = prop_oneof![
        4 => prop_oneof![
            Just("ñ"), Just("Coruña"), Just("+"), Just("%"), Just("%2B"), Just("&"), Just("&amp;"),
            Just("]]>"), Just("<![CDATA["), Just("<!--"), Just("😀"), Just("\r"), Just("\r\n"), Just("\n"),
            Just("\t"), Just(" "), Just("  "), Just("\""), Just("'"), Just("="), Just(";"), Just("["),
            Just("\u{85}"), Just("\u{2028}"), Just("\u{FEFF}"), Just("007"), Just("&#13;"), Just("\u{FFFD}"),
        ].prop_map(str::to_owned),
        1 => any::<String>(),
        1 => "[a-z0-9]{0,8}",
    ];
    proptest::collection::vec(piece, 0..6)
        .prop_map(move |pieces| {
            let allowed = |c: &char| {
                !xml || matches!(c, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..)
            };
            pieces.concat().chars().filter(allowed).collect()
        })
        .boxed()
}

/// A vendor's or our name: an XML name.
fn name() -> impl Strategy<Value = String> {
    "[a-zñ_][a-zA-Z0-9ñ._-]{0,6}"
}

pub fn scalar() -> BoxedStrategy<Shape> {
    prop_oneof![
        3 => Just(string()),
        1 => Just(integer()),
        1 => Just(number()),
        1 => Just(boolean()),
    ]
    .boxed()
}

/// Fields with different names on both sides; the wire name of an array's items differs from all.
fn fields(field: impl Strategy<Value = Field>) -> impl Strategy<Value = Vec<Field>> {
    proptest::collection::vec((field, name(), name(), any::<bool>()), 1..6).prop_map(|fields| {
        let numbered = fields.into_iter().enumerate();
        numbered
            .map(|(index, (mut field, name, wire, required))| {
                field.name = (*format!("{name}{index}")).into();
                field.wire = format!("{wire}{index}");
                field.required |= required;
                field
            })
            .collect()
    })
}

/// What a form can say.
pub fn form_shape() -> impl Strategy<Value = Shape> {
    let any_field = prop_oneof![
        3 => (scalar(), any::<bool>()).prop_map(|(shape, _)| field("", shape)),
        1 => Just(field("", string()).wire_integer()),
        1 => scalar().prop_map(|items| field("", array(items)).form(FormStyle::Repeat)),
        1 => scalar().prop_map(|values| field("", map(values)).form(FormStyle::Brackets)),
    ];
    fields(any_field).prop_map(object)
}

/// What JSON can say.
pub fn json_shape() -> impl Strategy<Value = Shape> {
    let leaf =
        scalar().prop_flat_map(|shape| prop_oneof![Just(nullable(shape.clone())), Just(shape)]);
    leaf.prop_recursive(3, 24, 5, |inner| {
        let any_field = prop_oneof![
            3 => inner.clone().prop_map(|shape| field("", shape)),
            1 => Just(field("", string()).wire_integer()),
            1 => Just(field("", array(string())).wire_integer()),
        ];
        prop_oneof![
            2 => fields(any_field).prop_map(object),
            1 => inner.clone().prop_map(array),
            1 => inner.prop_map(map),
        ]
    })
}

/// What XML can say, under a root that is an object. Every object has a required element, since an
/// empty one reads as absence; arrays are required, since none and absent are the same.
pub fn xml_shape() -> impl Strategy<Value = Shape> {
    let nested = scalar().prop_recursive(3, 24, 5, |inner| {
        let wrapped = (inner.clone(), any::<bool>(), any::<bool>()).prop_map(|(items, named, wrapped)| {
            let array = field("", named_array(items, named.then_some("item"))).required();
            if wrapped { array.wrapped() } else { array }
        });
        let any_field = prop_oneof![
            4 => inner.clone().prop_filter("arrays are fields of their own", |shape| !matches!(shape.kind, Kind::Array(_)))
                .prop_map(|shape| field("", shape)),
            2 => scalar().prop_map(|shape| field("", shape).attribute()),
            1 => scalar().prop_map(|shape| field("", shape).namespace("urn:one", Some("p"))),
            1 => Just(field("", string()).namespace("urn:two", None)),
            1 => scalar().prop_map(|shape| field("", shape).attribute().namespace("urn:three", Some("p"))),
            2 => wrapped,
        ];
        prop_oneof![
            3 => fields(any_field).prop_map(|mut fields| {
                only_one_item(&mut fields);
                fields.push(field("always", string()).required());
                object(fields)
            }),
            1 => inner.clone().prop_filter("an array needs a field", |shape| !matches!(shape.kind, Kind::Array(_)))
                .prop_map(map),
        ]
    });
    nested.prop_map(|shape| match shape.kind {
        Kind::Object(_) => shape,
        _ => object([field("root", shape), field("always", string()).required()]),
    })
}

/// Two unwrapped arrays whose items bear one name cannot be told apart by anyone.
fn only_one_item(fields: &mut [Field]) {
    let mut taken = false;
    for field in fields {
        if let Kind::Array(array) = &mut field.shape.kind
            && !field.xml.wrapped
            && array.item_name.is_some()
        {
            if taken {
                array.item_name = None;
            }
            taken = true;
        }
    }
}

/// How the values of an encoding differ.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum For {
    Form,
    Json,
    Xml,
}

pub fn value(shape: &Shape, target: For) -> BoxedStrategy<Value> {
    let plain = match &shape.kind {
        Kind::String { .. } => text(target == For::Xml).prop_map(Value::from).boxed(),
        Kind::Integer => any::<i64>().prop_map(Value::from).boxed(),
        // serde_json's own reader is off by one unit in the last place for many long fractions, so
        // it is given short ones; whole numbers come back as integers.
        Kind::Number if target == For::Json => (-1_000_000i32..1_000_000)
            .prop_map(|n| Value::from(f64::from(n) / 64.0 + 1.0 / 128.0))
            .boxed(),
        Kind::Number => proptest::num::f64::NORMAL
            .prop_filter("whole", |float| float.fract() != 0.0)
            .prop_map(Value::from)
            .boxed(),
        Kind::Boolean => any::<bool>().prop_map(Value::from).boxed(),
        Kind::Object(object) => members(object, target),
        Kind::Array(array) => proptest::collection::vec(value(&array.items, target), 0..4)
            .prop_map(Value::from)
            .boxed(),
        Kind::Map(map) => {
            let key = match target {
                For::Form => "[a-zñ&=+ %]{1,4}".boxed(),
                For::Json => text(false),
                For::Xml => name().boxed(),
            };
            proptest::collection::btree_map(key, value(&map.values, target), 0..4)
                .prop_map(|entries| Value::Object(entries.into_iter().collect()))
                .boxed()
        }
    };
    if shape.nullable {
        prop_oneof![3 => plain, 1 => Just(Value::Null)].boxed()
    } else {
        plain
    }
}

fn members(object: &Object, target: For) -> BoxedStrategy<Value> {
    let start = Just(Map::new()).boxed();
    object
        .fields
        .iter()
        .fold(start, |members, field| {
            let name = field.name.to_string();
            let required = field.required;
            // An empty unwrapped array, and a null that may be left out, have no spelling.
            let not_representable =
                target == For::Form || (target == For::Xml && !field.xml.wrapped);
            let value = value_of(field, target).prop_filter("cannot be said", move |value| {
                !(not_representable && value.as_array().is_some_and(Vec::is_empty)
                    || target == For::Form && value.as_object().is_some_and(Map::is_empty))
            });
            let value =
                value.prop_map(move |value| (!value.is_null() || required).then_some(value));
            let value = (value, any::<bool>())
                .prop_map(move |(value, there)| value.filter(|_| there || required));
            (members, value)
                .prop_map(move |(mut members, value)| {
                    if let Some(value) = value {
                        members.insert(name.clone(), value);
                    }
                    members
                })
                .boxed()
        })
        .prop_map(Value::Object)
        .boxed()
}

fn value_of(field: &Field, target: For) -> BoxedStrategy<Value> {
    let digits = || "0|[1-9][0-9]{0,17}".prop_map(Value::from);
    match (field.wire_type, &field.shape.kind) {
        (Some(_), Kind::Array(_)) => proptest::collection::vec(digits(), 0..4)
            .prop_map(Value::from)
            .boxed(),
        (Some(_), _) => digits().boxed(),
        (None, _) => value(&field.shape, target),
    }
}

/// A shape and a value of it.
pub fn pair(
    shape: impl Strategy<Value = Shape>,
    target: For,
) -> impl Strategy<Value = (Shape, Value)> {
    shape.prop_flat_map(move |shape| {
        let value = value(&shape, target);
        (Just(shape), value)
    })
}
