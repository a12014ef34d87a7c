//! Writes of a vendor that the product never heard of, by contract alone: their answers where only a
//! look-up brings them, and their errors.

use serde_json::json;

use crate::support::{Answer, Gateway, Scripted, Vendor};

const CRATE: &str = "/v1/crates/5";
const BODY: &str = r#"{"title":"Tea","keeper":{"name":"Ana"}}"#;

fn depot() -> (Vendor, Gateway) {
    let vendor = Vendor::start();
    let mut setup = vendor
        .setup()
        .contract(include_str!("../../contracts/depot.yaml"));
    setup.settings = vendor.settings(&["depot"]);
    let gateway = setup.start();
    (vendor, gateway)
}

fn replace(gateway: &Gateway) -> Answer {
    gateway.send_json("PUT", CRATE, BODY)
}

#[test]
fn an_answer_that_a_look_up_brings_is_the_answer_that_was_promised() {
    let (vendor, gateway) = depot();
    vendor.will(Scripted::json(200, r#"{"title":"Tea","weight":7}"#));
    let plain = replace(&gateway);
    assert_eq!(plain.status, 200, "{plain:?}");
    let expected = json!({
        "number": 5, "place": {"number": 5}, "labels": [], "keeper": "Ana", "title": "Tea", "weight": 7,
    });
    assert_eq!(plain.json(), expected);

    vendor.will(Scripted::Close(Vec::new()));
    vendor.will(Scripted::json(
        200,
        r#"{"number":5,"title":"Tea","weight":"7"}"#,
    ));
    let looked_up = replace(&gateway);
    assert_eq!(looked_up.status, 200, "{looked_up:?}");
    assert_eq!(looked_up.json(), expected, "in the types of its own schema");
    let calls: Vec<_> = vendor.seen().into_iter().map(|seen| seen.method).collect();
    assert_eq!(calls, ["PUT", "PUT", "GET"]);
}

#[test]
fn a_code_that_leaves_the_outcome_open_does_so_under_any_error_status() {
    let (vendor, gateway) = depot();
    for status in [409, 500] {
        vendor.will(Scripted::json(status, r#"{"code":"DEP410"}"#));
        let answer = replace(&gateway);
        assert_eq!(answer.problem(), "crate-half-moved", "{answer:?}");
        assert_eq!(answer.json()["outcome"], "unknown");
        assert_eq!(answer.json()["upstream"]["code"], "DEP410");
    }
    // A code that speaks of a refusal proves nothing in a 500; the look-up does.
    vendor.will(Scripted::json(500, r#"{"code":"DEP409"}"#));
    vendor.will(Scripted::json(200, r#"{"number":5,"title":"Coffee"}"#));
    let answer = replace(&gateway);
    assert_eq!(answer.json()["outcome"], "not-done", "{answer:?}");
    vendor.will(Scripted::json(500, r#"{"code":"DEP409"}"#));
    vendor.will(Scripted::json(200, r#"{"number":5,"title":"Tea"}"#));
    assert_eq!(replace(&gateway).status, 200);
}

#[test]
fn no_such_first_page_is_the_callers_mistake_without_a_row_for_it() {
    let (vendor, gateway) = depot();
    vendor.will(Scripted::answer(416, &[], ""));
    let answer = gateway.get("/v1/crates?limit=5");
    assert_eq!(answer.status, 400, "{answer:?}");
    assert_eq!(answer.problem(), "validation-failed");
    assert_eq!(answer.json()["upstream"]["status"], 416);
}

#[test]
fn a_vendor_that_fails_proves_no_absence_and_a_401_is_about_us() {
    let vendor = Vendor::start();
    let gateway = vendor.setup().start();
    let gone = Scripted::answer(503, &[("Content-Type", "text/plain")], "ERR004");
    vendor.will(Scripted::Close(Vec::new()));
    vendor.always(gone);
    let answer = gateway.request("DELETE", "/v1/rooms/5", &[], b"");
    assert_eq!(answer.problem(), "write-outcome-unknown", "{answer:?}");

    let gateway = vendor.setup().start();
    for (status, code) in [
        (401, "upstream-credentials-rejected"),
        (429, "upstream-unavailable"),
    ] {
        vendor.always(Scripted::json(status, r#"{"code":"ERR005"}"#));
        let body = r#"{"type":"PHYSICAL_ROOM","name":"Aula"}"#;
        let before = vendor.seen().len();
        let answer = gateway.send_json("PUT", "/v1/rooms/by-external-id/neu", body);
        assert_eq!(answer.problem(), code, "{answer:?}");
        assert_eq!(vendor.seen().len(), before + 1, "no create follows");
    }
}

#[test]
fn what_set_brings_must_be_what_the_field_may_hold() {
    let vendor = Vendor::start();
    let text = include_str!("../../contracts/depot.yaml")
        .replace(
            "        request: {encoding: json}\n",
            "        request: {encoding: json, set: {/grade: {from: query}, /number: {from: path}}}\n",
        )
        .replace(
            "    put:\n",
            "    put:\n      parameters: [{name: grade, in: query, schema: {type: integer}}]\n",
        )
        .replace(
            "        title: {type: string}\n        keeper: {type: object",
            "        title: {type: string}\n        grade: {type: integer, minimum: 5}\n        number: {type: integer, maximum: 100}\n        keeper: {type: object",
        );
    let mut setup = vendor.setup().contract(text);
    setup.settings = vendor.settings(&["depot"]);
    let gateway = setup.start();
    vendor.always(Scripted::json(200, "{}"));
    assert_eq!(
        gateway
            .send_json("PUT", "/v1/crates/5?grade=6", BODY)
            .status,
        200
    );
    let sent: serde_json::Value = serde_json::from_str(&vendor.seen()[0].text()).expect("JSON");
    assert_eq!((&sent["grade"], &sent["number"]), (&json!(6), &json!(5)));
    let wrong = gateway.send_json("PUT", "/v1/crates/101?grade=1", BODY);
    assert_eq!(wrong.problem(), "validation-failed", "{wrong:?}");
    let errors = wrong.errors();
    assert!(
        errors.contains(&("grade".to_owned(), "minimum".to_owned())),
        "{errors:?}"
    );
    assert!(
        errors.contains(&("number".to_owned(), "maximum".to_owned())),
        "{errors:?}"
    );
    assert_eq!(vendor.seen().len(), 1, "nothing reached the vendor");
}
