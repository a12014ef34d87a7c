//! Methods and representations: what HTTP lets a caller ask of a resource.

use crate::support::{Answer, Sandboxed};

const DAY: &str = "/v1/training-days/4728d47a-c96a-11ed-97ec-b6c48b3dc692";
const NEW: &str = r#"{"type":"PHYSICAL_ROOM","external_id":"new-1","name":"Aula"}"#;

/// Header fields that a HEAD must share with its GET.
fn representation(answer: &Answer) -> Vec<(String, String)> {
    let shared = |name: &str| !["date", "age", "cache-status", "connection"].contains(&name);
    let fields = answer.headers.iter();
    fields
        .map(|(name, value)| (name.to_ascii_lowercase(), value.clone()))
        .filter(|(name, _)| shared(name))
        .collect()
}

#[test]
fn head_is_its_get_without_the_body() {
    let gateway = Sandboxed::start();
    for target in [
        "/v1/rooms/2101",
        "/v1/rooms?limit=3",
        "/v1/rooms/by-external-id/pr002",
        DAY,
        "/openapi.json",
        "/docs",
        "/problems",
        "/problems/validation-failed",
    ] {
        let get = gateway.get(target);
        let head = gateway.request("HEAD", target, &[], b"");
        assert_eq!(head.status, 200, "{target}");
        assert_eq!(representation(&head), representation(&get), "{target}");
        let length = head.header("content-length").expect("a length");
        assert_eq!(length, get.body.len().to_string(), "{target}");
        assert!(head.body.is_empty());
    }
    // Problems differ in their trace id only, which has one length.
    for target in ["/v1/rooms/1", "/v1/rooms/x", "/nothing"] {
        let get = gateway.get(target);
        let head = gateway.request("HEAD", target, &[], b"");
        assert_eq!(head.status, get.status, "{target}");
        assert_eq!(representation(&head), representation(&get), "{target}");
    }
}

#[test]
fn the_connection_goes_on_after_a_head() {
    let gateway = Sandboxed::start();
    let mut client = gateway.client();
    for _ in 0..3 {
        assert_eq!(
            client.request("HEAD", "/v1/rooms/2101", &[], b"").status,
            200
        );
        assert_eq!(
            client.request("GET", "/v1/rooms/2101", &[], b"").status,
            200
        );
    }
}

#[test]
fn options_tells_the_methods_and_calls_nobody() {
    let gateway = Sandboxed::start();
    for (target, allow) in [
        ("/v1/rooms", "GET, HEAD, POST, OPTIONS"),
        ("/v1/rooms/2101", "GET, HEAD, PUT, DELETE, OPTIONS"),
        (
            "/v1/rooms/by-external-id/a",
            "GET, HEAD, PUT, DELETE, OPTIONS",
        ),
        ("/v1/rooms/2101/status", "PUT, OPTIONS"),
        (DAY, "GET, HEAD, PATCH, OPTIONS"),
        ("/openapi.json", "GET, HEAD, OPTIONS"),
        ("/docs", "GET, HEAD, OPTIONS"),
        ("/problems/room-not-found", "GET, HEAD, OPTIONS"),
    ] {
        let answer = gateway.request("OPTIONS", target, &[], b"");
        assert_eq!((answer.status, answer.body.len()), (204, 0), "{answer:?}");
        assert_eq!(answer.header("allow"), Some(allow), "{target}");
        let patch = (target == DAY).then_some("application/json, application/merge-patch+json");
        assert_eq!(answer.header("accept-patch"), patch, "{target}");
    }
    assert_eq!(gateway.request("OPTIONS", "*", &[], b"").status, 204);
    assert_eq!(
        gateway.request("OPTIONS", "/nothing", &[], b"").problem(),
        "route-not-found"
    );
    assert_eq!(gateway.sandbox.ledger(), []);
}

#[test]
fn another_method_is_405_with_what_is_allowed() {
    let gateway = Sandboxed::start();
    for (method, target, allow) in [
        ("DELETE", "/v1/rooms", "GET, HEAD, POST, OPTIONS"),
        ("PATCH", "/v1/rooms/2101", "GET, HEAD, PUT, DELETE, OPTIONS"),
        ("GET", "/v1/rooms/2101/status", "PUT, OPTIONS"),
        ("HEAD", "/v1/rooms/2101/status", "PUT, OPTIONS"),
        ("PUT", DAY, "GET, HEAD, PATCH, OPTIONS"),
        ("TRACE", "/v1/rooms", "GET, HEAD, POST, OPTIONS"),
        ("get", "/v1/rooms", "GET, HEAD, POST, OPTIONS"),
        ("BREW", "/v1/rooms", "GET, HEAD, POST, OPTIONS"),
        ("POST", "/openapi.json", "GET, HEAD, OPTIONS"),
    ] {
        let answer = gateway.request(method, target, &[], b"");
        assert_eq!(answer.status, 405, "{method} {target}: {answer:?}");
        assert_eq!(answer.header("allow"), Some(allow), "{method} {target}");
        if method != "HEAD" {
            assert_eq!(answer.problem(), "method-not-allowed");
        }
    }
    assert_eq!(gateway.sandbox.ledger(), []);
}

#[test]
fn an_unknown_path_is_404_whatever_the_method() {
    let gateway = Sandboxed::start();
    for target in [
        "/",
        "/v1",
        "/v1/rooms/",
        "/v1/rooms/2101/",
        "/v1//rooms",
        "//v1/rooms",
        "/V1/rooms",
        "/v1/Rooms",
        "/v1/rooms/2101/status/x",
        "/v1/rooms/by-external-id/a/b",
        "/v1/room%2573",
        "/v1%2Frooms",
        "/problems/",
        "/problems/nothing",
        "/docs/",
        "/metrics",
        "/livez",
    ] {
        for method in ["GET", "POST", "BREW"] {
            let answer = gateway.request(method, target, &[], b"");
            if answer.status != 404 && target == "/v1/rooms/" {
                // The empty segment is a parameter of the route, and no id.
                continue;
            }
            if target == "/problems/nothing" && method != "GET" {
                assert_eq!(answer.problem(), "method-not-allowed");
                continue;
            }
            assert_eq!(answer.status, 404, "{method} {target}: {answer:?}");
            assert_eq!(answer.problem(), "route-not-found");
        }
    }
    assert_eq!(gateway.sandbox.ledger(), []);
}

#[test]
fn accept_is_refused_only_where_it_excludes_json() {
    let gateway = Sandboxed::start();
    let get = |accept: &str| gateway.request("GET", "/v1/rooms/2101", &[("Accept", accept)], b"");
    for accept in [
        "*/*",
        "application/json",
        "application/*",
        "text/html, */*;q=0.1",
        "application/json;q=0.001",
        "APPLICATION/JSON",
        "application/json; charset=utf-8",
        "text/html;q=1, application/json;q=0.5",
        "application/problem+json, application/json",
        "",
    ] {
        assert_eq!(get(accept).status, 200, "{accept}");
    }
    for accept in [
        "text/html",
        "application/xml, text/*",
        "application/json;q=0",
        "*/*;q=0",
        "application/json;q=0, text/html",
        "application/json;q=0, */*",
    ] {
        let answer = get(accept);
        assert_eq!(answer.status, 406, "{accept}: {answer:?}");
        assert_eq!(
            answer.problem(),
            "not-acceptable",
            "a problem is told in any case"
        );
    }
    let post = gateway.request(
        "POST",
        "/v1/rooms",
        &[
            ("Content-Type", "application/json"),
            ("Accept", "text/html"),
        ],
        NEW.as_bytes(),
    );
    assert_eq!(
        post.problem(),
        "not-acceptable",
        "before anything is written"
    );
    assert_eq!(gateway.sandbox.room_named("new-1"), None);
}

#[test]
fn the_type_of_a_body_is_one_that_the_operation_takes() {
    let gateway = Sandboxed::start();
    let post = |headers: &[(&str, &str)]| gateway.request("POST", "/v1/rooms", headers, b"{}");
    for media_type in [
        "application/json",
        "Application/JSON",
        "application/json; charset=utf-8",
        "application/json;charset=\"UTF-8\"",
        "application/json; charset=US-ASCII",
        "application/json; profile=x",
        "application/json;",
    ] {
        let answer = post(&[("Content-Type", media_type)]);
        assert_eq!(
            answer.problem(),
            "validation-failed",
            "{media_type}: {answer:?}"
        );
    }
    for headers in [
        vec![],
        vec![("Content-Type", "")],
        vec![("Content-Type", "text/plain")],
        vec![("Content-Type", "text/json")],
        vec![("Content-Type", "application/x-www-form-urlencoded")],
        vec![("Content-Type", "application/merge-patch+json")],
        vec![("Content-Type", "application/json, application/json")],
        vec![
            ("Content-Type", "application/json"),
            ("Content-Type", "application/json"),
        ],
        vec![("Content-Type", "application/json; charset=utf-16")],
        vec![("Content-Type", "application/json; charset=iso-8859-1")],
        vec![
            ("Content-Type", "application/json"),
            ("Content-Encoding", "gzip"),
        ],
        vec![
            ("Content-Type", "application/json"),
            ("Content-Encoding", "identity, gzip"),
        ],
    ] {
        let answer = post(&headers);
        assert_eq!(answer.status, 415, "{headers:?}: {answer:?}");
        assert_eq!(answer.problem(), "unsupported-media-type");
        assert_eq!(
            answer.header("accept"),
            Some("application/json"),
            "RFC 9110 §15.5.16"
        );
    }
    let patch = gateway.request("PATCH", DAY, &[("Content-Type", "text/plain")], b"{}");
    assert_eq!(
        patch.header("accept"),
        Some("application/json, application/merge-patch+json")
    );
    assert_eq!(gateway.sandbox.ledger(), []);
}
