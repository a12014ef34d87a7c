//! Answers with a success status.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};
use translate::answer::{
    AnswerPlan, BodyRule, ErrorMap, ErrorRow, FailsIf, Missing, Produced, Producer, Success,
    Successes, VendorErrors,
};
use translate::{
    Answer, AnswerLimits, Called, Context, Encoding, MatchedBy, Mismatch, Shape, Verdict, judge,
};

use crate::shapes::*;

fn produce(to: &str, from: Produced) -> Producer {
    Producer {
        to: place(to),
        from,
    }
}

fn location(missing: Missing) -> Produced {
    Produced::Location {
        segment_after: "id".to_owned(),
        missing,
    }
}

fn success(
    body: BodyRule,
    shape: Option<Shape>,
    producers: Vec<Producer>,
) -> Success<&'static str> {
    Success {
        statuses: vec![200, 201, 204],
        body,
        at: Vec::new(),
        namespace: None,
        fails_if: None,
        producers,
        shape,
        emit: "what callers are sent",
    }
}

/// One call: what the tests vary.
struct Call {
    encoding: Encoding,
    status: u16,
    content_type: Option<&'static str>,
    location: Option<&'static str>,
    request: Option<Value>,
    whole: bool,
}

const JSON: Call = Call {
    encoding: Encoding::Json,
    status: 200,
    content_type: Some("application/json;charset=UTF-8"),
    location: None,
    request: None,
    whole: true,
};

const XML: Call = Call {
    encoding: Encoding::Xml,
    content_type: Some("application/xml"),
    ..JSON
};

impl Call {
    fn judge(&self, success: &Success<&'static str>, body: &str) -> Verdict<&'static str> {
        let plan = AnswerPlan {
            encoding: self.encoding,
            success: Successes::new([success.clone()]).unwrap(),
            errors: ErrorMap::default(),
            vendor: VendorErrors {
                message_json: vec![place("message")],
                ..VendorErrors::default()
            },
        };
        let answer = Answer {
            status: self.status,
            content_type: self.content_type,
            header: &|name| match name {
                "location" => self.location,
                "x-total" => Some("42"),
                "x-blank" => Some(" "),
                _ => None,
            },
            body: body.as_bytes(),
            whole: self.whole,
            limits: AnswerLimits::default(),
        };
        let base = "https://vendor.example/base".parse().unwrap();
        let context = Context {
            request: self.request.as_ref().map(Into::into),
            path: &BTreeMap::from([("day_id".to_owned(), "d-1".parse().unwrap())]),
            called: Some(Called {
                base: &base,
                target: "",
            }),
            usable_segment: &|segment| segment.bytes().all(|byte| byte.is_ascii_digit()),
        };
        judge(&plan, &answer, &context)
    }

    fn value(&self, success: &Success<&'static str>, body: &str) -> Value {
        match self.judge(success, body) {
            Verdict::Success { entry, value, .. } => {
                assert_eq!(*entry, *success);
                let text = value.unwrap();
                let value = text.value();
                assert_eq!(text.as_str(), value.to_string(), "one spelling");
                value
            }
            other => panic!("{other:?}"),
        }
    }

    fn unclear(&self, success: &Success<&'static str>, body: &str) -> Mismatch {
        match self.judge(success, body) {
            Verdict::Unclear(mismatch) => mismatch,
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_list_and_its_empty_spellings() {
    let list = object([
        field("items", array(room())).required(),
        field("next_cursor", nullable(string())).required(),
    ]);
    let read = success(
        BodyRule::Required,
        Some(list.clone()),
        vec![produce("items", Produced::Body)],
    );
    let text = r#"[{"id":1},{"id":2,"kind":"x"}]"#;
    assert_eq!(
        JSON.value(&read, text),
        json!({"items": [{"id": "1"}, {"id": "2"}], "next_cursor": null})
    );
    assert!(matches!(
        JSON.judge(&read, text),
        Verdict::Success {
            unknown_fields: 1,
            ..
        }
    ));
    let none = success(
        BodyRule::Ignored,
        Some(list),
        vec![produce("items", Produced::Empty)],
    );
    let call = Call {
        status: 204,
        content_type: Some("text/html"),
        ..JSON
    };
    assert_eq!(
        call.value(&none, ""),
        json!({"items": [], "next_cursor": null})
    );
    assert_eq!(JSON.unclear(&read, "").found, "an empty body");
    assert_eq!(JSON.unclear(&read, "[{\"id\":1},{}]").at, "/1/id");
}

#[test]
fn the_content_type_must_be_declared_or_absent() {
    let ignored = success(BodyRule::Ignored, None, Vec::new());
    for content_type in [None, Some("text/json"), Some("application/hal+json; v=1")] {
        let call = Call {
            content_type,
            ..JSON
        };
        assert!(matches!(
            call.judge(&ignored, "not json"),
            Verdict::Success { value: None, .. }
        ));
    }
    for content_type in ["text/html", "text/plain", "application/xml", ""] {
        let call = Call {
            content_type: Some(content_type),
            ..JSON
        };
        assert!(
            matches!(call.judge(&ignored, "<p>"), Verdict::Unclear(_)),
            "{content_type}"
        );
        // Where there is no content, there is no type to judge.
        let optional = success(BodyRule::Optional, None, Vec::new());
        for nothing in ["", "\r\n", " \t", "\u{feff}", "\u{feff}\n"] {
            for entry in [&ignored, &optional] {
                let verdict = call.judge(entry, nothing);
                let done = matches!(verdict, Verdict::Success { value: None, .. });
                assert!(done, "{content_type} {nothing:?}: {verdict:?}");
            }
            let required = success(BodyRule::Required, Some(string()), Vec::new());
            let mismatch = call.unclear(&required, nothing);
            assert_eq!(mismatch.found, "an empty body", "{content_type}");
            // What was cut before its first byte had content all the same.
            let cut = Call {
                content_type: Some(content_type),
                whole: false,
                ..JSON
            };
            for entry in [&ignored, &optional, &required] {
                let verdict = cut.judge(entry, nothing);
                assert!(matches!(verdict, Verdict::Unclear(_)), "{verdict:?}");
            }
        }
        for status in [204, 205] {
            let call = Call {
                status,
                content_type: Some(content_type),
                ..JSON
            };
            let mut entry = ignored.clone();
            entry.statuses.push(205);
            assert!(matches!(call.judge(&entry, ""), Verdict::Success { .. }));
        }
    }
}

#[test]
fn the_created_room() {
    let shape = object([
        field("id", string()),
        field("external_id", string()),
        field("name", string()),
    ]);
    let create = |missing| {
        success(
            BodyRule::Ignored,
            Some(shape.clone()),
            vec![
                produce("id", location(missing)),
                produce("", Produced::Request(place(""))),
            ],
        )
    };
    let request = json!({"name": "Sala", "external_id": "pr001", "kind": "dropped", "id": null});
    let call = |location| Call {
        status: 201,
        content_type: None,
        location,
        request: Some(request.clone()),
        ..JSON
    };
    let found = call(Some("/x/id/2145")).judge(&create(Missing::LookUp), "");
    assert_eq!(
        found,
        Verdict::Success {
            entry: Arc::new(create(Missing::LookUp)),
            value: Some((&json!({"id": "2145", "external_id": "pr001", "name": "Sala"})).into()),
            look_up: Vec::new(),
            unknown_fields: 0,
            lenient_values: 0,
        }
    );
    let Verdict::Success {
        value: Some(value), ..
    } = found
    else {
        panic!()
    };
    assert_eq!(
        value.as_str(),
        r#"{"id":"2145","external_id":"pr001","name":"Sala"}"#
    );
    for odd in [
        None,
        Some("https://evil.example/id/1"),
        Some("/id/../1"),
        Some("/id/abc"),
        Some("/rooms/7"),
    ] {
        for (missing, asked) in [
            (Missing::LookUp, vec![place("id")]),
            (Missing::Omit, Vec::new()),
        ] {
            let Verdict::Success { value, look_up, .. } = call(odd).judge(&create(missing), "")
            else {
                panic!("{odd:?}")
            };
            assert_eq!(
                value.map(|text| text.value()),
                Some(json!({"external_id": "pr001", "name": "Sala"}))
            );
            assert_eq!(look_up, asked);
        }
    }
}

#[test]
fn a_location_may_be_an_integer_and_a_later_producer_makes_up_for_it() {
    let shape = object([field("id", integer()).required()]);
    let entry = success(
        BodyRule::Optional,
        Some(shape),
        vec![
            produce("id", location(Missing::LookUp)),
            produce("", Produced::Body),
        ],
    );
    let call = Call {
        location: Some("id/7"),
        ..JSON
    };
    assert_eq!(call.value(&entry, ""), json!({"id": 7}));
    assert_eq!(
        call.value(&entry, r#"{"id":8}"#),
        json!({"id": 7}),
        "the first wins"
    );
    let verdict = JSON.judge(&entry, r#"{"id":8}"#);
    assert!(matches!(verdict, Verdict::Success { look_up, value, .. }
        if look_up.is_empty() && value.as_ref().is_some_and(|text| text.as_str() == r#"{"id":8}"#)));
}

#[test]
fn the_updated_training_day() {
    let mut entry = success(
        BodyRule::Optional,
        Some(day()),
        vec![
            produce("day_id", Produced::Path("day_id".to_owned())),
            produce("url", Produced::Request(place("url"))),
            produce("", Produced::Body),
        ],
    );
    entry.at = vec![path("response/day"), path("response")];
    let call = Call {
        request: Some(json!({"url": "https://x"})),
        ..XML
    };
    let echo = json!({"day_id": "d-1", "url": "https://x"});
    assert_eq!(call.value(&entry, ""), echo);
    assert_eq!(call.value(&entry, "<response/>"), echo);
    assert_eq!(call.value(&entry, "<response><day/></response>"), echo);
    let body = "<response><day><url>https://old</url><location>L</location></day></response>";
    assert_eq!(
        call.value(&entry, body).to_string(),
        r#"{"day_id":"d-1","location":"L","url":"https://x"}"#
    );
    assert_eq!(call.value(&entry, " \n"), echo, "blanks are no content");
    for body in [
        "OK",
        "<ok/>",
        "<response><duration>long</duration></response>",
        "<response>",
    ] {
        call.unclear(&entry, body);
    }
}

#[test]
fn a_required_field_that_nobody_gives_is_unclear() {
    let shape = object([
        field(
            "a",
            object([field("x", string()).required(), field("y", string())]),
        ),
        field("b", string()).required(),
    ]);
    let entry = success(
        BodyRule::Required,
        Some(shape),
        vec![
            produce("a/x", Produced::Header("x-total".to_owned())),
            produce("", Produced::Body),
        ],
    );
    assert_eq!(
        JSON.value(&entry, r#"{"b":"1","a":{"y":"2","x":"3"}}"#),
        json!({"a": {"x": "42", "y": "2"}, "b": "1"})
    );
    assert_eq!(
        JSON.value(&entry, r#"{"b":"1"}"#),
        json!({"a": {"x": "42"}, "b": "1"})
    );
    let wrong = JSON.unclear(&entry, r#"{"a":{}}"#);
    assert_eq!(
        (&*wrong.at, &*wrong.found, &*wrong.excerpt),
        ("/b", "nothing", r#"{\"a\":{}}"#)
    );
}

#[test]
fn an_object_may_come_from_the_request_and_the_body() {
    let inner = object([
        field("x", string()).required(),
        field("y", string()).required(),
    ]);
    let entry = success(
        BodyRule::Required,
        Some(object([field("a", inner)])),
        vec![
            produce("", Produced::Request(place(""))),
            produce("a", Produced::Body),
        ],
    );
    let call = Call {
        request: Some(json!({"a": {"x": "sent"}})),
        ..JSON
    };
    assert_eq!(
        call.value(&entry, r#"{"y":"read"}"#),
        json!({"a": {"x": "sent", "y": "read"}})
    );
    assert_eq!(call.unclear(&entry, r#"{"x":"read"}"#).at, "/a/y");
}

#[test]
fn a_header_is_converted_or_the_answer_is_unclear() {
    let entry = |shape| {
        success(
            BodyRule::Ignored,
            Some(object([field("total", shape)])),
            vec![produce("total", Produced::Header("x-total".to_owned()))],
        )
    };
    assert_eq!(JSON.value(&entry(integer()), ""), json!({"total": 42}));
    assert_eq!(JSON.value(&entry(string()), ""), json!({"total": "42"}));
    assert_eq!(JSON.unclear(&entry(boolean()), "").at, "/total");
    let mut blank = entry(integer());
    blank.producers = vec![produce("total", Produced::Header("x-blank".to_owned()))];
    let verdict = JSON.judge(&blank, "");
    assert!(
        matches!(&verdict, Verdict::Success { value: Some(value), lenient_values: 1, .. }
            if value.as_str() == "{}"),
        "{verdict:?}"
    );
}

#[test]
fn items_in_xml_bear_the_name_of_their_property() {
    let shape = object([field("items", array(room())).wire("room").required()]);
    let mut entry = success(
        BodyRule::Required,
        Some(shape),
        vec![produce("items", Produced::Body)],
    );
    entry.at = vec![path("rooms")];
    let body = "<rooms><total>1</total><room><id>7</id></room></rooms>";
    assert_eq!(XML.value(&entry, body), json!({"items": [{"id": "7"}]}));
    assert_eq!(XML.value(&entry, "<rooms/>"), json!({"items": []}));
}

#[test]
fn a_body_without_a_shape_must_still_be_read() {
    let entry = success(BodyRule::Optional, None, Vec::new());
    assert!(matches!(
        JSON.judge(&entry, "{}"),
        Verdict::Success { value: None, .. }
    ));
    assert!(matches!(JSON.judge(&entry, "{"), Verdict::Unclear(_)));
    assert!(matches!(JSON.judge(&entry, ""), Verdict::Success { .. }));
}

#[test]
fn a_success_that_says_it_is_a_failure() {
    let row = ErrorRow {
        problem: Arc::from("some-students-not-added"),
        pointer: None,
        outcome_unknown: true,
    };
    let mut entry = success(BodyRule::Optional, None, Vec::new());
    entry.fails_if = Some(FailsIf {
        at: place("status"),
        equals: "KO".to_owned(),
        row: Some(row.clone()),
        items: Some(place("ids")),
    });
    let call = Call {
        request: Some(json!({"ids": ["3", "5", "7"], "more": [{"id": 5}]})),
        ..JSON
    };
    let body = r#"{"status":"KO","ids":[5,7,9],"message":"no"}"#;
    let Verdict::Problem {
        row: found,
        by,
        vendor,
        items,
    } = call.judge(&entry, body)
    else {
        panic!()
    };
    assert_eq!((found, by), (row, MatchedBy::FailsIf));
    assert_eq!(items, ["/ids/1", "/ids/2", "/more/0/id"]);
    assert_eq!(
        (vendor.status, vendor.message.as_deref()),
        (200, Some("no"))
    );
    let many = Call {
        request: Some(json!({"ids": vec!["5"; 500]})),
        ..JSON
    };
    assert!(
        matches!(many.judge(&entry, body), Verdict::Problem { items, .. } if items.len() == 100)
    );
    for fine in ["", "{}", r#"{"status":"OK"}"#, r#"{"status":["x"]}"#, "[]"] {
        assert!(
            matches!(call.judge(&entry, fine), Verdict::Success { .. }),
            "{fine}"
        );
    }
    entry.fails_if.as_mut().unwrap().row = None;
    let wrong = call.unclear(&entry, body);
    assert_eq!(
        (&*wrong.at, &*wrong.expected),
        ("/status", "anything but `KO`")
    );
    assert!(
        matches!(call.judge(&entry, "KO"), Verdict::Unclear(_)),
        "not JSON"
    );
}

#[test]
fn a_failure_in_xml() {
    let mut entry = success(BodyRule::Required, None, Vec::new());
    entry.fails_if = Some(FailsIf {
        at: place("response/result/status"),
        equals: "KO".to_owned(),
        row: None,
        items: None,
    });
    let body = "<response><result><status>OK</status></result><result><status> KO </status></result></response>";
    XML.unclear(&entry, body);
    assert!(matches!(
        XML.judge(&entry, "<response/>"),
        Verdict::Success { .. }
    ));
}

#[test]
fn the_first_entry_whose_status_fits() {
    let entry = |statuses: &[u16]| Success {
        statuses: statuses.to_vec(),
        ..success(BodyRule::Ignored, None, Vec::new())
    };
    let plan = AnswerPlan {
        encoding: Encoding::Json,
        success: Successes::new([entry(&[200]), entry(&[204, 206]), entry(&[204])]).unwrap(),
        errors: ErrorMap::default(),
        vendor: VendorErrors::default(),
    };
    let answer = Answer {
        status: 204,
        content_type: None,
        header: &|_| None,
        body: b"",
        whole: true,
        limits: AnswerLimits::default(),
    };
    let base = "https://vendor.example".parse().unwrap();
    let context = Context {
        request: None,
        path: &BTreeMap::new(),
        called: Some(Called {
            base: &base,
            target: "",
        }),
        usable_segment: &|_| true,
    };
    assert!(matches!(
        judge(&plan, &answer, &context),
        Verdict::Success { entry, .. } if entry.statuses == [204, 206]
    ));
}

#[test]
fn a_foreign_root_is_no_success_of_an_entry_that_looks_for_a_failure() {
    let mut entry = success(BodyRule::Optional, None, Vec::new());
    entry.at = vec![Vec::new()];
    entry.fails_if = Some(FailsIf {
        at: place("rsp/stat"),
        equals: "fail".to_owned(),
        row: None,
        items: None,
    });
    let done =
        |entry: &Success<_>, body: &str| matches!(XML.judge(entry, body), Verdict::Success { .. });
    for fine in [
        "",
        "<rsp/>",
        "<rsp><stat>ok</stat></rsp>",
        "<x:rsp xmlns:x='urn:x'/>",
    ] {
        assert!(done(&entry, fine), "{fine}");
    }
    for foreign in [
        "<error><stat>fail</stat></error>",
        "<html><body/></html>",
        "<ok/>",
    ] {
        assert_eq!(
            XML.unclear(&entry, foreign).expected,
            "the root element `rsp`",
            "{foreign}"
        );
    }
    entry.at = vec![path("ok")];
    assert!(done(&entry, "<ok/>") && done(&entry, "<rsp/>"));
    assert!(!done(&entry, "<html/>"));
}
