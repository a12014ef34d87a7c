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
        .contract(include_str!("../contracts/depot.yaml"));
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
