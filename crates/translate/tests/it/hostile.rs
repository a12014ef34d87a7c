//! Answers that are made to hurt.

use serde_json::json;
use translate::{AnswerLimits, Encoding, Limit, Mismatch};

use crate::read::{Document, decode};
use crate::shapes::*;

fn xml(text: &str) -> Result<Document, Mismatch> {
    Document::parse(Encoding::Xml, None, text.as_bytes())
}

fn json(text: &str) -> Result<Document, Mismatch> {
    Document::parse(Encoding::Json, None, text.as_bytes())
}

#[test]
fn no_dtd_so_no_billion_laughs_and_no_foreign_files() {
    for text in [
        "<!DOCTYPE l [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>]><l>&b;</l>",
        "<!DOCTYPE r [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><r>&x;</r>",
        "<!DOCTYPE r SYSTEM 'http://127.0.0.1/x.dtd'><r/>",
        "<!DOCTYPE r [<!ENTITY % p SYSTEM 'http://127.0.0.1/x'> %p;]><r/>",
        "<?xml version='1.0'?><!-- x --><!DOCTYPE html><html/>",
    ] {
        assert_eq!(xml(text).unwrap_err().found, "a DOCTYPE", "{text}");
    }
}

#[test]
fn depth_is_bounded() {
    for depth in [64, 65, 20_000] {
        let elements = "<a>".repeat(depth) + &"</a>".repeat(depth);
        assert_eq!(xml(&elements).is_ok(), depth <= 64, "{depth} elements");
        let arrays = "[".repeat(depth) + &"]".repeat(depth);
        assert_eq!(json(&arrays).is_ok(), depth <= 64, "{depth} arrays");
        let objects = "{\"a\":".repeat(depth - 1) + "{}" + &"}".repeat(depth - 1);
        assert_eq!(json(&objects).is_ok(), depth <= 64, "{depth} objects");
    }
    assert_eq!(
        xml(&"<a>".repeat(20_000)).unwrap_err().expected,
        "at most 64 levels"
    );
    assert_eq!(
        json(&"[".repeat(20_000)).unwrap_err().expected,
        "at most 64 levels"
    );
}

#[test]
fn attributes_and_namespaces_are_bounded() {
    let tag = |name: &str, count: usize| {
        let attributes: String = (0..count).map(|n| format!(" {name}{n}='u'")).collect();
        format!("<a{attributes}/>")
    };
    assert!(xml(&tag("b", 256)).is_ok());
    assert_eq!(
        xml(&tag("b", 257)).unwrap_err().expected,
        "at most 256 attributes"
    );
    assert_eq!(
        xml(&tag("b", 20_000)).unwrap_err().expected,
        "at most 256 attributes"
    );
    assert!(xml(&tag("xmlns:b", 20_000)).is_err());
}

#[test]
fn nodes_and_texts_are_bounded() {
    let limits = AnswerLimits {
        nodes: 10,
        text: 10,
        ..AnswerLimits::default()
    };
    let within = |encoding, text: &str| {
        Document::parse_within(encoding, None, text.as_bytes(), &limits).is_ok()
    };
    let list = |count: usize| format!("<r>{}</r>", "<a/>".repeat(count - 1));
    assert!(within(Encoding::Xml, &list(10)) && !within(Encoding::Xml, &list(11)));
    let list = |count: usize| format!("[{}1]", "1,".repeat(count - 2));
    assert!(within(Encoding::Json, &list(10)) && !within(Encoding::Json, &list(11)));
    assert!(within(Encoding::Xml, "<a>01234<!-- -->56789</a>"));
    assert!(!within(Encoding::Xml, "<a>01234<!-- -->567890</a>"));
    assert!(!within(Encoding::Xml, "<a b='01234567890'/>"));
    assert!(within(Encoding::Json, "\"12345678\"") && !within(Encoding::Json, "\"123456789\""));
    assert!(within(Encoding::Json, "1234567890") && !within(Encoding::Json, "12345678901"));
    let limits = AnswerLimits {
        nodes: 1000,
        ..AnswerLimits::default()
    };
    let wrong = |encoding, text: &str| {
        Document::parse_within(encoding, None, text.as_bytes(), &limits).unwrap_err()
    };
    let million = "<r>".to_owned() + &"<a/>".repeat(1_000_000) + "</r>";
    let wrong_xml = wrong(Encoding::Xml, &million);
    assert_eq!(wrong_xml.expected, "at most 1000 elements");
    let million = "[0".to_owned() + &",0".repeat(1_000_000) + "]";
    let wrong_json = wrong(Encoding::Json, &million);
    assert_eq!(wrong_json.expected, "at most 1000 values");
    for wrong in [wrong_xml, wrong_json] {
        assert_eq!(wrong.over, Some(Limit::Values), "large, and perhaps right");
    }
    assert_eq!(xml(&"<a>".repeat(65)).unwrap_err().over, Some(Limit::Depth));
    assert_eq!(json("[").unwrap_err().over, None);
}

#[test]
fn as_many_records_as_fit_the_default_limit_of_an_answer_are_read() {
    let full = |record: &str| record.repeat(8 * 1024 * 1024 / record.len() - 1);
    let records = full(r#"{"id":1,"name":"a"},"#);
    assert!(json(&format!("[{}]", records.trim_end_matches(','))).is_ok());
    let records = full("<r><id>1</id></r>");
    assert!(xml(&format!("<l>{records}</l>")).is_ok());
}

/// Each name against each would be 32,000 comparisons for every one of 6,000 elements.
#[test]
fn attributes_are_told_apart_in_one_pass() {
    let attributes: String = (0..256).map(|n| format!(" a{n}=''")).collect();
    let text = format!("<r>{}</r>", format!("<e{attributes}/>").repeat(1000));
    assert!(xml(&text).is_ok());
    let twice = format!("<e{attributes} a7=''/>").replacen(" a9=''", "", 1);
    assert_eq!(xml(&twice).unwrap_err().found, "one name twice");
}

/// Runs of items of two arrays that take turns: looking for the first of each would be 250,000,000,000 steps.
#[test]
fn items_that_take_turns_are_brought_together_in_one_pass() {
    let shape = object([field("b", array(integer())), field("a", array(string()))]);
    let count = 500_000;
    let text = format!("<r>{}</r>", "<a>x</a><b>1</b>".repeat(count));
    let decoded = decode(&xml(&text).unwrap(), &[], &shape).unwrap().value;
    for (name, first) in [("b", json!(1)), ("a", json!("x"))] {
        let items = decoded[name].as_array().unwrap();
        assert_eq!((items.len(), &items[count - 1]), (count, &first), "{name}");
    }
}

#[test]
fn truncated_answers_are_refused_wherever_they_end() {
    let whole = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><response><!-- ñ --><day a=\"1\" b='&lt;'>\
                 <dayId>4728&amp;</dayId><url><![CDATA[https://x]]></url><?p q?></day></response>";
    assert!(xml(whole).is_ok());
    let inside = xml("<a><b>").unwrap_err();
    assert_eq!(inside.found, "the end of the answer inside an element");
    for end in 0..whole.len() {
        let document = Document::parse(Encoding::Xml, None, &whole.as_bytes()[..end]);
        assert!(document.is_err(), "cut at byte {end}");
    }
    let whole = r#"{"items":[{"id":2145,"name":"Coru\u00f1a ñ","x":[true,null,-1.5e+3]}]}"#;
    assert!(json(whole).is_ok());
    for end in 0..whole.len() {
        let document = Document::parse(Encoding::Json, None, &whole.as_bytes()[..end]);
        assert!(document.is_err(), "cut at byte {end}");
    }
}

#[test]
fn a_form_and_a_foreign_type_are_no_answers() {
    assert!(Document::parse(Encoding::Form, None, b"a=b").is_err());
    let page = b"<html><title>Log in</title></html>";
    let wrong = Document::parse(Encoding::Xml, Some("text/html; charset=utf-8"), page).unwrap_err();
    assert_eq!(wrong.found, "an HTML page");
    assert_eq!(wrong.expected, "content type application/xml");
    assert!(wrong.excerpt.contains("Log in"));
    assert!(Document::parse(Encoding::Json, Some("application/xml"), b"{}").is_err());
}

#[test]
fn no_text_of_the_vendor_stands_in_what_a_caller_may_read() {
    let secret = "s3cr3t";
    for text in [
        format!("<{secret}"),
        format!("<r><a>{secret}</a></r>"),
        format!("<r>{secret}</r>"),
        format!("<{secret}><{secret}/></{secret}>"),
        format!("<r {secret}='{secret}' {secret}=''/>"),
        format!("<r>&{secret};</r>"),
    ] {
        let shape = object([field("a", integer()).required()]);
        let wrong = xml(&text)
            .and_then(|document| decode(&document, &[], &shape))
            .unwrap_err();
        assert!(!wrong.to_string().contains(secret), "{wrong}");
        assert!(wrong.excerpt.contains(secret), "{}", wrong.excerpt);
    }
}

#[test]
fn one_name_twice_is_refused_among_few_and_among_many() {
    for count in [2, 3, 8, 9, 500] {
        let members = |last: usize| {
            let names = (0..count - 1).chain([last]);
            let members: Vec<String> = names.map(|n| format!("\"n{n}\":0")).collect();
            json(&format!("[{{{}}}]", members.join(",")))
        };
        assert!(members(count).is_ok(), "{count}");
        for last in [0, count / 2 - 1, count - 2] {
            let wrong = members(last).unwrap_err();
            assert_eq!(wrong.expected, "members with different names");
            assert_eq!(wrong.found, "one name twice (byte 1)", "{count} {last}");
        }
    }
}
