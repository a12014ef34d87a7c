//! Documents that mostly fit a shape, and in every way may not.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use translate::{Array, Field, Kind, Shape};

/// Shapes of everything that a schema can say of one value, deeper than a round trip can carry.
pub fn any_shape(xml: bool) -> impl Strategy<Value = Shape> {
    let leaf = select(vec![
        Kind::String { date_time: false },
        Kind::String { date_time: true },
        Kind::Integer,
        Kind::Number,
        Kind::Boolean,
    ]);
    let leaf = (leaf, any::<bool>()).prop_map(|(kind, nullable)| Shape { kind, nullable });
    leaf.prop_recursive(4, 32, 5, move |inner| {
        let nested = (
            inner.clone(),
            nested_kind(xml, inner),
            prop::bool::weighted(0.2),
        );
        nested.prop_map(|(_, kind, nullable)| Shape { kind, nullable })
    })
}

fn nested_kind(
    xml: bool,
    inner: impl Strategy<Value = Shape> + Clone + 'static,
) -> impl Strategy<Value = Kind> {
    let items = (
        inner.clone(),
        any::<bool>(),
        prop::option::weighted(0.2, Just("urn:one".to_owned())),
    );
    let array = items.prop_map(|(items, named, namespace)| {
        let mut array = Array {
            items,
            item_name: named.then(|| "item".to_owned()),
            item_xml: translate::XmlPlace::default(),
        };
        array.item_xml.namespace = namespace;
        Kind::Array(Box::new(array))
    });
    let map = inner
        .clone()
        .prop_map(|values| Kind::Map(Box::new(translate::Map { values })));
    prop_oneof![
        4 => vec(field(xml, inner), 0..6).prop_map(|fields| {
            let numbered = fields.into_iter().enumerate();
            let mut fields: Vec<Field> = numbered.map(|(index, mut field)| {
                field.name = (*format!("our\"{index}")).into();
                field.wire = format!("w{index}");
                field
            }).collect();
            // The contract refuses two fields that bear one name.
            let mut items = false;
            for field in &mut fields {
                if let Kind::Array(array) = &mut field.shape.kind
                    && !field.xml.wrapped
                    && array.item_name.is_some()
                {
                    array.item_name = array.item_name.take().filter(|_| !items);
                    items = true;
                }
            }
            Kind::Object(translate::Object { fields })
        }),
        2 => array,
        1 => map,
    ]
}

fn field(xml: bool, inner: impl Strategy<Value = Shape> + 'static) -> impl Strategy<Value = Field> {
    let place = (
        prop::bool::weighted(0.2),
        any::<bool>(),
        prop::option::weighted(
            0.3,
            select(vec!["urn:one".to_owned(), "urn:two".to_owned()]),
        ),
    );
    (inner, any::<bool>(), place, prop::bool::weighted(0.3)).prop_map(
        move |(shape, required, (attribute, wrapped, namespace), integer)| {
            let mut field = crate::shapes::field("", shape);
            field.required = required;
            let is_scalar = !matches!(
                field.shape.kind,
                Kind::Object(_) | Kind::Array(_) | Kind::Map(_)
            );
            if xml {
                field.xml.attribute = attribute && is_scalar;
                field.xml.wrapped = wrapped && matches!(field.shape.kind, Kind::Array(_));
                field.xml.namespace = namespace;
            }
            let of_texts = match &field.shape.kind {
                Kind::Array(array) => array.items.kind == Kind::String { date_time: false },
                kind => *kind == Kind::String { date_time: false },
            };
            field.wire_type = (integer && of_texts).then_some(translate::WireType::Integer);
            field
        },
    )
}

/// Texts of scalars of every kind.
fn scalar_text() -> impl Strategy<Value = String> {
    let known = select(vec![
        "",
        " ",
        "\t\n",
        "0",
        "1",
        "-0",
        "007",
        "2145",
        "-7",
        " 12 ",
        "1.50",
        "87.5",
        "1e2",
        "-2.5E+1",
        "100.0",
        "9223372036854775807",
        "9223372036854775808",
        "123456789012345678901234567890",
        "1e400",
        "true",
        "false",
        "TRUE",
        " False",
        "yes",
        "null",
        "2023-03-31T15:30:00-07:00",
        "2023-02-29T00:00:00Z",
        "Coru\u{f1}a",
        "a\"b\\c",
        "\u{1f600}",
        "a b",
        "]]",
        "\u{7f}\u{85}\u{2028}",
    ]);
    prop_oneof![3 => known.prop_map(str::to_owned), 1 => "[ -~\u{f1}]{0,12}"]
}

/// A JSON text for a shape.
pub fn json(shape: &Shape) -> BoxedStrategy<String> {
    let fitting = match &shape.kind {
        Kind::Object(object) => {
            let fields: Vec<_> = object.fields.iter().map(json_member).collect();
            let unknown = vec(("[a-z]{1,3}", any_json()), 0..2).prop_map(|members| {
                let numbered = members.into_iter().enumerate();
                numbered
                    .map(|(n, (name, value))| format!("\"{name}.{n}\": {value}"))
                    .collect::<Vec<_>>()
            });
            (fields, unknown, prop::bool::weighted(0.03))
                .prop_map(|(fields, unknown, twice)| {
                    let mut members: Vec<String> =
                        fields.into_iter().flatten().chain(unknown).collect();
                    if twice {
                        members.extend(members.first().cloned());
                    }
                    members
                })
                .prop_shuffle()
                .prop_map(|members| format!("{{{}}}", members.join(",")))
                .boxed()
        }
        Kind::Array(array) => vec(json(&array.items), 0..4)
            .prop_map(|items| format!("[{} ]", items.join(" ,")))
            .boxed(),
        Kind::Map(map) => vec((text_literal(), json(&map.values)), 0..4)
            .prop_map(|entries| {
                let entries: Vec<String> = entries
                    .into_iter()
                    .map(|(key, value)| format!("{key}:{value}"))
                    .collect();
                format!("{{ {}}}", entries.join(","))
            })
            .boxed(),
        _ => json_scalar().boxed(),
    };
    prop_oneof![9 => fitting, 1 => any_json()].boxed()
}

fn json_member(field: &Field) -> BoxedStrategy<Option<String>> {
    let wire = field.wire.clone();
    let escaped = format!("\\u{:04x}{}", wire.as_bytes()[0], &wire[1..]);
    (
        prop::bool::weighted(0.8),
        prop::bool::weighted(0.1),
        json(&field.shape),
    )
        .prop_map(move |(is_there, escapes, value)| {
            let name = if escapes { &escaped } else { &wire };
            is_there.then(|| format!("\n\"{name}\":{value}"))
        })
        .boxed()
}

fn text_literal() -> impl Strategy<Value = String> {
    let escaped = select(vec![
        r#""\u0041\n""#,
        r#""\ud83d\ude00""#,
        r#""a\/b""#,
        r#""\u00f1""#,
        r#""\ud800""#,
        r#""\"""#,
    ]);
    prop_oneof![
        6 => scalar_text().prop_map(|text| serde_json::Value::from(text).to_string()),
        1 => escaped.prop_map(str::to_owned),
    ]
}

fn json_scalar() -> impl Strategy<Value = String> {
    let numbers = select(vec![
        "0",
        "1",
        "-0",
        "2145",
        "-7",
        "1.50",
        "87.5",
        "1e2",
        "-2.5E+1",
        "100.0",
        "9223372036854775807",
        "9223372036854775808",
        "123456789012345678901234567890",
        "1e400",
        "1E-7",
        "0.1",
    ]);
    prop_oneof![
        3 => text_literal(),
        2 => numbers.prop_map(str::to_owned),
        1 => select(vec!["true", "false", "null"]).prop_map(str::to_owned),
    ]
}

fn any_json() -> BoxedStrategy<String> {
    let empty = select(vec![
        "null", "\"\"", "\" \"", "[]", "{}", "[ ]", "{\n}", "true", "1.5",
    ]);
    let leaf = prop_oneof![empty.prop_map(str::to_owned), json_scalar()];
    leaf.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..3).prop_map(|items| format!("[{}]", items.join(","))),
            vec(inner, 0..12).prop_map(|values| {
                let numbered = values.into_iter().enumerate();
                let members: Vec<String> = numbered
                    .map(|(n, value)| format!("\"k{n}\":{value}"))
                    .collect();
                format!("{{{}}}", members.join(","))
            }),
        ]
    })
    .boxed()
}

/// An XML element of a name for a shape.
pub fn xml(name: &str, holder: &str, shape: &Shape) -> BoxedStrategy<String> {
    let name = name.to_owned();
    (
        content(holder, shape),
        prefix(),
        prop::option::weighted(0.05, Just(" xsi:nil='true'")),
    )
        .prop_map(move |((attributes, content), prefix, nil)| {
            let nil = nil.unwrap_or_default();
            match content.is_empty() {
                true => format!("<{prefix}{name}{attributes}{nil}/>"),
                false => format!("<{prefix}{name}{nil}{attributes}>{content}</{prefix}{name}>"),
            }
        })
        .boxed()
}

fn prefix() -> impl Strategy<Value = &'static str> {
    prop_oneof![5 => Just(""), 2 => Just("p:"), 1 => Just("q:")]
}

/// Attributes and content.
fn content(holder: &str, shape: &Shape) -> BoxedStrategy<(String, String)> {
    let none = Just(String::new());
    let fitting = match &shape.kind {
        Kind::Object(object) => {
            let (attributes, elements): (Vec<&Field>, Vec<&Field>) =
                object.fields.iter().partition(|field| field.xml.attribute);
            let attributes: Vec<_> = attributes.into_iter().map(attribute).collect();
            let attributes = attributes.prop_map(|attributes| attributes.concat());
            let children: Vec<_> = elements.into_iter().map(children).collect();
            (attributes, children, vec(stray(), 0..2))
                .prop_map(|(attributes, children, stray)| {
                    (
                        attributes,
                        children
                            .concat()
                            .into_iter()
                            .chain(stray)
                            .collect::<Vec<_>>(),
                    )
                })
                .prop_flat_map(|(attributes, children)| {
                    (Just(attributes), Just(children).prop_shuffle())
                })
                .prop_map(|(attributes, children)| (attributes, children.join("\n  ")))
                .boxed()
        }
        Kind::Array(array) => {
            let item = array.item_name.clone().unwrap_or_else(|| holder.to_owned());
            let items = vec(
                prop_oneof![8 => xml(&item, &item, &array.items), 1 => stray()],
                0..4,
            );
            (none, items.prop_map(|items| items.concat())).boxed()
        }
        Kind::Map(map) => {
            let entry = select(vec!["k", "l", "m"]).prop_flat_map({
                let values = map.values.clone();
                move |name| xml(name, name, &values)
            });
            (none, vec(entry, 0..3).prop_map(|entries| entries.concat())).boxed()
        }
        _ => (none, xml_text()).boxed(),
    };
    let stray_attributes = select(vec!["", " z='1'", " xml:lang='es'", " xsi:type='t'"]);
    let other = (stray_attributes, xml_text(), stray())
        .prop_map(|(attributes, text, child)| (attributes.to_owned(), text + &child));
    let empty = Just((String::new(), String::new()));
    prop_oneof![8 => fitting, 1 => other, 1 => empty].boxed()
}

fn attribute(field: &Field) -> BoxedStrategy<String> {
    let wire = field.wire.clone();
    let its = match field.xml.namespace.as_deref() {
        Some("urn:one") => "p:",
        Some(_) => "q:",
        None => "",
    };
    let prefix = prop_oneof![6 => Just(its), 1 => Just(""), 1 => Just("p:")];
    let text = scalar_text().prop_map(|text| escape(&text));
    (prop::bool::weighted(0.7), prefix, text)
        .prop_map(move |(is_there, prefix, text)| match is_there {
            true => format!(" {prefix}{wire}=\"{text}\""),
            false => String::new(),
        })
        .boxed()
}

fn children(field: &Field) -> BoxedStrategy<Vec<String>> {
    match &field.shape.kind {
        Kind::Array(array) if !field.xml.wrapped => {
            let name = array.item_name.as_deref().unwrap_or(&field.wire);
            vec(xml(name, name, &array.items), 0..4).boxed()
        }
        _ => {
            let child = xml(&field.wire, &field.wire, &field.shape);
            let count = prop_oneof![2 => Just(0), 12 => Just(1), 1 => Just(2)];
            count
                .prop_flat_map(move |count| vec(child.clone(), count))
                .boxed()
        }
    }
}

fn stray() -> impl Strategy<Value = String> {
    let known = select(vec![
        "<x/>",
        "<!-- c -->",
        "<?pi x?>",
        "text",
        " ",
        "<![CDATA[ ]]>",
        "&#10;",
        "<x><w0>1</w0></x>",
        "<item/>",
        "<w0>7</w0>",
        "<p:w1/>",
    ]);
    known.prop_map(str::to_owned)
}

fn xml_text() -> impl Strategy<Value = String> {
    let cut = (scalar_text(), scalar_text())
        .prop_map(|(a, b)| format!("{}<!-- -->{}", escape(&a), escape(&b)));
    let section = scalar_text().prop_map(|text| format!("<![CDATA[{text}]]>"));
    prop_oneof![6 => scalar_text().prop_map(|text| escape(&text)), 1 => cut, 1 => section]
}

fn escape(text: &str) -> String {
    let text = text
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;");
    text.replace('>', "&gt;")
        .replace('\n', "&#10;")
        .replace('\t', "&#x9;")
}
