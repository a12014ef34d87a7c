//! Operations that end (RFC 9745, RFC 8594): every answer of theirs says so, and no answer of another.

use serde_json::Value;

use crate::support::{Answer, Gateway, Scripted, Vendor};

const SINCE: &str = "@1793491200";

fn shelf() -> (Vendor, Gateway) {
    let vendor = Vendor::start();
    let mut setup = vendor
        .setup()
        .contract(include_str!("../../contracts/moved-shelf.yaml"));
    setup.settings = vendor.settings(&["shelf"]);
    (vendor, setup.start())
}

fn says_that_it_ends(answer: &Answer) {
    assert_eq!(answer.header("deprecation"), Some(SINCE), "{answer:?}");
    assert_eq!(
        answer.header("sunset"),
        Some("Sat, 01 May 2027 00:00:00 GMT")
    );
    assert_eq!(
        answer.header("link"),
        Some("<https://docs.example/books#v2>; rel=\"deprecation\"")
    );
}

#[test]
fn every_answer_of_a_deprecated_operation_says_so() {
    let (vendor, gateway) = shelf();
    vendor.will(Scripted::json(200, r#"{"id":"7","title":"Follas novas"}"#));
    let first = gateway.get("/v1/books/7");
    assert_eq!(first.status, 200, "{first:?}");
    says_that_it_ends(&first);
    let hit = gateway.get("/v1/books/7");
    assert_eq!(vendor.seen().len(), 1, "it comes from the cache");
    says_that_it_ends(&hit);
    let tag = hit.header("etag").expect("an entity tag").to_owned();
    let same = gateway.request("GET", "/v1/books/7", &[("If-None-Match", &tag)], b"");
    assert_eq!(same.status, 304, "{same:?}");
    says_that_it_ends(&same);

    vendor.will(Scripted::json(404, "{}"));
    let missing = gateway.get("/v1/books/8");
    assert_eq!(missing.problem(), "book-not-found");
    says_that_it_ends(&missing);
    let refused = gateway.get("/v1/books/x");
    assert_eq!(refused.status, 400, "{refused:?}");
    says_that_it_ends(&refused);
}

#[test]
fn what_is_not_said_is_not_sent() {
    let (vendor, gateway) = shelf();
    vendor.will(Scripted::answer(204, &[], ""));
    let deleted = gateway.request("DELETE", "/v1/books/7", &[], b"");
    assert_eq!(deleted.status, 204, "{deleted:?}");
    assert_eq!(deleted.header("deprecation"), Some(SINCE));
    assert_eq!(deleted.header("sunset"), None);
    assert_eq!(deleted.header("link"), None);

    vendor.will(Scripted::json(200, r#"{"id":"7"}"#));
    for answer in [
        gateway.get("/v2/books/7"),
        gateway.get("/v2/books/x"),
        gateway.get("/v1/nothing"),
        gateway.request("OPTIONS", "/v1/books/7", &[], b""),
    ] {
        assert_eq!(answer.header("deprecation"), None, "{answer:?}");
    }
}

#[test]
fn the_served_document_says_so_too() {
    let (_vendor, gateway) = shelf();
    let document = gateway.get("/openapi.json").json();
    let operation = |path: &str, method: &str| document["paths"][path][method].clone();
    assert_eq!(operation("/v1/books/{id}", "get")["deprecated"], true);
    assert_eq!(operation("/v1/books/{id}", "delete")["deprecated"], true);
    let stays = operation("/v2/books/{id}", "get");
    assert!(stays.is_object());
    assert_eq!(stays["deprecated"], Value::Null);
    assert!(!document.to_string().contains("x-deprecation"));
    let page = gateway.get("/docs/plain").text();
    assert_eq!(page.matches("Deprecated.").count(), 2, "{page}");
}
