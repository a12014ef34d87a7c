//! A rule that stood twice: the contract's check of a name says what the codecs and readers say.

use contract::compile;
use serde_json::{Value, json};
use translate::{
    AnswerLimits, Document, Encoder, Encoding, Field, Kind, Mismatch, Object, Shape, XmlPlace,
    decode,
};
use validate::Format;

use crate::support::{NOTES, SHELF};

fn field(wire: &str, kind: Kind) -> Field {
    Field {
        name: "a".into(),
        wire: wire.to_owned(),
        required: true,
        shape: Shape {
            kind,
            nullable: false,
        },
        wire_type: None,
        xml: XmlPlace::default(),
        form: None,
    }
}

fn object(field: Field) -> Shape {
    Shape {
        kind: Kind::Object(Object {
            fields: vec![field],
        }),
        nullable: false,
    }
}

const TEXT: Kind = Kind::String { date_time: false };

/// Whether `check` takes a document in which `wrong` stands for `right`.
fn is_taken(document: &str, right: &str, wrong: &str) -> bool {
    assert!(document.contains(right), "{right}");
    compile(&document.replacen(right, wrong, 1)).is_ok()
}

fn document(encoding: Encoding, bytes: &[u8]) -> Result<Document<'_>, Mismatch> {
    Document::of(encoding, None, bytes, &AnswerLimits::default())
}

#[test]
fn a_name_that_check_takes_can_be_written_and_no_other() {
    for name in [
        "due", "ñ", "e\u{301}", "名前", "a.b-c_d", "a·b", "ª", "º", "²", "a²", "½", "\u{301}e",
        "1a", "-a", "a b", "a:b", "a/b", "×", "ⅷ",
    ] {
        let word =
            format!("due: {{x-name: '{name}', type: string, format: date-time, maxLength: 40}}");
        let due = "due: {type: string, format: date-time, maxLength: 40}";
        let taken = is_taken(SHELF, due, &word);
        let encoder = Encoder {
            encoding: Encoding::Xml,
            root: Some("request".into()),
            shape: object(field(name, TEXT)),
            limit: 1000,
        };
        let written = encoder.encode(&json!({"a": "x"}));
        assert_eq!(taken, written.is_ok(), "{name}: {written:?}");
        let text = format!("<request><{name}>x</{name}></request>");
        let read = document(Encoding::Xml, text.as_bytes())
            .and_then(|document| decode(&document, &[], &object(field(name, TEXT))));
        assert_eq!(taken, read.is_ok(), "{name}: {read:?}");
    }
}

#[test]
fn a_time_is_one_for_requests_and_for_answers() {
    let kind = Kind::String { date_time: true };
    for text in [
        "2026-12-01T10:00:00+01:00",
        "2016-12-31T23:59:60Z",
        "2017-01-01T02:59:60+03:00",
        "2016-12-31T23:59:60+03:00",
        "2016-12-31T12:00:60Z",
        "2016-12-31T23:59:61Z",
        "2016-02-30T00:00:00Z",
        "2016-12-31t23:59:59.5z",
        "2016-12-31 23:59:59Z",
    ] {
        let sent = Format::DateTime.check(text);
        let bytes = json!({"a": text}).to_string();
        let read = document(Encoding::Json, bytes.as_bytes())
            .and_then(|document| decode(&document, &[], &object(field("a", kind.clone()))));
        assert_eq!(sent.is_ok(), read.is_ok(), "{text}: {sent:?} {read:?}");
    }
}

#[test]
fn a_header_that_check_takes_is_a_token() {
    let right = "name: X-Number}";
    for name in ["X-Number", "x_n.~!", "X Number", "X:Number", "Número", ""] {
        let taken = is_taken(NOTES, right, &format!("name: '{name}'}}"));
        assert_eq!(taken, ::grammar::token::is_token(name), "{name}");
    }
}

#[test]
fn a_place_is_escaped_alike_by_all() {
    let name = "a/b~c";
    let schema = json!({
        "type": "object", "properties": {name: {"type": "integer"}}, "required": [name],
    });
    let validator = validate::Validator::compile(&schema).expect("a schema");
    let found = validator.check(&json!({name: "x"}));
    let of_request = found.iter().map(|one| one.at.to_string()).next();
    let read = document(Encoding::Json, br#"{"a/b~c":[]}"#)
        .and_then(|document| decode(&document, &[], &object(field(name, Kind::Integer))));
    let of_answer = read.expect_err("no integer").at;
    let mut wrong = field("w", Kind::Integer);
    wrong.name = name.into();
    let encoder = Encoder {
        encoding: Encoding::Json,
        root: None,
        shape: object(wrong),
        limit: 1000,
    };
    let Err(translate::EncodeErrors::Values(errors)) = encoder.encode(&json!({name: "x"})) else {
        panic!("no integer");
    };
    assert_eq!(of_request.as_deref(), Some("/a~1b~0c"));
    assert_eq!(of_answer, "/a~1b~0c");
    assert_eq!(errors[0].pointer, "/a~1b~0c");
    let named: Option<&Value> = schema.pointer("/properties/a~1b~0c");
    assert!(named.is_some());
}
