//! XML to unified JSON.

use serde_json::{Value, json};
use translate::{Encoding, Mismatch, Shape};

use crate::read::{Decoded, Document, decode};
use crate::shapes::*;

fn decoded(shape: &Shape, at: &[Vec<String>], text: &str) -> Result<Decoded, Mismatch> {
    let document = Document::parse(Encoding::Xml, Some("application/xml"), text.as_bytes())?;
    decode(&document, at, shape)
}

/// Of an object at the root.
fn value(shape: &Shape, text: &str) -> Value {
    decoded(shape, &[], text).unwrap().value
}

fn mismatch(shape: &Shape, text: &str) -> (String, String, String) {
    let mismatch = decoded(shape, &[], text).unwrap_err();
    (mismatch.at, mismatch.expected, mismatch.found)
}

fn told(at: &str, expected: &str, found: &str) -> (String, String, String) {
    (at.to_owned(), expected.to_owned(), found.to_owned())
}

#[test]
fn both_wrappings_of_the_training_day() {
    let at = [path("response/day"), path("response")];
    let fields = "<dayId>4728d47a</dayId><sessionId>s</sessionId>\n\
                  <startTime>2023-03-31T15:30:00-07:00</startTime><location> A Coruña </location>\
                  <duration>\n 5400 </duration>";
    let expected = json!({
        "day_id": "4728d47a", "start_time": "2023-03-31T15:30:00-07:00",
        "location": " A Coruña ", "duration": 5400,
    });
    for text in [
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<response><day>{fields}</day></response>\n"
        ),
        format!("<response>{fields}</response>"),
    ] {
        let decoded = decoded(&day(), &at, &text).unwrap();
        assert_eq!(
            (&decoded.value, decoded.unknown_fields),
            (&expected, 1),
            "{text}"
        );
    }
    let wrong = decoded(&day(), &at, "<error><day/></error>").unwrap_err();
    assert_eq!(wrong.expected, "`response/day` or `response`");
    let twice = "<response><day/><day/></response>";
    let wrong = decoded(&day(), &at, twice).unwrap_err();
    assert_eq!(
        (&*wrong.at, &*wrong.found),
        ("/response/day", "a repeated element")
    );
}

#[test]
fn pieces_of_text_are_joined_exactly() {
    let shape = object([field("a", string())]);
    for (text, joined) in [
        ("x<![CDATA[<y>&amp;]]>z", "x<y>&amp;z"),
        ("<![CDATA[a]]]]><![CDATA[>b]]>", "a]]>b"),
        ("a<!-- no -->b<?pi no?>c", "abc"),
        ("&lt;&gt;&amp;&quot;&apos;", "<>&\"'"),
        ("&#xF1;&#241;&#x1F600;", "ññ😀"),
        ("a\r\nb\rc&#13;\nd&#xD;", "a\nb\nc\r\nd\r"),
        ("<![CDATA[\r\n]]>", "\n"),
        ("  blanks\t\n ", "  blanks\t\n "),
        ("<![CDATA[]]>", ""),
        ("a]]b>c", "a]]b>c"),
        ("a > b", "a > b"),
    ] {
        assert_eq!(
            value(&shape, &format!("<r><a>{text}</a></r>")),
            json!({"a": joined}),
            "{text}"
        );
    }
}

#[test]
fn an_empty_element_is_an_empty_string_and_absence_elsewhere() {
    let shape = object([
        field("s", string()),
        field("i", integer()),
        field("n", number()),
        field("b", boolean()),
        field("d", date_time()),
        field("o", object([field("x", string())])),
        field("l", array(string())).wrapped(),
        field("m", map(string())),
    ]);
    let expected = json!({"s": "", "l": [], "m": {}});
    let (mut long, mut short) = (String::new(), String::new());
    for name in ["s", "i", "n", "b", "d", "o", "l", "m"] {
        long += &format!("<{name}></{name}>");
        short += &format!("<{name}/>");
    }
    assert_eq!(value(&shape, &format!("<r>{long}</r>")), expected);
    assert_eq!(value(&shape, &format!("<r>{short}</r>")), expected);
    assert_eq!(value(&shape, "<r><i> </i></r>"), json!({"l": []}));
    let required = object([field("i", integer()).required()]);
    assert_eq!(
        mismatch(&required, "<r><i/></r>"),
        told("/i", "an integer", "nothing")
    );
}

#[test]
fn nil_is_absence() {
    let xsi = "xmlns:x='http://www.w3.org/2001/XMLSchema-instance'";
    let shape = object([
        field("s", string()),
        field("n", nullable(string())).required(),
        field("list", array(nullable(string()))),
    ]);
    let text = format!(
        "<r {xsi}><s x:nil='true'>text</s><n x:nil=' 1 '/><list x:nil='true'/><list x:nil='false'>a</list></r>"
    );
    assert_eq!(
        value(&shape, &text),
        json!({"n": null, "list": [null, "a"]})
    );
    let other = "<r xmlns:x='urn:other'><s x:nil='true'>text</s><n/></r>";
    let decoded = decoded(&shape, &[], other).unwrap();
    assert_eq!(decoded.value, json!({"s": "text", "n": "", "list": []}));
    assert_eq!(
        decoded.unknown_fields, 1,
        "an attribute of another namespace"
    );
    let required = object([field("s", string()).required()]);
    let text = format!("<r {xsi}><s x:nil='true'/></r>");
    assert_eq!(
        mismatch(&required, &text),
        told("/s", "a string", "nothing")
    );
}

#[test]
fn arrays_of_none_one_and_many() {
    let shape = object([
        field("authors", named_array(string(), Some("author"))).wrapped(),
        field("ids", array(integer())).wire("id"),
        field("rooms", named_array(room(), Some("room"))),
    ]);
    for (text, expected) in [
        ("", json!({"authors": [], "ids": [], "rooms": []})),
        ("<authors/>", json!({"authors": [], "ids": [], "rooms": []})),
        (
            "<authors><author>a</author></authors><id>1</id><room><id>7</id></room>",
            json!({"authors": ["a"], "ids": [1], "rooms": [{"id": "7"}]}),
        ),
        (
            "<id>1</id><authors><author>a</author><other/><author/></authors><id> 2 </id>",
            json!({"authors": ["a", ""], "ids": [1, 2], "rooms": []}),
        ),
    ] {
        assert_eq!(value(&shape, &format!("<r>{text}</r>")), expected, "{text}");
    }
    for (text, at, found) in [
        ("<authors/><authors/>", "/authors", "a repeated element"),
        ("<authors>a</authors>", "/authors", "text"),
        ("<id>1</id><id>x</id>", "/id/1", "other text"),
        ("<id>1</id><id/>", "/id/1", "an empty element"),
        ("<room/>", "/rooms/0/id", "nothing"),
    ] {
        let wrong = decoded(&shape, &[], &format!("<r>{text}</r>")).unwrap_err();
        assert_eq!((&*wrong.at, &*wrong.found), (at, found), "{text}");
    }
}

#[test]
fn an_array_at_the_root_has_its_element_for_a_wrapper() {
    let text = "<response><room><id>1</id></room><paging/><room><id>2</id></room></response>";
    let named = named_array(room(), Some("room"));
    let decoded = decoded(&named, &[path("response")], text).unwrap();
    assert_eq!(decoded.value, json!([{"id": "1"}, {"id": "2"}]));
    assert_eq!(decoded.unknown_fields, 1);
    assert_eq!(
        value(&array(string()), "<r><x>1</x><y>2</y></r>"),
        json!(["1", "2"])
    );
}

#[test]
fn attributes() {
    let shape = object([
        field("id", integer()).attribute(),
        field("note", string()).attribute(),
        field("name", string()),
        field("far", string())
            .attribute()
            .namespace("urn:far", None),
    ]);
    let text = "<r id=' 7 ' note='a&#10;b\n c' other='x' f:far='y' f:id='no' xmlns:f='urn:far' xml:lang='es'><name>n</name></r>";
    let decoded = decoded(&shape, &[], text).unwrap();
    assert_eq!(
        decoded.value,
        json!({"id": 7, "note": "a\nb  c", "name": "n", "far": "y"})
    );
    assert_eq!(decoded.unknown_fields, 2, "other and f:id");
    let only = object([field("link", object([field("href", string()).attribute()]))]);
    assert_eq!(
        value(&only, "<r><link href='h'/></r>"),
        json!({"link": {"href": "h"}})
    );
}

#[test]
fn local_names_match_and_declared_namespaces_must() {
    let shape = object([
        field("a", string()),
        field("b", string()).namespace("urn:b", Some("ignored")),
    ]);
    let text = "<r xmlns='urn:r' xmlns:p='urn:b'><p:a>1</p:a><b>no</b><p:b>2</p:b><x xmlns='urn:b'><b/></x></r>";
    let read = decoded(&shape, &[], text).unwrap();
    assert_eq!(
        (read.value, read.unknown_fields),
        (json!({"a": "1", "b": "2"}), 2)
    );
    let text = "<r><b xmlns='urn:b'>3</b></r>";
    assert_eq!(value(&shape, text), json!({"b": "3"}));
    let escaped = object([field("b", string()).namespace("urn:b?x=1&y=2", None)]);
    let text = "<r><b xmlns='urn:b?x=1&amp;y=2'>4</b></r>";
    assert_eq!(value(&escaped, text), json!({"b": "4"}));
}

#[test]
fn maps() {
    let shape = object([field("labels", map(integer()))]);
    let text = "<r><labels><b>1</b><a> 2</a><c/></labels></r>";
    assert_eq!(
        value(&shape, text).to_string(),
        r#"{"labels":{"b":1,"a":2}}"#
    );
    let twice = "<r><labels><a>1</a><a>2</a></labels></r>";
    assert_eq!(
        mismatch(&shape, twice),
        told(
            "/labels/a",
            "one element with an integer",
            "a repeated element"
        )
    );
}

#[test]
fn what_the_schema_does_not_allow() {
    let shape = object([
        field("s", string()),
        field("i", integer()),
        field("o", object([field("x", string())])),
    ]);
    for (text, at, expected, found) in [
        ("<s><x/></s>", "/s", "a string", "child elements"),
        (
            "<s>1</s><s>2</s>",
            "/s",
            "one element with a string",
            "a repeated element",
        ),
        ("<i>1 2</i>", "/i", "an integer", "other text"),
        ("<i>1.0</i>", "/i", "an integer", "other text"),
        (
            "<i>9223372036854775808</i>",
            "/i",
            "an integer",
            "other text",
        ),
        ("<o>text</o>", "/o", "an object", "text"),
        ("text", "", "an object", "text"),
    ] {
        let told = told(at, expected, found);
        assert_eq!(mismatch(&shape, &format!("<r>{text}</r>")), told, "{text}");
    }
}

#[test]
fn what_is_not_well_formed_is_refused() {
    for text in [
        "",
        " ",
        "text",
        "<a>",
        "<a><b></a>",
        "<a></b>",
        "</a>",
        "<a/><b/>",
        "<a/>text",
        "text<a/>",
        "<a/>&amp;",
        "<a/><![CDATA[]]>",
        "<!DOCTYPE a><a/>",
        "<!doctype a><a/>",
        "<a>&nbsp;</a>",
        "<a>&x;</a>",
        "<a>&</a>",
        "<a>&amp</a>",
        "<a>&#0;</a>",
        "<a>&#xFFFE;</a>",
        "<a>&#x1F;</a>",
        "<a>&#xD800;</a>",
        "<a>&#X41;</a>",
        "<a>&#;</a>",
        "<a>&#+65;</a>",
        "<a>\u{1}</a>",
        "<a>]]></a>",
        "<a b=\"1\" b=\"2\"/>",
        "<a xmlns:p='u' xmlns:q='u' p:b='1' q:b='2'/>",
        "<p:a/>",
        "<a p:b=''/>",
        "<a b=1/>",
        "<a b/>",
        "<a b='1'c='2'/>",
        "<a b='<'/>",
        "<a b='&x;'/>",
        "<a b='&#0;'/>",
        "<a b='&#x1F;'/>",
        "<a b='&#xFFFE;'/>",
        "<1a/>",
        "<a:b:c/>",
        "<:a/>",
        "<xmlns:a/>",
        "<a xmlns:p=''/>",
        // Namespaces in XML 1.0 section 3, in every spelling.
        "<a xmlns='http://www.w3.org/XML/1998/namespace'/>",
        "<a xmlns='http://www.w3.org/2000/xmlns/'/>",
        "<a><b xmlns='http://www.w3.org/XML/1998/namespac&#101;'/></a>",
        "<a xmlns:p='http://www.w3.org/XML/1998/namespace'/>",
        "<a xmlns:p='http://www.w3.org/XML/1998/namespac&#x65;'/>",
        "<a xmlns:p='http://www.w3.org/2000/xmlns/'/>",
        "<a xmlns:xmlns='http://www.w3.org/2000/xmlns/'/>",
        "<a xmlns:xmlns='u'/>",
        "<a xmlns:xml='u'/>",
        "<a xmlns:xml=''/>",
        "<a xmlns:1='u'/>",
        "<a xmlns='u' xmlns='v'/>",
        // Section 6.3: equal only after expansion, also where the declarations differ in spelling.
        "<a xmlns:p='u&#97;' xmlns:q='ua' p:b='1' q:b='2'/>",
        "<a xmlns:p='u' p:b='1' p:b='2'/>",
        "<a><xmlns:b/></a>",
        "<a xmlns:p='u'><b xmlns:p='v'/><q:c/></a>",
        "<a><p:b xmlns:p='u'/><p:c/></a>",
        "< a/>",
        "<a / >",
        "<a><!-- -- --></a>",
        "<a><!-- --->",
        "<a><?xml version='1.0'?></a>",
        " <?xml version='1.0'?><a/>",
        "<?xml version='2.0'?><a/>",
        "<?xml encoding='UTF-8'?><a/>",
        "<?xml?><a/>",
        "<?xml version='1.0' standalone='yes' encoding='UTF-8'?><a/>",
        "<a><?XML x?></a>",
        "<a><??></a>",
        "<a><![CDATA[x]]</a>",
        "<a b='1",
        "<a",
        "<",
        "<a><!",
        "\u{feff}\u{feff}<a/>",
        "<a></a b='1'>",
        "<html><br></html>",
        "{\"a\":1}",
    ] {
        let document = Document::parse(Encoding::Xml, None, text.as_bytes());
        assert!(document.is_err(), "{text:?}");
    }
    for text in [
        "<a/>",
        "\u{feff}<a/>",
        "<?xml version='1.0'?>\n<!-- c --><?p?><a/><!-- c -->\n<?p?>",
        "<?xml version='1.1' encoding='utf-8' standalone='no' ?><a />",
        "<a b = '1'\n\tc=\">\"></a >",
        "<p:a xmlns:p='u' p:b='1' b='2'/>",
        "<a xmlns='u'><b xmlns=''/></a>",
        "<a xmlns='http://www.w3.org/xml/1998/namespace'/>",
        "<a xmlns:xml='http://www.w3.org/XML/1998/namespace' xml:lang='es'/>",
        "<xml:a/>",
        "<a xmlns:p='u' xmlns:q='v' p:b='1' q:b='2'/>",
        "<a xmlns='u' xmlns:p='u' b='1' p:b='2'/>",
        "<a xmlns:p='u'><b xmlns:p='v' p:c=''/></a>",
        "<a>\u{85}\u{7f}\u{fffd}</a>",
        "<ñ/>",
    ] {
        assert!(
            Document::parse(Encoding::Xml, None, text.as_bytes()).is_ok(),
            "{text:?}"
        );
    }
}
