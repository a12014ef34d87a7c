//! What a body must be: everything that is wrong with one is told at once, and no vendor hears of it.

use serde_json::{Value, json};

use crate::support::Sandboxed;

const DAY: &str = "4728d47a-c96a-11ed-97ec-b6c48b3dc692";

#[test]
fn a_body_is_refused_with_all_that_is_wrong_at_once() {
    let gateway = Sandboxed::plain();
    let body = r#"{"type":"ROOM","external_id":"a/b","name":"","capacity":-1,"adress":"x","telephone":null,"city":7,"contact_email":""}"#;
    let answer = gateway.send_json("POST", "/v1/rooms", body);
    assert_eq!(answer.status, 400);
    let mut errors = answer.errors();
    errors.sort();
    let expected = [
        ("/adress", "unknown-field"),
        ("/capacity", "minimum"),
        ("/city", "type"),
        ("/contact_email", "email-like"),
        ("/external_id", "identifier"),
        ("/name", "min-length"),
        ("/telephone", "null-not-allowed"),
        ("/type", "enum"),
    ];
    let expected: Vec<(String, String)> = expected
        .iter()
        .map(|(place, code)| ((*place).to_owned(), (*code).to_owned()))
        .collect();
    assert_eq!(errors, expected);
    let answer = answer.json().to_string();
    assert!(answer.contains("did you mean `address`"), "{answer}");
    let empty = gateway.send_json("POST", "/v1/rooms", "{}");
    assert_eq!(empty.errors().len(), 3, "{empty:?}");
    let email = gateway.send_json(
        "POST",
        "/v1/rooms",
        r#"{"type":"PHYSICAL_ROOM","external_id":"a","name":"b","contact_email":"a@b"}"#,
    );
    assert_eq!(
        email.errors(),
        [("/contact_email".to_owned(), "not-allowed-when".to_owned())]
    );
    assert_eq!(gateway.sandbox.ledger(), []);
}

#[test]
fn at_most_a_hundred_violations_are_listed_and_the_rest_counted() {
    let gateway = Sandboxed::plain();
    let mut body = serde_json::Map::new();
    for index in 0..150 {
        body.insert(format!("field{index}"), json!(1));
    }
    let answer = gateway.send_json("POST", "/v1/rooms", &Value::Object(body).to_string());
    assert_eq!(answer.errors().len(), 100);
    assert_eq!(
        answer.json()["more_errors"],
        53,
        "150 unknown and 3 missing"
    );
}

#[test]
fn a_number_becomes_the_canonical_integer_or_is_refused() {
    let gateway = Sandboxed::plain();
    for (sent, stored) in [
        ("0", 0),
        ("7", 7),
        ("1.0", 1),
        ("1e2", 100),
        ("2147483647", i32::MAX),
    ] {
        let body = format!(r#"{{"external_id":"pr002","name":"Aula","capacity":{sent}}}"#);
        let answer = gateway.send_json("PUT", "/v1/rooms/2101", &body);
        assert_eq!(answer.status, 204, "{sent}: {answer:?}");
        assert_eq!(
            gateway.sandbox.room(2101).expect("there").capacity,
            Some(stored),
            "{sent}"
        );
    }
    gateway.sandbox.clear_ledger();
    for bad in [
        "2147483648",
        "-1",
        "1.5",
        "1e400",
        "9007199254740993",
        "123456789012345678901234567890",
        "\"7\"",
        "true",
    ] {
        let body = format!(r#"{{"external_id":"pr002","name":"Aula","capacity":{bad}}}"#);
        let answer = gateway.send_json("PUT", "/v1/rooms/2101", &body);
        assert_eq!(answer.status, 400, "{bad}: {answer:?}");
        assert_eq!(answer.errors()[0].0, "/capacity", "{bad}");
    }
    assert_eq!(gateway.sandbox.ledger(), []);
}

#[test]
fn an_absent_field_is_not_sent_and_an_empty_one_is_sent_empty() {
    let gateway = Sandboxed::plain();
    let body = r#"{"external_id":"pr002","name":"Aula","city":"","address":""}"#;
    assert_eq!(gateway.send_json("PUT", "/v1/rooms/2101", body).status, 204);
    let sent = gateway.sandbox.ledger().pop().expect("a call");
    let pairs: Vec<(String, String)> = form_urlencoded::parse(&sent.body).into_owned().collect();
    let expected = [
        ("external_id", "pr002"),
        ("name", "Aula"),
        ("address", ""),
        ("city", ""),
    ];
    let expected: Vec<(String, String)> = expected
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    assert_eq!(pairs, expected, "in the order of the schema");
    assert_eq!(gateway.get("/v1/rooms/2101").json()["city"], "");
}

#[test]
fn what_is_not_json_is_told_from_what_breaks_a_rule() {
    let gateway = Sandboxed::plain();
    let deep = format!("{}{}", "[".repeat(100), "]".repeat(100));
    for body in [
        "",
        "{",
        "nope",
        "{\"a\":1,}",
        "{\"name\":\"a\",\"n\\u0061me\":\"b\"}",
        "\u{feff}{}",
        &deep,
        "{} {}",
    ] {
        let answer = gateway.send_json("POST", "/v1/rooms", body);
        assert_eq!(answer.status, 400, "{body}: {answer:?}");
        assert_eq!(answer.problem(), "malformed-json");
    }
    let answer = gateway.request(
        "POST",
        "/v1/rooms",
        &[("Content-Type", "application/json")],
        b"{\"name\":\"\xff\"}",
    );
    assert_eq!(answer.problem(), "malformed-json");
    for (body, code) in [
        (r#"{"name":"\ud800"}"#, "lone-surrogate"),
        (r#"{"name":"a\u0000"}"#, "control-character"),
        (r#"{"name":"a\u001b[31m"}"#, "control-character"),
    ] {
        let answer = gateway.send_json("POST", "/v1/rooms", body);
        assert_eq!(answer.problem(), "validation-failed");
        assert!(
            answer
                .errors()
                .contains(&("/name".to_owned(), code.to_owned())),
            "{body}: {answer:?}"
        );
    }
    for (body, code) in [("[]", "type"), ("null", "null-not-allowed"), ("7", "type")] {
        let answer = gateway.send_json("POST", "/v1/rooms", body);
        assert_eq!(
            answer.errors(),
            [(String::new(), code.to_owned())],
            "{body}: {answer:?}"
        );
    }
    assert_eq!(gateway.sandbox.ledger(), []);
}

#[test]
fn a_training_day_takes_nothing_but_a_link() {
    let gateway = Sandboxed::plain();
    let target = format!("/v1/training-days/{DAY}");
    let long = format!(r#"{{"url":"https://a.example/{}"}}"#, "a".repeat(2048));
    for (body, place, code) in [
        (r#"{}"#, "/url", "required"),
        (r#"{"url":null}"#, "/url", "null-not-allowed"),
        (r#"{"url":""}"#, "/url", "http-url"),
        (r#"{"url":"ftp://a.example"}"#, "/url", "http-url"),
        (r#"{"url":"//a.example"}"#, "/url", "http-url"),
        (r#"{"url":"javascript:alert(1)"}"#, "/url", "http-url"),
        (
            r#"{"url":"https://a.example","location":"x"}"#,
            "/location",
            "read-only",
        ),
        (
            r#"{"url":"https://a.example","colour":"x"}"#,
            "/colour",
            "unknown-field",
        ),
        (&long, "/url", "max-length"),
    ] {
        let answer = gateway.send_json("PATCH", &target, body);
        assert_eq!(answer.status, 400, "{body}: {answer:?}");
        assert_eq!(
            answer.errors(),
            [(place.to_owned(), code.to_owned())],
            "{body}"
        );
        assert_eq!(answer.json()["outcome"], "not-done");
    }
    assert_eq!(gateway.sandbox.ledger(), []);
}
