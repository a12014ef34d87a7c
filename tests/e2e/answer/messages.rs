//! A problem names what it speaks of, and its hint fits the case.

use serde_json::Value;

use crate::support::gateway::CONTRACT;
use crate::support::{Answer, Sandboxed, Scripted, Vendor};

const DAY: &str = "/v1/training-days/4728d47a-c96a-11ed-97ec-b6c48b3dc692";

const SHOP: &str = "
openapi: 3.1.0
info: {title: Shop, version: 1.0.0}
x-vendors:
  shop: {error_code: {json: [/code]}, catalogue: [S1]}
paths:
  /v1/items:
    get:
      operationId: listItems
      parameters: [{name: limit, in: query, required: true, schema: {type: integer, minimum: 1}}]
      responses: {'200': {description: Items, content: {application/json: {schema: {$ref: '#/components/schemas/Items'}}}}}
      x-upstream:
        upstream: shop
        method: GET
        path: /items
        query: {size: {from: query, name: limit}}
        response: {encoding: json, success: [{status: [200], body: required, value: [{from: body}], emit: {status: 200}}]}
        errors: {codes: {S1: validation-failed}}
components:
  schemas:
    Items: {type: object, properties: {first: {type: string}}}
";

fn hint(answer: &Answer) -> String {
    let hint = answer.json()["hint"].as_str().map(str::to_owned);
    hint.expect("a problem has a hint")
}

#[test]
fn what_will_be_the_same_tomorrow_is_not_to_be_tried_again() {
    let vendor = Vendor::start();
    // The list has a row for 416 only. A gateway each, so that no failure counts for the next.
    let list = |status| {
        vendor.always(Scripted::json(status, "{}"));
        vendor.setup().start().get("/v1/rooms")
    };
    for status in [402, 404, 405, 410, 451, 501, 505] {
        let answer = list(status);
        assert_eq!(answer.problem(), "upstream-error", "{status}");
        let hint = hint(&answer);
        assert!(hint.contains("Repeating does not help"), "{status}: {hint}");
    }
    for status in [408, 425, 500, 502, 503, 504, 520] {
        let answer = list(status);
        assert_eq!(answer.problem(), "upstream-error", "{status}");
        assert!(
            hint(&answer).contains("Try again later"),
            "{status}: {answer:?}"
        );
    }
}

#[test]
fn words_of_a_vendor_are_promised_only_where_there_are_some() {
    let vendor = Vendor::start();
    let gateway = vendor.setup().start();
    vendor.always(Scripted::json(400, "{}"));
    let silent = gateway.get("/v1/rooms/2101");
    assert_eq!(silent.problem(), "validation-failed");
    assert!(hint(&silent).contains("neither"), "{silent:?}");
    vendor.always(Scripted::json(400, r#"{"message": "no"}"#));
    let told = gateway.get("/v1/rooms/2102");
    assert_eq!(told.json()["upstream"]["message"], "no");
    assert!(hint(&told).contains("its own words"), "{told:?}");
}

#[test]
fn a_hint_that_speaks_of_retry_after_comes_with_it() {
    let vendor = Vendor::start();
    let rows = "statuses: {'416': validation-failed, '409': upstream-unavailable, '503': upstream-unavailable, '413': content-too-large}";
    let contract = CONTRACT.replacen("statuses: {'416': validation-failed}", rows, 1);
    let list = |status, given: Option<&str>| {
        let json = ("Content-Type", "application/json");
        let wait = given.map(|given| ("Retry-After", given));
        let headers: Vec<(&str, &str)> = wait.into_iter().chain([json]).collect();
        vendor.always(Scripted::answer(status, &headers, "{}"));
        let setup = vendor.setup().contract(contract.as_str());
        setup.start().get("/v1/rooms")
    };
    for (status, given, told) in [(409, None, "1"), (503, None, "1"), (503, Some("7"), "7")] {
        let answer = list(status, given);
        assert_eq!(answer.problem(), "upstream-unavailable", "{answer:?}");
        assert_eq!(
            answer.header("retry-after"),
            Some(told),
            "{status} {given:?}"
        );
    }
    let answer = list(413, None);
    assert_eq!(answer.problem(), "content-too-large");
    assert!(!hint(&answer).contains("names the limit"), "{answer:?}");
}

#[test]
fn every_detail_names_its_subject() {
    let gateway = Sandboxed::start();
    let room = |member: &str| {
        let body = format!(r#"{{"type":"PHYSICAL_ROOM","external_id":"a","name":"b",{member}}}"#);
        gateway.send_json("POST", "/v1/rooms", &body)
    };
    let day = |body: &str| gateway.send_json("PATCH", DAY, body);
    let upsert = r#"{"type":"PHYSICAL_ROOM","external_id":"other","name":"b"}"#;
    let target = "/v1/rooms/by-external-id/mine";
    for (answer, subject) in [
        (room(r#""city":"a\u0007""#), "`city`"),
        (room(r#""city":"\ud800""#), "`city`"),
        (room(r#""capacity":1e400"#), "`capacity`"),
        (room(r#""capacity":-1"#), "`capacity`"),
        (room(r#""capacity":null"#), "`capacity`"),
        (room(r#""city":[["#), "the body"),
        (room(r#""city":[1]"#), "`city`"),
        (room(r#""name":"c""#), "`name`"),
        (day(r#"{"url":"https://a.b/￾"}"#), "/url"),
        (
            day(&format!("{}1{}", "[".repeat(65), "]".repeat(65))),
            "the body",
        ),
        (day(r#""\u0000""#), "the body"),
        (gateway.send_json("PUT", target, upsert), "`external_id`"),
        (gateway.get("/v1/rooms?limit=%zz"), "`limit`"),
        (gateway.get("/v1/rooms?a%0Ab=1"), "`a\\nb`"),
    ] {
        assert_eq!(answer.status, 400, "{answer:?}");
        let body = answer.json();
        let told = body["errors"].as_array().into_iter().flatten();
        for told in told.chain([&body]) {
            let detail = told["detail"].as_str().unwrap_or_default();
            assert!(detail.contains(subject), "no {subject}: {body}");
        }
    }
}

#[test]
fn one_cause_has_one_message() {
    let vendor = Vendor::start();
    let mut setup = vendor.setup().contract(SHOP);
    setup.settings = vendor.settings(&["shop"]);
    let gateway = setup.start();
    for (query, code) in [
        ("", "required"),
        ("limit=%zz", "bad-encoding"),
        ("limit=%zz&limit=%zz", "bad-encoding"),
        ("limit=1&limit=%zz", "bad-encoding"),
        ("limit=1&limit=2", "type"),
        ("limit=x", "type"),
    ] {
        let answer = gateway.get(&format!("/v1/items?{query}"));
        let told = ("limit".to_owned(), code.to_owned());
        assert_eq!(answer.errors(), [told], "{query}: {answer:?}");
    }
    assert_eq!(vendor.seen().len(), 0);
}

#[test]
fn a_type_that_leads_nowhere_says_where_the_problems_are() {
    let gateway = Sandboxed::start();
    let answer = gateway.get("/problems/nothing");
    assert_eq!(answer.problem(), "route-not-found");
    let Value::String(hint) = &answer.json()["hint"] else {
        panic!("a hint");
    };
    assert!(hint.contains("/problems"), "{hint}");
}
