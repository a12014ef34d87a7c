//! Unified JSON to XML.

use serde_json::{Value, json};
use translate::{Array, EncodeErrorKind, EncodeErrors, Encoder, Encoding, Kind, Shape, XmlPlace};

use crate::shapes::*;

fn encode(shape: Shape, value: &Value) -> Result<String, Vec<(String, EncodeErrorKind)>> {
    let encoder = Encoder {
        encoding: Encoding::Xml,
        root: Some("request".into()),
        shape,
        limit: 10_000,
    };
    match encoder.encode(value) {
        Ok(bytes) => Ok(String::from_utf8(bytes).unwrap()),
        Err(EncodeErrors::Values(errors)) => Err(errors
            .into_iter()
            .map(|error| (error.pointer, error.kind))
            .collect()),
        Err(other) => panic!("{other:?}"),
    }
}

/// The document without its declaration.
fn body(shape: Shape, value: &Value) -> String {
    let document = encode(shape, value).unwrap();
    let declaration = r#"<?xml version="1.0" encoding="UTF-8"?>"#;
    document.strip_prefix(declaration).unwrap().to_owned()
}

#[test]
fn the_request_of_the_seed() {
    let shape = object([field("url", string())]);
    assert_eq!(
        encode(shape, &json!({"url": "https://google.meet.com?a=1&b=2"})).unwrap(),
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\
         <request><url>https://google.meet.com?a=1&amp;b=2</url></request>"
    );
}

#[test]
fn hard_characters_are_escaped() {
    let shape = object([field("a", string()).attribute(), field("b", string())]);
    let hard = " ñ<&>]]>\"'\r\n\t😀 ";
    assert_eq!(
        body(shape, &json!({"a": hard, "b": hard})),
        "<request a=\" ñ&lt;&amp;&gt;]]&gt;&quot;&apos;&#13;&#10;&#9;😀 \">\
         <b> ñ&lt;&amp;&gt;]]&gt;\"'&#13;\n\t😀 </b></request>"
    );
}

#[test]
fn order_is_the_schemas_and_absence_is_no_element() {
    let shape = object([
        field("b", boolean()),
        field("a", string()),
        field("n", integer()),
        field("x", number()),
    ]);
    let value = json!({"x": 0.5, "a": "", "b": true, "unknown": 1});
    assert_eq!(
        body(shape.clone(), &value),
        "<request><b>true</b><a></a><x>0.5</x></request>"
    );
    assert_eq!(body(shape, &json!({})), "<request></request>");
}

#[test]
fn arrays_of_none_one_and_many() {
    let shape = object([
        field("authors", named_array(string(), Some("author"))).wrapped(),
        field("ids", array(integer())).wire("id"),
        field("plain", array(string())).wrapped(),
    ]);
    assert_eq!(
        body(
            shape.clone(),
            &json!({"authors": ["a", ""], "ids": [1], "plain": ["p"]})
        ),
        "<request><authors><author>a</author><author></author></authors><id>1</id>\
         <plain><plain>p</plain></plain></request>"
    );
    assert_eq!(
        body(shape.clone(), &json!({"authors": []})),
        "<request><authors></authors></request>"
    );
    let refused = encode(shape, &json!({"ids": []})).unwrap_err();
    assert_eq!(
        refused,
        [("/ids".to_owned(), EncodeErrorKind::EmptyNotRepresentable)]
    );
}

#[test]
fn arrays_of_objects_and_of_arrays() {
    let shape = object([
        field("rooms", named_array(room(), Some("room"))),
        field(
            "grid",
            named_array(named_array(integer(), Some("cell")), Some("row")),
        )
        .wrapped(),
    ]);
    let value = json!({"rooms": [{"id": "1"}, {"id": "2"}], "grid": [[1, 2], []]});
    assert_eq!(
        body(shape, &value),
        "<request><room><id>1</id></room><room><id>2</id></room>\
         <grid><row><cell>1</cell><cell>2</cell></row><row></row></grid></request>"
    );
}

#[test]
fn a_map_names_its_elements() {
    let shape = object([field("labels", map(string()))]);
    assert_eq!(
        body(shape.clone(), &json!({"labels": {"z": "1", "día": "2"}})),
        "<request><labels><z>1</z><día>2</día></labels></request>"
    );
    let refused = encode(shape, &json!({"labels": {"a b": "1", "": "2", "p:a": "3"}})).unwrap_err();
    let name = |pointer: &str, name: &str| {
        (
            pointer.to_owned(),
            EncodeErrorKind::XmlName(name.to_owned()),
        )
    };
    assert_eq!(
        refused,
        [
            name("/labels/a b", "a b"),
            name("/labels/", ""),
            name("/labels/p:a", "p:a")
        ]
    );
}

#[test]
fn namespaces_are_declared_where_they_are_first_needed() {
    let inner = object([
        field("own", string()).namespace("urn:d", None),
        field("inherited", string()),
        field("prefixed", string()).namespace("urn:p", Some("p")),
        field("id", string())
            .attribute()
            .namespace("urn:p", Some("p")),
    ]);
    let shape = object([
        field("d", inner).namespace("urn:d", None),
        field("q", string()).namespace("urn:p", Some("p")),
        field("plain", string()),
    ]);
    let value = json!({
        "d": {"own": "1", "inherited": "2", "prefixed": "3", "id": "4"}, "q": "5", "plain": "6",
    });
    assert_eq!(
        body(shape, &value),
        "<request><d xmlns=\"urn:d\" xmlns:p=\"urn:p\" p:id=\"4\"><own>1</own>\
         <inherited>2</inherited><p:prefixed>3</p:prefixed></d>\
         <p:q xmlns:p=\"urn:p\">5</p:q><plain>6</plain></request>"
    );
}

#[test]
fn an_attribute_never_rebinds_the_prefix_of_its_element() {
    let inner = object([
        field("a", string())
            .attribute()
            .namespace("urn:2", Some("p")),
        field("b", string()).attribute().namespace("urn:3", None),
    ]);
    let shape = object([field("e", inner).namespace("urn:1", Some("p"))]);
    let document = encode(shape, &json!({"e": {"a": "1", "b": "2"}})).unwrap();
    let parsed = roxmltree::Document::parse(&document).unwrap();
    let element = parsed.root_element().first_element_child().unwrap();
    assert_eq!(element.tag_name().namespace(), Some("urn:1"));
    assert_eq!(element.attribute(("urn:2", "a")), Some("1"));
    assert_eq!(element.attribute(("urn:3", "b")), Some("2"));
}

#[test]
fn items_have_a_namespace_of_their_own() {
    let items = |namespace: Option<&str>| {
        shape(Kind::Array(Box::new(Array {
            items: string(),
            item_name: Some("i".to_owned()),
            item_xml: XmlPlace {
                namespace: namespace.map(str::to_owned),
                prefix: Some("x".to_owned()),
                ..XmlPlace::default()
            },
        })))
    };
    let value = json!({"list": ["1"]});
    for (field, expected) in [
        (
            field("list", items(Some("urn:x"))),
            "<x:i xmlns:x=\"urn:x\">1</x:i>",
        ),
        (
            field("list", items(None)).namespace("urn:l", None),
            "<i xmlns=\"urn:l\">1</i>",
        ),
        (
            field("list", items(Some("urn:x")))
                .wrapped()
                .namespace("urn:l", None),
            "<list xmlns=\"urn:l\"><x:i xmlns:x=\"urn:x\">1</x:i></list>",
        ),
    ] {
        assert_eq!(
            body(object([field]), &value),
            format!("<request>{expected}</request>")
        );
    }
}

#[test]
fn what_xml_cannot_carry_is_refused_with_its_place() {
    let shape = object([
        field("a", string()),
        field("list", array(string())),
        field("attribute", string()).attribute(),
        field("id", string()).wire_integer(),
        field("none", nullable(string())),
        field("deep", object([])).attribute(),
        field("bad name", string()),
    ]);
    let value = json!({
        "a": "x\u{1}y\u{1}\u{FFFE}", "list": ["fine", "\0"], "attribute": "\u{b}", "id": "1.0",
        "none": null, "deep": {}, "bad name": "",
    });
    let mut refused = encode(shape, &value).unwrap_err();
    refused.sort_by(|a, b| a.0.cmp(&b.0));
    let forbidden =
        |pointer: &str, character| (pointer.to_owned(), EncodeErrorKind::XmlForbidden(character));
    assert_eq!(
        refused,
        [
            forbidden("/a", '\u{1}'),
            forbidden("/a", '\u{FFFE}'),
            forbidden("/attribute", '\u{b}'),
            (
                "/bad name".to_owned(),
                EncodeErrorKind::XmlName("bad name".to_owned())
            ),
            ("/deep".to_owned(), EncodeErrorKind::XmlAttribute),
            ("/id".to_owned(), EncodeErrorKind::NotWireInteger),
            forbidden("/list/1", '\0'),
            ("/none".to_owned(), EncodeErrorKind::NullNotRepresentable),
        ]
    );
    assert_eq!(
        EncodeErrorKind::XmlForbidden('\u{1}').to_string(),
        "contains U+0001, which XML 1.0 cannot carry; take that character out"
    );
}

#[test]
fn a_root_is_needed_and_the_limit_holds() {
    let mut encoder = Encoder {
        encoding: Encoding::Xml,
        root: None,
        shape: string(),
        limit: 52,
    };
    let refused = encoder.encode(&json!("a")).unwrap_err();
    assert!(matches!(&refused, EncodeErrors::Values(errors) if errors[0].code() == "root-missing"));
    encoder.root = Some("r".into());
    assert!(encoder.encode(&json!("1234567")).is_ok());
    let refused = encoder.encode(&json!("12345678"));
    assert_eq!(refused, Err(EncodeErrors::TooLarge { limit: 52 }));
}
